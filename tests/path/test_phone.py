"""Calls: a missed one waits and its clock runs, until somebody calls back; a taken one is answered; nothing is ever said on a line."""

from pathlib import Path

import pytest

from channels.phone.options import PhoneOptions
from channels.phone.reading import call_of
from inbox.actions.action import Doing, Done, Surface
from inbox.actions.registry import perform
from inbox.actions.writing import NOWHERE
from inbox.domain import events as ev
from inbox.domain.arrivals import Item
from inbox.domain.conversations import State
from inbox.domain.events import HOUSE
from inbox.domain.ids import ChannelName
from inbox.domain.messages import Direction
from inbox.domain.phone_calls import CallOutcome
from inbox.domain.problems import Problem
from inbox.domain.scope import Scope
from inbox.pipeline import contacts_cards, contacts_table
from inbox.pipeline.contacts_table import Intake
from inbox.pipeline.routes import routes
from inbox.ports.calls import Recording, framed, key_of
from inbox.ports.channel import Batch
from inbox.store import arrivals, enclosed, messages, people, phone_calls, tones, warnings
from tests.path.conftest import Houses
from tests.path.house import House

PHONE = ChannelName("phone")
MORE = '[channel.phone]\nkind = "phone"\n'
NUMBER = "+989121234567"


@pytest.fixture
async def phones(houses: Houses) -> House:
    """The shipped rules, and a telephone channel beside the mailbox."""
    house = houses(more=MORE)
    await house.settle()
    return house


async def rings(house: House, outcome: str, id: str = "c1", sound: bytes = b"", **fields: str) -> None:
    """The telephone system tells of a call from that number to Reza's extension."""
    options = PhoneOptions(agents={"201": "reza"})
    told = call_of({"id": id, "caller": "09121234567", "called": "201", "outcome": outcome, **fields}, options)
    sounds = [Recording("voice.wav", "audio/wav", sound)] if sound else []
    item = Item(key_of(told.call), framed(told.call, told.name, told.words, sounds))
    await house.intake.land(PHONE, Batch((item,), None))
    await house.settle()


async def logs(house: House, handle: str, **arguments: object) -> Done:
    """An agent logs a call that belongs to no conversation yet."""
    doing = Doing(house.agent(handle).who, NOWHERE, Surface.API, house.rooms.playbook, house.clock.now())
    done = house.store.write_now(lambda unit: perform(unit, "call", arguments, doing))
    await house.settle()
    return done


async def test_a_missed_call_waits_until_somebody_calls_back(phones: House) -> None:
    await rings(phones, "NO ANSWER", name="Lena")
    matter = phones.only()
    began = phones.clock.now()
    assert (matter.state, matter.waiting_since, matter.channel) == (State.OPEN, began, PHONE)
    assert matter.subject == "Missed call from +98 912 123 4567"
    assert phones.clocks(matter)["first_reply"].open
    assert [one.reason for one in phones.told(matter, ev.NotAcknowledged)] == ["silent.call"]
    assert not phones.deliveries()
    await phones.later(minutes=20)
    await phones.agent("reza").does(matter, "call", way="out", outcome="missed")
    matter = phones.only()
    assert matter.waiting_since == began, "whom nobody reached still waits"
    assert phones.clocks(matter)["first_reply"].open
    await phones.later(minutes=20)
    await phones.agent("reza").does(matter, "call", way="out", outcome="answered", length="3:20", text="Wants a refund")
    matter = phones.only()
    assert (matter.state, matter.waiting_since) == (State.WAITING, None)
    clock = phones.clocks(matter)["first_reply"]
    assert (clock.open, clock.stopped_at, clock.provisional) == (False, phones.clock.now(), False)
    assert matter.assignee == phones.agent("reza").who.id
    said = phones.said(matter)
    assert [one.direction for one in said] == [
        Direction.INBOUND,
        Direction.OUTBOUND,
        Direction.OUTBOUND,
        Direction.NOTE,
    ]
    assert said[3].text == "Wants a refund"
    assert "refund" not in said[2].text, "what agents write about a call is for agents"
    found = phones.store.read_now(phone_calls.of_messages, [said[2].id])[said[2].id]
    assert (found.way, found.outcome, found.number, found.seconds) == ("out", CallOutcome.ANSWERED, NUMBER, 200)
    assert matter.messages == 4


async def test_a_call_that_was_taken_is_answered_at_its_end(phones: House) -> None:
    await rings(phones, "ANSWERED", seconds="95")
    matter = phones.only()
    assert (matter.state, matter.waiting_since, matter.messages) == (State.WAITING, None, 1)
    assert matter.assignee == phones.agent("reza").who.id
    [replied] = phones.told(matter, ev.Replied)
    assert (replied.agent, replied.spoken) == (phones.agent("reza").who.id, "in")
    clock = phones.clocks(matter)["first_reply"]
    assert (clock.stopped_at, clock.breached_at, clock.provisional) == (phones.clock.now(), None, False)


