"""Customers say where they want to be answered; answers follow it, and what cannot reach them goes on as before."""

import json

import pytest

from inbox.domain.ids import ChannelName
from inbox.domain.people import Contact, Identity
from inbox.pipeline import entrance, wanted
from inbox.pipeline.wanted import PORTAL
from inbox.store import answering, people, sights
from inbox.store import tables as t
from inbox.store.unit import Unit
from inbox.store.visiting import Customer
from tests.path.conftest import Houses
from tests.path.house import House
from tests.path.talking import CHANNELS, chats, default, proves, ways, who

PAGES = """
[channel.portal]
kind = "pages"
address = "portal"
subject = false
live = true
portal = true
verdicts = true
resend_safe = true
first_sync = "new"
continues_on = "support"
"""
LENA = "memory:lena@x"


@pytest.fixture
async def house(houses: Houses) -> House:
    """Mail, a bot and a portal; Lena wrote to the bot and proved her mail address, and has come in by that."""
    opened = houses(more=CHANNELS.partition("[channel.pages]")[0] + PAGES)
    await opened.settle()
    await chats(opened, "777", "Where is my order?")
    await proves(opened, "777", "lena@x")
    portal = opened.playbook().channels[ChannelName("portal")]

    def comes_in(unit: Unit) -> None:
        customer = Customer(*known_in(unit, "memory", "lena@x"))
        entrance.settle(unit, customer, portal, opened.playbook(), opened.clock.now())

    opened.store.write_now(comes_in)
    return opened


def known_in(unit: Unit, kind: str, address: str) -> tuple[Contact, Identity]:
    found = people.known(unit, kind, address)
    assert found is not None
    return found


def wants(house: House, kind: str = "", address: str = "") -> bool:
    """Lena chooses one of her addresses, the portal, or nothing."""
    book = house.playbook()
    contact = who(house, "memory", "lena@x")[0].id
    word = str(who(house, kind, address)[1].id) if address else kind
    chosen = (contact, word, book.channels[ChannelName("portal")], book, house.clock.now())
    return house.store.write_now(wanted.choose, *chosen)


async def asks_on_the_portal(house: House, text: str = "One more thing") -> None:
    await house.customer(LENA).writes(text, to="portal", thread="new 1", authentication="pass")


async def reaches(house: House, *, reachable: bool) -> None:
    """The bot's network says whether she lets it in."""
    said = {
        "kind": "reachability",
        "key": f"r{reachable}",
        "address": "777",
        "reachable": reachable,
        "reason": "blocked",
    }
    house.network.offer("desk", json.dumps(said).encode())
    await house.settle()


def went(house: House) -> list[tuple[str, str]]:
    """Where the answers of agents went: channel and address."""
    return [(d.channel, d.part.lane) for d in house.deliveries("reply")]


# -- answers follow it -------------------------------------------------------------------------------------------------
async def test_who_writes_to_the_bot_is_answered_by_mail_as_they_want(house: House) -> None:
    matter = house.conversations()[0]
    assert default(house, matter) == "chat:777"
    assert wants(house, "memory", "lena@x")
    assert default(house, matter) == LENA
    await house.agent("reza").replies(matter, "Tomorrow.")
    assert went(house) == [("support", "lena@x")]
    assert wants(house)
    assert default(house, matter) == "chat:777"


async def test_who_writes_mail_is_answered_in_the_chat_as_they_want(house: House) -> None:
    assert wants(house, "chat", "777")
    await house.customer("lena@x").writes("By mail now", subject="Mail")
    matter = house.conversations()[-1]
    assert default(house, matter) == "chat:777"
    await house.agent("reza").replies(matter, "Tomorrow.")
    assert went(house)[-1] == ("bot", "777")
    await chats(house, "777", "Thanks!")
    assert house.conversations()[-1].id == matter.id, "what they say there comes back"


async def test_on_the_portal_the_answer_stands_there_and_is_told_where_they_want_it(house: House) -> None:
    await asks_on_the_portal(house)
    matter = house.conversations()[-1]
    await house.agent("reza").replies(matter, "Usual.")
    assert went(house) == [("portal", LENA), ("support", "lena@x")]
    assert wants(house, "chat", "777")
    await house.agent("reza").replies(house.conversations()[-1], "Chat.", anyway=True)
    assert went(house)[2:] == [("portal", LENA), ("bot", "777")]
    await house.later(minutes=3)
    assert "Chat." in house.network.received("777")[-1].said["text"]
    assert wants(house, PORTAL)
    await house.agent("reza").replies(house.conversations()[-1], "Alone.", anyway=True)
    assert went(house)[4:] == [("portal", LENA)]


