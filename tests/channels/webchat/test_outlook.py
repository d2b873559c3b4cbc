"""Hours and the honest time in words, whatever is known of them; and how often the house is asked for them."""

import asyncio
from datetime import timedelta

import pytest

from channels.webchat import shown
from channels.webchat.options import WebchatOptions
from channels.webchat.shown import Outlooks
from channels.webchat.words import PLACES, PLAIN, words
from inbox.ports.face import Outlook
from inbox.testing.clock import DEFAULT_START
from tests.channels.webchat.ground import WebchatGround

OPENS, BY = DEFAULT_START, DEFAULT_START + timedelta(hours=3)


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("by", [None, BY])
@pytest.mark.parametrize("opens", [None, OPENS])
@pytest.mark.parametrize("open_now", [True, False])
def test_every_outlook_has_a_sentence_with_its_times(
    ground: WebchatGround, open_now: bool, opens: object, by: object, language: str
) -> None:
    outlook = Outlook(open_now, OPENS if opens else None, BY if by else None)
    said = shown.sentence(ground.front, outlook, language)
    assert (ground.front.moment(BY, language) in said) == bool(by)
    assert (ground.front.moment(OPENS, language) in said) == (bool(opens) and not open_now)


async def test_however_many_want_to_know_the_house_is_asked_once(
    ground: WebchatGround, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0
    outlook = ground.front.outlook

    async def slow() -> Outlook:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0)
        return await outlook()

    monkeypatch.setattr(ground.front, "outlook", slow)
    outlooks = Outlooks(ground.front, 60)
    found = await asyncio.gather(*(outlooks.now() for _ in range(100)))
    assert (asked, len(set(found))) == (1, 1)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_word_of_the_widget_is_in_both_catalogues(ground: WebchatGround, language: str) -> None:
    said = words(ground.front, WebchatOptions(file_bytes=2_500_000), language)
    assert set(said) == {*PLAIN, *PLACES, "limits"}
    assert all(f"{{{place}}}" in said[name] for name, place in PLACES.items())
    assert ("2.5" if language == "en" else "۲٫۵") in said["limits"]
