"""What concerns an agent is told them without a rule: on the page, and by mail where they like that and are there to read it."""

from datetime import time, timedelta

from inbox.domain.attention import USUAL, Kind, Likes, Place, Quiet
from inbox.domain.conversations import Conversation
from inbox.domain.messages import Direction
from inbox.domain.scope import Scope
from inbox.store import notifications, preferences
from tests.path.conftest import Houses
from tests.path.house import House

MAIL = frozenset({Place.PAGE, Place.MAIL})
ALWAYS = Likes(notices=dict.fromkeys(Kind, MAIL))
LONG = timedelta(minutes=4)


async def opened(houses: Houses) -> House:
    house = houses(rules={"10-a.toml": '[[rule]]\nname = "welcome"\nthen.policy = "standard"\n'})
    await house.settle()
    await house.customer("lena@x", "Lena").writes("The site is down")
    return house


def told(house: House, handle: str) -> list[str]:
    """What happened, the newest first."""
    scope = Scope.of_agent(house.agent(handle).who.id)
    return [one.kind for one in house.store.read_now(notifications.listing, scope, 50)]


def likes(house: House, handle: str, chosen: Likes) -> None:
    house.store.write_now(preferences.put, house.agent(handle).who.id, chosen)


def letters(house: House, address: str) -> list[str]:
    """The subjects of the mails that went to an address."""
    return [mail["subject"] for mail in house.customer(address).mails]


async def later(house: House, by: timedelta = LONG) -> Conversation:
    house.clock.advance(by)
    await house.settle()
    return house.only()


async def test_who_is_given_a_conversation_is_told_and_who_takes_it_is_not(houses: Houses) -> None:
    house = await opened(houses)
    await house.agent("sara").does(house.only(), "assign", to="reza")
    assert (told(house, "reza"), told(house, "sara")) == (["assigned"], [])
    await house.agent("sara").does(house.only(), "take")
    assert told(house, "sara") == []


async def test_the_one_who_has_it_is_told_that_the_customer_wrote(houses: Houses) -> None:
    house = await opened(houses)
    await house.agent("reza").does(house.only(), "take")
    await house.agent("reza").replies(house.only(), "We look into it.")
    await house.customer("lena@x").answers("Still down")
    assert told(house, "reza")[:1] == ["message-received"]
    assert told(house, "sara") == []


async def test_a_note_tells_whom_it_names_and_not_its_author(houses: Houses) -> None:
    house = await opened(houses)
    await house.agent("sara").does(house.only(), "note", text="@Reza and @sara: call lena@mina.example, @nobody")
    assert (told(house, "reza"), told(house, "sara"), told(house, "mina")) == (["mentioned"], [], [])


async def test_what_is_read_on_the_page_is_not_mailed_and_what_is_not_is_mailed_once(houses: Houses) -> None:
    house = await opened(houses)
    likes(house, "reza", ALWAYS)
    matter, reza = house.only(), house.agent("reza").who.id
    await house.agent("sara").does(matter, "assign", to="reza")
    house.store.write_now(notifications.seen, reza, matter.id, house.clock.now())
    await later(house)
    assert letters(house, "reza@acme") == []
    await house.agent("sara").does(matter, "note", text="@reza")
    await house.agent("sara").does(matter, "note", text="@reza, again")
    await later(house)
    assert len(letters(house, "reza@acme")) == 1
    assert matter.reference in letters(house, "reza@acme")[0]
    await later(house)
    assert len(letters(house, "reza@acme")) == 1
    ours = [one for one in house.said(matter) if one.purpose == "among-us"]
    assert {one.direction for one in ours} == {Direction.NOTE}, "no customer is ever shown it"


async def test_quiet_hours_and_absence_put_mail_off(houses: Houses) -> None:
    house = await opened(houses)
    noon = Quiet(time(12), time(14), frozenset(range(7)), "Asia/Tehran")
    likes(house, "reza", Likes(notices=dict.fromkeys(Kind, MAIL), quiet=noon))
    likes(house, "mina", ALWAYS)
    await house.agent("sara").does(house.only(), "note", text="@reza @mina")
    await later(house)
    assert letters(house, "reza@acme") == letters(house, "mina@acme") == []
    await later(house, timedelta(hours=2))
    assert len(letters(house, "reza@acme")) == 1
    assert letters(house, "mina@acme") == [], "she works on Mondays only"
    await later(house, timedelta(days=1, hours=20))
    assert len(letters(house, "mina@acme")) == 1


async def test_who_wants_nothing_is_told_nothing_and_mail_alone_is_no_number_on_the_page(houses: Houses) -> None:
    house = await opened(houses)
    likes(house, "reza", Likes(notices={**USUAL, Kind.MENTIONED: frozenset()}))
    likes(house, "mina", Likes(notices={**USUAL, Kind.MENTIONED: frozenset({Place.MAIL})}))
    await house.agent("sara").does(house.only(), "note", text="@reza @mina")
    assert told(house, "reza") == []
    assert house.store.read_now(notifications.unread, Scope.of_agent(house.agent("mina").who.id)) == 0