async def test_who_wants_nothing_beside_the_portal_finds_the_answer_there(house: House) -> None:
    assert wants(house, PORTAL)
    await house.customer("lena@x").writes("By mail now", subject="Mail")
    matter, before = house.conversations()[-1], len(house.mails_to("lena@x"))
    assert default(house, matter) == f"pages:{LENA}"
    await house.agent("reza").replies(matter, "Tomorrow.")
    await house.later(minutes=10)
    assert went(house) == [("portal", LENA)]
    assert len(house.mails_to("lena@x")) == before


async def test_an_agent_may_choose_another_way_all_the_same(house: House) -> None:
    assert wants(house, PORTAL)
    await house.agent("reza").replies(house.conversations()[0], "By mail.", over=LENA)
    assert went(house) == [("support", "lena@x")]


# -- what cannot be reached --------------------------------------------------------------------------------------------
async def test_a_bot_that_they_have_blocked_falls_back_and_opens_again(house: House) -> None:
    assert wants(house, "chat", "777")
    await reaches(house, reachable=False)
    await house.customer("lena@x").writes("By mail now", subject="Mail")
    matter = house.conversations()[-1]
    assert default(house, matter) == LENA
    told = house.store.read_now(
        wanted.wanted,
        who(house, "memory", "lena@x")[0].id,
        house.playbook().channels[ChannelName("portal")],
        house.playbook(),
    )
    assert told.shut is not None
    assert told.shut.address == "777"
    await asks_on_the_portal(house)
    await house.agent("reza").replies(house.conversations()[-1], "By mail, then.")
    assert went(house) == [("portal", LENA), ("support", "lena@x")]
    assert not wants(house, "chat", "777"), "what is shut cannot be chosen"
    await reaches(house, reachable=True)
    assert default(house, matter) == "chat:777"


async def test_an_address_that_is_theirs_no_more_counts_for_nothing(house: House) -> None:
    assert wants(house, "memory", "lena@x")
    matter = house.conversations()[0]
    await house.customer("omid@x").writes("I am Omid")
    await house.agent("reza").does(matter, "link", to="memory:omid@x", identity=LENA)
    whose = who(house, "chat", "777")[0].id
    assert house.store.read_now(answering.of, whose) is None
    assert default(house, matter) == "chat:777"
    assert LENA not in [one for one, way in ways(house, matter).items() if way.default]


# -- colleagues --------------------------------------------------------------------------------------------------------
async def test_what_is_answered_to_a_colleague_goes_to_the_asker_as_well(house: House) -> None:
    await house.customer("omid@x").writes("Where is our order?", subject="Order")
    matter = house.conversations()[-1]
    lena = who(house, "memory", "lena@x")[0].id
    house.store.write_now(sights.speak, lena, matter.id, house.clock.now())
    thread = {"channel": "portal", "key": f"in {matter.reference}", "conversation_id": matter.id}
    house.store.write_now(lambda unit: unit.insert(t.thread, **thread))
    await house.customer(LENA).writes(
        "It is 7311.", to="portal", thread=f"in {matter.reference}", authentication="pass"
    )
    assert house.conversations()[-1].id == matter.id
    await house.agent("reza").replies(house.conversations()[-1], "On its way.")
    assert sorted(went(house)) == [("portal", LENA), ("support", "lena@x"), ("support", "omid@x")]
    await house.later(minutes=3)
    assert "On its way." in house.mails_to("omid@x")[-1]["text"]


async def test_a_copy_moves_the_chat_only_once_it_was_shown_there(house: House) -> None:
    await asks_on_the_portal(house)
    first, matter = house.conversations()
    assert wants(house, "chat", "777")
    await house.agent("reza").replies(matter, "Look here.")
    assert went(house)[-1] == ("bot", "777")
    await chats(house, "777", "And my first order?")
    assert "And my first order?" in [one.text for one in house.said(first)]
    await house.later(minutes=3)
    assert "Look here." in house.network.received("777")[-1].said["text"]
    await chats(house, "777", "I see.")
    assert "I see." in [one.text for one in house.said(matter)]