async def test_told_twice_a_call_is_one(phones: House) -> None:
    await rings(phones, "missed")
    await rings(phones, "missed")
    assert phones.only().messages == 1


async def test_whoever_calls_again_calls_about_the_same(phones: House) -> None:
    await rings(phones, "missed", "c1")
    await phones.later(minutes=5)
    await rings(phones, "answered", "c2")
    matter = phones.only()
    assert (matter.messages, matter.waiting_since) == (2, None)
    await phones.agent("reza").does(matter, "done")
    await phones.later(days=4)
    await rings(phones, "missed", "c3")
    assert [one.follows for one in phones.conversations()] == [None, matter.id]


async def test_a_voicemail_is_marked_and_its_recording_kept(phones: House) -> None:
    sound = bytes(range(256)) * 300
    await rings(phones, "voicemail", sound=sound, text="Please call me back", seconds="12")
    matter = phones.only()
    assert matter.tags == ("voicemail",)
    assert matter.waiting_since == phones.clock.now()
    [said] = phones.said(matter)
    assert said.reply_text == "Please call me back"
    [kept] = phones.store.read_now(messages.attachments, [said.id])
    assert (kept.file.filename, kept.file.size) == ("voice.wav", len(sound))


async def test_nothing_can_be_written_to_a_telephone(phones: House) -> None:
    await rings(phones, "missed")
    matter = phones.only()
    with pytest.raises(Problem) as refused:
        await phones.agent("reza").replies(matter, "Hello?")
    assert refused.value.key == "reply.calls"
    [way] = phones.store.read_now(lambda unit: routes(unit, phones.only(), phones.rooms.playbook))
    assert (way.why, way.default) == ("calls", False)


async def test_an_answer_to_a_caller_goes_to_another_address_of_theirs(phones: House) -> None:
    lena = phones.customer("lena@y", "Lena")
    await lena.writes("Where is it?")
    [mail] = phones.conversations()
    await phones.agent("reza").does(mail, "call", way="in", outcome="missed", number="0912 123 4567")
    theirs = phones.store.read_now(people.identities, mail.contact)
    assert {one.name_in_full for one in theirs} == {"memory:lena@y", f"phone:{NUMBER}"}
    assert phones.only().messages == 3
    before = len(lena.mails)
    await phones.agent("reza").replies(phones.only(), "You tried to call: it is on its way.")
    assert len(lena.mails) == before + 1


async def test_a_call_is_logged_where_nothing_was_before(phones: House) -> None:
    recording = {"filename": "talk.mp3", "content_type": "audio/mpeg", "content": b"x" * 70_000}
    await logs(phones, "reza", number="۰۲۱ ۸۸۷۷ ۶۶۵۵", name="Lena", length="۵", files=(recording,), ago="۱۰")
    matter = phones.only()
    assert (matter.state, matter.assignee) == (State.WAITING, phones.agent("reza").who.id)
    [said] = phones.said(matter)
    assert said.sender.address == "+982188776655"
    [kept] = phones.store.read_now(messages.attachments, [said.id])
    assert kept.file.filename == "talk.mp3"
    await logs(phones, "reza", number="02188776655", way="out", outcome="busy")
    assert phones.only().id == matter.id


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"number": ""}, "call.no_number"),
        ({"number": "sara"}, "call.bad_number"),
        ({"number": "09121234567", "length": "long"}, "call.bad_length"),
        ({"number": "09121234567", "ago": "yesterday"}, "call.bad_ago"),
        ({"number": "09121234567", "channel": "support"}, "call.which_channel"),
    ],
)
async def test_what_cannot_be_logged_is_told(phones: House, wrong: dict[str, str], key: str) -> None:
    with pytest.raises(Problem) as refused:
        await logs(phones, "reza", **wrong)
    assert refused.value.key == key
    assert not phones.conversations()


async def test_without_a_telephone_channel_there_are_no_calls(house: House) -> None:
    with pytest.raises(Problem) as refused:
        await logs(house, "reza", number="09121234567")
    assert refused.value.key == "call.no_channel"


async def test_rules_look_at_calls(houses: Houses) -> None:
    rules = (
        'format = 1\n[[rule]]\nname = "calls"\non = ["message-received"]\n'
        'when = { header.call = ["missed", "busy"] }\nthen = { priority = "high" }\n'
    )
    house = houses(more=MORE, rules={"10-calls.toml": rules})
    await house.settle()
    await rings(house, "busy")
    assert house.only().priority == "high"


