"""Hours and the honest time in words, whatever is known of them; and how often the house is asked for them."""

import asyncio
import re
from datetime import timedelta

import pytest

from channels.webchat import shown
from channels.webchat.assets import STATIC, WIDGET
from channels.webchat.script import FIRST, PARTS
from channels.webchat.shown import Outlooks
from channels.webchat.words import NAMES, PREFIX, words
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
def test_every_word_that_the_widget_names_is_told_and_no_other(ground: WebchatGround, language: str) -> None:
    parts = "".join((STATIC / WIDGET / f"{part}.js").read_text("utf-8") for part in PARTS)
    named = set(re.findall(r"\bwords\.(\w+)", parts)) | {"sending", "sent", "waiting"}  # the states of a draft
    assert set(words(ground.front, language)) == set(NAMES) == named


@pytest.mark.parametrize("name", [*NAMES, *FIRST])
def test_the_places_in_a_word_are_those_that_the_widget_fills(ground: WebchatGround, name: str) -> None:
    places = [set(re.findall(r"{\w+}", ground.front.say(language, PREFIX + name))) for language in ("en", "fa")]
    assert places[0] == places[1] <= {"{name}", "{files}", "{size}", "{address}", "{n}"}


def test_every_part_of_the_widget_is_in_its_script() -> None:
    assert {f"{part}.js" for part in PARTS} == {path.name for path in (STATIC / WIDGET).glob("*.js")}
