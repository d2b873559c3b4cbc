"""An address is somebody's who types the code that was sent there: then two identities are one contact."""

import json
from dataclasses import asdict
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from inbox.domain import events as ev
from inbox.domain.conversations import State
from inbox.domain.ids import ChannelName
from inbox.domain.people import Roster
from inbox.site import catalogues
from inbox.store import messages
from inbox.text.wording import load
from inbox.web.agents.timeline import Teller
from tests.path.conftest import Houses
from tests.path.house import House
from tests.path.talking import (
    CHANNELS,
    PAGES,
    asks,
    chats,
    code,
    proves,
    same,
    standing,
    types,
    vouches,
    wants_transcript,
    who,
)

SUPPORT = ChannelName("support")


@pytest.fixture
async def house(houses: Houses) -> House:
    """Mail, a bot and pages of our own, both of which go on by mail."""
    opened = houses(more=CHANNELS)
    await opened.settle()
    return opened


def wrong(right: str) -> str:
    """Another code."""
    return f"{(int(right) + 1) % 1_000_000:06d}"


# -- the way it should go ----------------------------------------------------------------------------------------------
async def test_a_code_typed_in_the_chat_links_the_mail_address(house: House) -> None:
    await chats(house, "777", "Where is my order?")
    assert await asks(house, "777", "Lena@X") == "sent"
    await chats(house, "777", code(house, "Lena@X"))
    assert house.verdicts()[-1] == "accepted proof"
    assert same(house, "chat:777", "memory:Lena@X")
    assert who(house, "memory", "Lena@X")[1].verified_at == house.clock.now()
    assert "Lena@X is confirmed" in house.mails_to("777")[-1]["text"]
    assert [m.text for m in house.said(house.only()) if m.direction == "inbound"] == ["Where is my order?"]


@pytest.mark.parametrize("typed", ["{a} {b}", "{a}-{b}", " {a}{b}\n", "{fa}"])
async def test_a_code_is_read_however_it_is_typed(house: House, typed: str) -> None:
    await chats(house, "777", "Where is my order?")
    await asks(house, "777", "lena@x")
    right = code(house, "lena@x")
    persian = "".join("۰۱۲۳۴۵۶۷۸۹"[int(digit)] for digit in right)
    await chats(house, "777", typed.format(a=right[:3], b=right[3:], fa=persian))
    assert same(house, "chat:777", "memory:lena@x")


async def test_whoever_proves_the_address_of_a_contact_we_know_becomes_that_contact(house: House) -> None:
    await house.customer("lena@x", "Lena").writes("My order is late.")
    await chats(house, "777", "It is me, on the phone.")
    await proves(house, "777", "lena@x")
    known, chat = who(house, "chat", "777")
    assert (known.name, chat.verified_at) == ("Lena", house.clock.now())
    assert {matter.contact for matter in house.conversations()} == {known.id}
    (told,) = house.told(house.conversations()[1], ev.ContactSet)
    assert (told.contact, told.address, told.how, told.undone) == (known.id, "777", "proof", False)


async def test_the_language_is_that_of_whoever_asks_and_the_other_stands_below(house: House) -> None:
    await chats(house, "777", "Where is my order?")
    await asks(house, "777", "lena@x")
    mail = house.mails_to("lena@x")[-1]
    assert mail["text"].index("Hello") < mail["text"].index("سلام")
    assert mail["automatic"] == "auto-reply"
    assert "order" not in json.dumps({name: mail[name] for name in ("text", "subject")})
    assert house.only().reference not in mail["text"] + mail["subject"]


async def test_agents_see_where_a_code_went_and_never_the_code(house: House) -> None:
    await chats(house, "777", "Where is my order?")
    await asks(house, "777", "lena@x")
    matter, secret = house.only(), code(house, "lena@x")
    (told,) = house.told(matter, ev.Noticed)
    assert (told.about, told.address) == ("proof", "lena@x")
    assert secret not in "".join(m.text + m.reply_text + (m.html or "") for m in house.said(matter))
    assert secret not in json.dumps([asdict(e.payload) for e in house.log(matter)], default=str)
    assert matter.state is State.OPEN


async def test_a_conversation_goes_over_with_its_clocks_and_promise(house: House) -> None:
    await house.customer("lena@x").writes("My order is late.")
    await chats(house, "777", "Where is my order?")
    before = house.clocks(house.conversations()[1])
    await proves(house, "777", "lena@x")
    assert house.clocks(house.conversations()[1]) == before


