"""Two agents, each on the pages, in their mail program or at the desk: nobody answers blindly over the other."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from inbox.actions.action import Surface
from inbox.domain.attention import Kind, Likes, Place
from inbox.pipeline.reply import Stale
from inbox.store import preferences
from tests.path.conftest import Desks
from tests.path.desk_house import PEOPLE, DeskHouse
from tests.path.house import Colleague

SURFACES = ("web", "mail", "bot")
SECONDS = timedelta(seconds=15)


class Two:
    """Sara and Reza have both read what Lena wrote, wherever they read."""

    def __init__(self, at: DeskHouse) -> None:
        self.at = at
        self.house = at.house
        self.version = 0
        self.letters: dict[str, dict[str, Any]] = {}

    async def read(self) -> None:
        """What was said is before them everywhere."""
        self.at.links("sara", "reza")
        by_mail = Likes(notices={kind: frozenset({Place.PAGE, Place.MAIL}) for kind in Kind})
        lena = self.house.customer("lena@x", "Lena")
        await lena.writes("Where is it?", subject="Order 17")
        for handle in ("sara", "reza"):
            self.house.store.write_now(preferences.put, self.house.agent(handle).who.id, by_mail)
            await self.house.agent(handle).does(self.house.only(), "watch")
        await lena.answers("Hello?")
        await self.at.settle()
        self.house.clock.advance(timedelta(minutes=5))
        await self.at.settle()
        self.version = self.house.only().version
        self.letters = {handle: self.house.mails_to(f"{handle}@acme")[-1] for handle in ("sara", "reza")}

    def says(self, handle: str, surface: str) -> None:
        """They answer; nothing is worked off yet. Raises Stale on the pages."""
        text = f"By {handle}"
        if surface == "web":
            Colleague(self.house, handle, Surface.WEB).acts(self.house.only(), "reply", text=text, seen=self.version)
        elif surface == "mail":
            letter = self.letters[handle]
            more: dict[str, Any] = {"tokens": [letter["reply_token"]], "references": [letter["key"]], "language": "en"}
            proved = {**more, "authentication": "pass", "subject": f"Re: {letter['subject']}"}
            self.house.network.write(f"{handle}@acme", "support@acme", text, **proved)
        else:
            ((topic, _),) = self.at.topics.items()
            self.at.answers(text, to="Hello?", topic=topic, person=PEOPLE[handle])

    def answers(self) -> list[str]:
        """What Lena got from people."""
        mails = self.house.mails_to("lena@x")
        return [mail["text"].splitlines()[0] for mail in mails if mail["automatic"] is None]


@pytest.mark.parametrize(("first", "second"), list(product(SURFACES, SURFACES)))
async def test_whoever_comes_second_is_asked(desks: Desks, first: str, second: str) -> None:
    two = Two(await desks(channel='first_sync = "new"\nverdicts = true'))
    await two.read()
    two.says("sara", first)
    if first == "mail":  # it is fetched before anybody can have read it
        await two.house.settle()
    if second == "web" and first == "bot":
        await two.at.settle()
    if second == "web":
        with pytest.raises(Stale):
            two.says("reza", "web")
    else:
        two.says("reza", second)
    await two.at.settle()
    two.house.clock.advance(SECONDS)
    await two.at.settle()
    assert two.answers() == ["By sara"]
    if second == "bot":
        assert any(text.startswith("⚠️ Sara") for topic in two.at.topics for text in two.at.texts(topic))
    if second == "mail":
        assert "By reza" in two.house.mails_to("reza@acme")[-1]["text"], "the words come back"
