"""What happens at a desk in most scenarios: a customer wrote, agents are linked; and what came of it."""

from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

from inbox.domain.messages import Direction
from inbox.site import catalogues
from inbox.store import people
from inbox.text.wording import load
from inbox.web.agents.timeline import Teller
from tests.path.conftest import Desks
from tests.path.desk_house import DeskHouse

SECONDS = timedelta(seconds=15)


async def written(desks: Desks, kind: str = "telegram", desk: str = "chat = -500") -> tuple[DeskHouse, int]:
    """A customer has written, and Sara and Reza are linked; the topic that it stands in (0: none)."""
    at = await desks(kind, desk)
    at.links("sara", "reza", kind=kind)
    await at.house.customer("lena@x", "Lena").writes("The site is down", subject="Down")
    await at.settle()
    return at, next(iter(at.topics), 0)


def mails(at: DeskHouse) -> list[str]:
    """What Lena got from people."""
    return [mail["text"] for mail in at.house.customer("lena@x").mails if mail["automatic"] is None]


def notes(at: DeskHouse) -> list[str]:
    return [one.text for one in at.house.said(at.house.only()) if one.direction is Direction.NOTE]


def told(at: DeskHouse, who: str) -> str:
    """What the timeline of the page tells of somebody."""
    say = partial(load(catalogues()).say, "en")
    teller = Teller(say, "en", ZoneInfo("UTC"), at.house.store.read_now(people.roster))
    mine = [line for line in teller.told(at.house.log(at.house.only())) if line.who == who]
    return "\n".join(f"{line.words} · {say(f'via.{line.via}')}" if line.via else line.words for line in mine)


async def later(at: DeskHouse) -> None:
    """After the moment in which an answer can be taken back."""
    at.house.clock.advance(SECONDS)
    await at.settle()