async def test_a_second_code_takes_the_place_of_the_first(house: House) -> None:
    await chats(house, "777", "Hi")
    await asks(house, "777", "lena@x")
    first = code(house, "lena@x")
    await asks(house, "777", "lena@x")
    second = code(house, "lena@x")
    assert await types(house, "777", first) == ("proved" if first == second else "wrong")
    assert await types(house, "777", second) == "proved"


# -- what they are told of themselves ----------------------------------------------------------------------------------
async def test_what_a_visitor_is_told_of_themselves(house: House) -> None:
    assert (standing(house, "v1").known, standing(house, "v1").continues) == (False, True)
    await chats(house, "v1", "Hi", to="widget")
    assert standing(house, "v1").address == ""
    await house.customer("lena@x", "Lena").writes("Something else")
    await asks(house, "v1", "lena@x", PAGES)
    asked = standing(house, "v1")
    assert (asked.address, asked.proved, asked.name) == ("lena@x", False, ""), "nothing of whose address it is"
    await types(house, "v1", code(house, "lena@x"), PAGES)
    done = standing(house, "v1")
    assert (done.address, done.proved, done.name) == ("lena@x", True, "Lena")


async def test_a_site_vouches_for_its_visitor_before_they_have_written(house: House) -> None:
    assert await vouches(house, "v1", "lena@x", "Lena")
    await chats(house, "v1", "Hi", to="widget")
    assert same(house, "pages:v1", "memory:lena@x")
    assert standing(house, "v1").proved
    assert await vouches(house, "v1", "lena@x", "Lena"), "once more changes nothing"
    assert same(house, "pages:v1", "memory:lena@x")


async def test_nobody_can_be_vouched_into_one_of_us(house: House) -> None:
    assert not await vouches(house, "v1", "reza@acme", "Reza")
    assert not await vouches(house, "v1", "support@acme", "Us")


# -- attacks -----------------------------------------------------------------------------------------------------------
async def test_five_guesses_and_the_right_code_is_worth_nothing(house: House) -> None:
    await chats(house, "777", "Hi")
    await asks(house, "777", "lena@x")
    right = code(house, "lena@x")
    for _ in range(4):
        assert await types(house, "777", wrong(right)) == "wrong"
    assert await types(house, "777", wrong(right)) == "over"
    assert await types(house, "777", right) == "over"


async def test_a_wrong_code_in_the_chat_is_a_guess_and_a_message(house: House) -> None:
    await chats(house, "777", "Hi")
    await asks(house, "777", "lena@x")
    right = code(house, "lena@x")
    for _ in range(5):
        await chats(house, "777", wrong(right))
    assert house.verdicts()[-1] == "accepted"
    await chats(house, "777", right)
    assert house.verdicts()[-1] == "accepted", "the sixth is a message like any other"
    assert [m.text for m in house.said(house.only())].count(right) == 1


async def test_the_code_of_somebody_else_is_worth_nothing(house: House) -> None:
    await chats(house, "777", "Hi")
    await chats(house, "666", "Hello")
    await asks(house, "777", "lena@x")
    assert await types(house, "666", code(house, "lena@x")) == "over"
    await asks(house, "666", "eve@x")
    assert await types(house, "666", code(house, "lena@x")) == "wrong"
    assert not same(house, "chat:666", "chat:777")
    assert await types(house, "777", code(house, "lena@x")) == "proved"


async def test_an_old_code_and_a_used_one_are_worth_nothing(house: House) -> None:
    await chats(house, "777", "Hi")
    await asks(house, "777", "lena@x")
    await house.later(minutes=30)
    assert await types(house, "777", code(house, "lena@x")) == "over"
    await asks(house, "777", "lena@x")
    assert await types(house, "777", code(house, "lena@x")) == "proved"
    assert await types(house, "777", code(house, "lena@x")) == "over"


async def test_codes_are_not_sent_without_end(house: House) -> None:
    await chats(house, "777", "Hi")
    assert [await asks(house, "777", f"{n}@x") for n in range(4)] == ["sent"] * 3 + ["too_often"]
    await house.later(hours=1, seconds=1)
    assert await asks(house, "777", "lena@x") == "sent"
    for n in range(6):
        await chats(house, f"80{n}", "Hi")
        assert await asks(house, f"80{n}", "lena@x") == ("sent" if n < 4 else "too_often"), "five a day for one address"


async def test_an_address_of_ours_can_be_proved_by_nobody(house: House) -> None:
    await chats(house, "777", "Hi")
    assert [await asks(house, "777", one) for one in ("reza@acme", "REZA@acme", "support@acme", "no one@x")] == [
        "impossible"
    ] * 4
    assert house.mails_to("reza@acme") == []