async def test_whoever_is_blocked_is_not_taken_up(phones: House) -> None:
    await rings(phones, "missed")
    await phones.agent("reza").does(phones.only(), "block")
    await rings(phones, "missed", "c2")
    assert phones.only().messages == 1
    assert phones.verdicts()[-1] == "ignored ignored.blocked"
    assert not phones.store.read_now(warnings.of_contact, phones.only().contact)
    assert not phones.store.read_now(tones.of, phones.only().id)


MAIL = ChannelName("mail")
VOICEMAIL = """
[channel.mail]
kind = "email"
addresses = ["support@example.org"]
intake = "none"

[channel.mail.voicemail]
from = ["pbx@example.org"]
proof = "address"
channel = "{channel}"
"""
MAILS = Path(__file__).parents[1] / "corpus" / "voicemail"


async def brings(house: House, name: str) -> None:
    """A mail of the telephone system comes in."""
    await house.intake.land(MAIL, Batch((Item(name, (MAILS / f"{name}.eml").read_bytes()),), None))
    await house.settle()


async def test_a_voicemail_by_mail_is_a_call_of_whoever_called(houses: Houses) -> None:
    house = houses(more=MORE + VOICEMAIL.format(channel="phone"))
    await house.settle()
    await brings(house, "asterisk")
    matter = house.only()
    assert (matter.channel, matter.tags, matter.waiting_since) == (PHONE, ("voicemail",), house.clock.now())
    [identity] = house.store.read_now(people.identities, matter.contact)
    assert identity.name_in_full == f"phone:{NUMBER}"
    assert house.store.read_now(people.contact, matter.contact).name == "Ali Rezaei"
    [said] = house.said(matter)
    [kept] = house.store.read_now(messages.attachments, [said.id])
    found = house.store.read_now(enclosed.file, Scope.house(), matter.reference, kept.id)
    assert found is not None
    assert found.whole is not None
    assert found.whole.raw is not None
    codec = house.rooms.playbook.channels[PHONE].codec
    sound = codec.attachment(found.whole.raw, kept.file.start, kept.file.length, kept.file.encoding)
    assert sound == b"RIFF" + bytes(range(256)) * 4
    await rings(house, "missed", "later")
    assert house.only().messages == 2, "the next call goes on in the same conversation"
    await brings(house, "asterisk")
    assert house.only().messages == 2


async def test_a_letter_of_the_telephone_system_stays_a_letter(houses: Houses) -> None:
    house = houses(more=MORE + VOICEMAIL.format(channel="phone"))
    await house.settle()
    await brings(house, "trunk-alarm-is-a-letter")
    await brings(house, "a-stranger-claims")
    assert [one.channel for one in house.conversations()] == [MAIL, MAIL]


async def test_a_voicemail_for_a_channel_that_is_not_there_is_kept_and_told(houses: Houses) -> None:
    house = houses(more=MORE + VOICEMAIL.format(channel="fone"))
    await house.settle()
    await brings(house, "asterisk")
    await house.later(minutes=30)
    assert not house.conversations()
    [waits] = house.store.read_now(arrivals.apart)
    assert "fone" in str(waits)


# -- whose number it is ------------------------------------------------------------------------------------------------
CARDS = """\
BEGIN:VCARD
VERSION:4.0
FN:Lena
EMAIL:lena@acme
TEL:۰۹۱۲ ۱۲۳ ۴۵۶۷
TEL:+98 21 8888 0000
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Omid
EMAIL:omid@acme
TEL:+98 21 8888 0000
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Driver
TEL:+98 912 765 4321
TEL:none
END:VCARD
"""


def takes_in(house: House, content: str) -> list[tuple[int, str]]:
    """The cards of a file, each in the order of its line: what became of it."""
    book, now = house.playbook(), house.clock.now()
    rows = contacts_cards.rows(content.encode(), book)
    intake = Intake(book, HOUSE, "test")
    done = house.store.write_now(intake.take, rows, intake.firsts(rows), now, rehearse=False)
    return [(one.number, one.what) for one in done]


async def test_whoever_is_on_a_card_is_known_when_they_call(phones: House) -> None:
    assert takes_in(phones, CARDS) == [(1, "new"), (2, "new"), (3, "new")]
    await rings(phones, "missed")
    assert phones.store.read_now(people.contact, phones.only().contact).name == "Lena"
    switchboard = phones.store.read_now(people.known, "phone", "+982188880000")
    assert switchboard is not None
    assert switchboard[0].name == "Lena", "a number is of whoever had it first"
    assert takes_in(phones, CARDS) == [(1, "same"), (2, "same"), (3, "same")]
    known = phones.store.read_now(contacts_table.every, Scope.house())
    written = contacts_cards.cards(known, phones.playbook())
    numbers = sorted(line.rpartition(":")[2] for line in written.splitlines() if line.startswith("TEL"))
    assert numbers == ["+982188880000", NUMBER, "+989127654321"]
    assert "IMPP" not in written
    assert takes_in(phones, written) == [(1, "same"), (2, "same"), (3, "same")]