async def test_who_never_wrote_cannot_ask_and_who_cannot_go_on_is_told(house: House) -> None:
    assert await asks(house, "777", "lena@x") == "unknown"
    await house.customer("omid@x").writes("Hi")
    assert await asks(house, "omid@x", "lena@x", SUPPORT) == "off"


async def test_a_from_proves_nothing(house: House) -> None:
    """Whoever writes under the address of a customer is not believed to be the one who was sent a code."""
    await house.customer("lena@x").writes("Hi")
    assert await asks(house, "lena@x", "777", SUPPORT, kind="chat") == "off", "they have no chat with us"
    await chats(house, "777", "I am the attacker")
    assert await asks(house, "lena@x", "777", SUPPORT, kind="chat") == "sent"
    secret = house.mails_to("777")[-1]["text"].split()[0]
    await house.customer("lena@x").writes(secret, authentication="fail")
    await house.customer("lena@x").writes(secret)
    assert house.verdicts()[-1] == "accepted"
    assert not same(house, "chat:777", "memory:lena@x")
    await house.customer("lena@x").writes(secret, authentication="pass")
    assert house.verdicts()[-1] == "accepted proof"
    assert same(house, "chat:777", "memory:lena@x")


async def test_before_the_code_is_right_nothing_changes_hands(house: House) -> None:
    await house.customer("lena@x", "Lena").writes("My secret order")
    await chats(house, "666", "Hi")
    theirs = house.conversations()[0]
    await asks(house, "666", "lena@x")
    assert not same(house, "chat:666", "memory:lena@x")
    assert house.log(house.conversations()[0])[-1].version == theirs.version, "their conversation learns nothing"
    assert next(m.text for m in house.said(house.conversations()[1])) == "Hi"
    assert who(house, "memory", "lena@x")[1].verified_at is None


async def test_an_answer_to_the_code_does_not_enter_the_conversation_of_who_asked(house: House) -> None:
    await chats(house, "666", "Hi")
    await asks(house, "666", "lena@x")
    await house.customer("lena@x").answers("Who are you, and what is my account?")
    assert len(house.conversations()) == 2
    assert house.conversations()[1].contact == who(house, "memory", "lena@x")[0].id
    assert house.store.read_now(messages.last_inbound, house.conversations()[0].id).text == "Hi"  # type: ignore[union-attr]  # it is there


async def test_that_an_agent_links_a_visitor_tells_them_nothing_of_the_customer(house: House) -> None:
    """An agent may believe somebody who says that they are a customer; only a proof lets them see what is known of one."""
    await chats(house, "v1", "Hi", to="widget")
    await proves(house, "v1", "lena@x", PAGES)
    await house.customer("lena@x", "Lena").writes("My secret order")
    await chats(house, "v2", "I am Lena", to="widget")
    await house.agent("reza").does(house.conversations()[-1], "link", to="memory:lena@x")
    assert same(house, "pages:v2", "memory:lena@x")
    told = standing(house, "v2")
    assert (told.address, told.proved, told.name) == ("", False, "")
    assert not await wants_transcript(house, "v2")
    await proves(house, "v2", "lena@x", PAGES)
    assert standing(house, "v2").address == "lena@x"


async def test_how_busy_an_address_is_cannot_be_asked(houses: Houses) -> None:
    """Whether a customer has had much automatic mail today is nobody else's to know."""
    house = houses(more=CHANNELS + "[automatic]\nacknowledgements_per_address = 3\n")
    await house.settle()
    for n in range(4):
        await house.customer("lena@x").writes(f"Question {n}")
    await chats(house, "666", "Hi")
    assert await asks(house, "666", "lena@x") == await asks(house, "666", "nobody@x") == "sent"


async def test_a_code_that_has_to_wait_lasts_from_when_it_goes_out(houses: Houses) -> None:
    house = houses(more=CHANNELS + "[automatic]\nautomatic_per_minute = 1\n")
    await house.settle()
    for n in range(40):
        await chats(house, f"9{n}", "Hi")
    await chats(house, "777", "Hi")
    assert await asks(house, "777", "lena@x") == "sent"
    assert house.mails_to("lena@x") == []
    await house.later(minutes=45)
    assert await types(house, "777", code(house, "lena@x")) == "proved"


# -- words -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["en", "fa"])
async def test_the_timeline_tells_all_of_it(house: House, language: str) -> None:
    await house.customer("lena@x").writes("Hi")
    await chats(house, "777", "Hi")
    await proves(house, "777", "lena@x")
    say = partial(load(catalogues()).say, language)
    told = Teller(say, language, ZoneInfo("UTC"), Roster()).told(house.log(house.conversations()[1]))
    assert sum("777" in line.words for line in told) == 1
    assert sum("lena@x" in line.words for line in told) == 1
