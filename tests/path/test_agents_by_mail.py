"""Agents answer from their own mail program: what is proved goes to the customer in their name, everything else is held."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from inbox.domain.attention import Kind, Likes, Place
from inbox.domain.conversations import State
from inbox.domain.ids import NetworkKey
from inbox.domain.messages import Direction
from inbox.domain.scope import Scope
from inbox.pipeline.held import confirm, give_up
from inbox.pipeline.reply import Refused
from inbox.store import agent_words, drafts, notifications, people, preferences, signing
from inbox.store import tables as t
from inbox.store.agent_words import Held
from tests.path.conftest import Houses
from tests.path.house import House


@pytest.fixture
async def house(houses: Houses) -> House:
    """A house whose mail server tells who wrote a mail."""
    opened = houses(channel='first_sync = "new"\nverdicts = true')
    await opened.settle()
    return opened


async def told(house: House) -> dict[str, Any]:
    """A customer writes, sara has it, and is told of it by mail; her mail."""
    await likes_mail(house)
    lena = house.customer("lena@x", "Lena")
    await lena.writes("Where is my order?", subject="Order 17")
    await house.agent("sara").does(house.only(), "take")
    await lena.answers("Hello?")
    await house.later(minutes=4)
    return house.mails_to("sara@acme")[-1]


async def likes_mail(house: House) -> None:
    everything = Likes(notices={kind: frozenset(Place) for kind in Kind})
    sara = house.agent("sara").who
    house.store.write_now(lambda unit: preferences.put(unit, sara.id, everything))


async def answers(house: House, text: str, who: str = "sara@acme", **more: Any) -> NetworkKey:
    """An answer to the latest mail to sara, as her mail program writes it, and her mail server vouches for."""
    entry = house.network.received("sara@acme")[-1]
    said = entry.said
    given: dict[str, Any] = {
        "tokens": [said["reply_token"]],
        "references": [said["key"]],
        "authentication": "pass",
        "language": "en",
    }
    key = house.network.write(who, "support@acme", text, subject=f"Re: {said['subject']}", **{**given, **more})
    await house.settle()
    return key


def held(house: House) -> list[Held]:
    return house.store.read_now(agent_words.held)


def customers(house: House) -> list[str]:
    return [said["text"] for said in house.mails_to("lena@x") if said["automatic"] is None]


async def test_the_customer_gets_it_in_the_agents_name(house: House) -> None:
    mail = await told(house)
    assert mail["subject"].startswith("[#")
    assert "Order 17" in mail["subject"]
    assert "Hello?" in mail["text"]
    assert "Where is my order?" in mail["text"]
    await answers(house, "It is on its way.\n\n-- reply above this line --\n\nsecret things below")
    (got,) = customers(house)
    assert "It is on its way." in got
    assert "secret" not in got
    assert "Sara" in house.mails_to("lena@x")[-1]["sender"]["name"]
    matter = house.only()
    assert matter.state is State.WAITING
    assert house.verdicts()[-1] == "accepted heard.done"
    assert [event.via for event in house.log(matter) if event.actor.kind == "agent"][-1] == "mail"


async def test_words_at_the_top_are_done_and_sent_to_nobody(house: House) -> None:
    await told(house)
    await answers(house, "#priority high\n#tag billing\n#done\nIt is on its way.")
    (got,) = customers(house)
    assert "#" not in got.replace("#" + house.only().reference, "")
    matter = house.only()
    assert (matter.state, matter.priority.value, matter.tags) == (State.DONE, "high", ("billing",))


@pytest.mark.parametrize(
    "text",
    [
        "#note he is angry",
        "#یادداشت\nhe is angry",
        "note: he is angry",
        "🔒 he is angry",
        "/note he is angry",
        "/ he is angry",
        "یادداشت: he is angry",
    ],
)
async def test_a_note_stays_in_the_house(house: House, text: str) -> None:
    await told(house)
    await answers(house, text)
    assert customers(house) == []
    notes = [m for m in house.said(house.only()) if m.direction is Direction.NOTE and m.agent]
    assert [note.text for note in notes] == ["he is angry"]


async def test_an_unknown_word_sends_nothing_and_loses_nothing(house: House) -> None:
    await told(house)
    before = house.only().version
    await answers(house, "#dnoe\nIt is on its way.")
    assert customers(house) == []
    report = house.mails_to("sara@acme")[-1]
    assert "#dnoe" in report["text"] or "dnoe" in report["text"]
    assert "It is on its way." in report["text"]
    sara = house.agent("sara").who
    draft = house.store.read_now(drafts.of, sara.id, house.only().id)
    assert draft is not None
    assert "It is on its way." in draft.text
    assert house.only().state is State.OPEN
    assert before < house.only().version  # that the report was sent stands in the timeline
    await answers(house, "#done\nIt is on its way.")  # an answer to the report
    assert len(customers(house)) == 1


async def test_all_that_was_typed_or_nothing(house: House) -> None:
    await told(house)
    await answers(house, "#assign nobody-here\nIt is on its way.")
    assert customers(house) == []
    assert house.only().state is State.OPEN
    assert "nobody-here" in house.mails_to("sara@acme")[-1]["text"]


async def test_what_was_said_meanwhile_is_shown_before_anything_goes(house: House) -> None:
    await told(house)
    await house.customer("lena@x", "Lena").answers("Never mind.")
    await answers(house, "It is on its way.")
    assert customers(house) == []
    assert "lena@x has said something" in house.mails_to("sara@acme")[-1]["text"], "nobody proved the name beside it"


async def test_who_and_when_are_told_by_mail(house: House) -> None:
    await told(house)
    await answers(house, "#who\n#sla")
    report = house.mails_to("sara@acme")[-1]["text"]
    assert "Sara" in report
    assert customers(house) == []


async def test_files_go_along(house: House) -> None:
    await told(house)
    file = {"filename": "bill.pdf", "content_type": "application/pdf", "content": "JVBERi0="}
    await answers(house, "Here it is.", attachments=[file])
    assert [one["filename"] for one in house.mails_to("lena@x")[-1]["attachments"]] == ["bill.pdf"]


async def test_an_out_of_office_note_is_no_reply(house: House) -> None:
    await told(house)
    await answers(house, "I am away until Sunday.", automatic="auto-reply")
    assert customers(house) == []
    assert held(house) == []
    assert house.verdicts()[-1] == "ignored ignored.agents_machine"


async def test_the_same_mail_twice_says_it_once(house: House) -> None:
    await told(house)
    await answers(house, "It is on its way.", fingerprint="f", key="<1@sara>")
    await answers(house, "It is on its way.", fingerprint="f", key="<1@sara>")
    assert len(customers(house)) == 1
    assert house.verdicts()[-1].startswith("duplicate")


ATTACKS: dict[str, dict[str, Any]] = {
    "held.other_sender": {"who": "mallory@x"},
    "held.failed": {"authentication": "fail"},
    "held.no_verdict": {"authentication": "none"},
    "held.no_token": {"tokens": []},
    "held.bad_token": {"tokens": ["0" + "a" * 26]},
}


@pytest.mark.parametrize("reason", ATTACKS)
async def test_without_proof_it_is_held(house: House, reason: str) -> None:
    await told(house)
    await answers(house, "Give me the money.", **ATTACKS[reason])
    assert customers(house) == []
    (one,) = held(house)
    assert (one.reason, one.words.splitlines()[0]) == (reason, "Give me the money.")
    assert ("✉ mallory@x" in one.words) == (reason == "held.other_sender")
    assert house.verdicts()[-1] == f"held {reason}"
    assert len(house.conversations()) == 1


async def test_a_token_that_was_only_copied_grants_nothing(house: House) -> None:
    mail = await told(house)
    await answers(house, "Give me the money.", copied=[mail["reply_token"]])
    assert [one.reason for one in held(house)] == ["held.copied"]
    assert customers(house) == []


async def test_another_agents_token_grants_nothing(house: House) -> None:
    await told(house)
    await answers(house, "Give me the money.", who="reza@acme")
    assert [one.reason for one in held(house)] == ["held.other_sender"]
    assert customers(house) == []


async def test_every_bit_of_a_token_counts(house: House) -> None:
    token = (await told(house))["reply_token"]
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    for place in range(1, len(token)):
        for bit in range(5):
            flipped = letters[letters.index(token[place]) ^ (1 << bit)]
            forged = token[:place] + flipped + token[place + 1 :]
            house.network.write("sara@acme", "support@acme", f"{place} {bit}", tokens=[forged], authentication="pass")
    await house.settle()
    assert customers(house) == []
    assert [one.reason for one in held(house)] == ["held.bad_token"] * 130


async def test_a_disabled_agent_says_nothing(house: House) -> None:
    await told(house)
    gone = replace(house.agent("sara").who, disabled=True)
    house.store.write_now(people.put_agent, gone)
    await answers(house, "It is on its way.")
    assert [one.reason for one in held(house)] == ["held.disabled"]
    assert customers(house) == []


async def test_the_same_words_with_the_same_token_again_are_held(house: House) -> None:
    await told(house)
    await answers(house, "It is on its way.")
    entry = house.network.received("sara@acme")[-1].said
    again: dict[str, Any] = {"tokens": [entry["reply_token"]], "key": "<other@x>", "authentication": "pass"}
    house.network.write("sara@acme", "support@acme", "It is on its way.", **again)
    await house.settle()
    assert [one.reason for one in held(house)] == ["held.again"]
    assert len(customers(house)) == 1


async def test_held_words_are_said_once_their_agent_confirms_them(house: House) -> None:
    await told(house)
    await answers(house, "It is on its way.", authentication="none")
    (one,) = held(house)
    sara = house.agent("sara").who
    assert house.store.write_now(agent_words.confirm, one.arrival, sara.id, house.only().id)
    await house.settle()
    assert len(customers(house)) == 1
    assert held(house) == []
    assert house.verdicts()[-1] == "accepted heard.done"
    assert not house.store.write_now(agent_words.confirm, one.arrival, sara.id, house.only().id), "only once"


async def test_whoever_confirms_held_words_sees_the_files_that_go_along(house: House) -> None:
    await told(house)
    file = {"filename": "bill.pdf", "content_type": "application/pdf", "content": "JVBERi0="}
    await answers(house, "Here it is.", attachments=[file], authentication="none")
    (one,) = held(house)
    assert one.words.splitlines() == ["Here it is.", "", "📎 bill.pdf"]


async def test_whose_words_are_held_is_told(house: House) -> None:
    await told(house)
    await answers(house, "Give me the money.", authentication="fail")
    sara = house.agent("sara").who
    kinds = [one.kind for one in house.store.read_now(notifications.listing, Scope.of_agent(sara.id), 9)]
    assert "words-held" in kinds


async def test_an_agent_who_writes_as_a_customer_is_one(house: House) -> None:
    sara = house.customer("sara@acme", "Sara")
    await sara.writes("My own parcel is late.", authentication="pass")
    await sara.answers("Please hurry.", authentication="pass")
    assert held(house) == []
    assert len([m for m in house.said(house.only()) if m.direction is Direction.INBOUND]) == 2


async def test_a_colleague_who_answered_meanwhile_is_told_of(house: House) -> None:
    await told(house)
    await house.agent("reza").replies(house.only(), "It left on Monday.")
    await answers(house, "It is on its way.")
    assert len(customers(house)) == 1
    assert "Reza" in house.mails_to("sara@acme")[-1]["text"]


async def test_a_forwarded_notice_proves_nothing_to_whoever_answers_it(house: House) -> None:
    """Sara passed it on to a friend, whose mail server vouches for the friend."""
    mail = await told(house)
    forwarded = {"tokens": [], "references": [mail["key"]]}
    await answers(house, "I answer for her.", who="friend@x", **forwarded)
    assert customers(house) == []
    assert all(m.agent is None for m in house.said(house.conversations()[0]) if m.direction is Direction.OUTBOUND)


async def test_another_key_takes_over_and_the_one_before_holds_for_a_while(house: House) -> None:
    await told(house)
    house.store.write_now(signing.rotate, timedelta(days=14), house.clock.now())
    await answers(house, "It is on its way.")
    assert len(customers(house)) == 1
    house.clock.advance(timedelta(days=15))
    await answers(house, "It has arrived?")
    assert [one.reason for one in held(house)] == ["held.bad_token"]


async def test_after_a_leak_nothing_holds_that_was_made_with_the_key(house: House) -> None:
    await told(house)
    house.store.write_now(signing.rotate, timedelta(0), house.clock.now())
    await answers(house, "It is on its way.")
    assert [one.reason for one in held(house)] == ["held.bad_token"]
    await house.customer("lena@x", "Lena").answers("Anybody?")
    await house.later(minutes=4)
    await answers(house, "It is on its way.")
    assert len(customers(house)) == 1, "what is told from now on is sealed with the new one"


async def test_who_reads_the_database_has_no_token(house: House) -> None:
    token = (await told(house))["reply_token"]
    whole = house.store.read_now(lambda unit: list(unit.execute(t.agent_token.select())))
    assert whole
    assert all(token not in str(value) for row in whole for value in row)


async def test_too_many_words_in_an_agents_name_are_held(house: House) -> None:
    await told(house)
    for number in range(61):
        await answers(house, f"#note {number}")
    assert [one.reason for one in held(house)] == ["held.too_often"]


async def test_nobody_else_confirms_or_puts_away_an_agents_words(house: House) -> None:
    await told(house)
    await answers(house, "It is on its way.", authentication="none")
    (one,) = held(house)
    reza = house.agent("reza").who
    with pytest.raises(Refused, match="not_yours"):
        house.store.write_now(confirm, one.arrival, reza, None)
    with pytest.raises(Refused, match="not_yours"):
        house.store.write_now(give_up, one.arrival, reza, house.clock.now())
    house.store.write_now(give_up, one.arrival, None, house.clock.now())
    assert held(house) == []
    assert house.verdicts()[-1] == "ignored ignored.given_up"


async def test_words_without_a_conversation_are_confirmed_for_one(house: House) -> None:
    await told(house)
    await answers(house, "It is on its way.", tokens=["0" + "a" * 26])
    (one,) = held(house)
    sara = house.agent("sara").who
    with pytest.raises(Refused, match="for_which"):
        house.store.write_now(confirm, one.arrival, sara, None)
    house.store.write_now(confirm, one.arrival, sara, house.only().id)
    await house.settle()
    assert len(customers(house)) == 1


async def test_files_of_a_note_are_asked_for_again(house: House) -> None:
    await told(house)
    file = {"filename": "bill.pdf", "content_type": "application/pdf", "content": "JVBERi0="}
    await answers(house, "#note he sent this", attachments=[file])
    assert customers(house) == []
    assert "bill.pdf" in house.mails_to("sara@acme")[-1]["text"]


async def test_help_is_told_in_the_language_of_whoever_asks(house: House) -> None:
    await told(house)
    await answers(house, "#help")
    assert "snooze" in house.mails_to("sara@acme")[-1]["text"]
    house.store.write_now(people.put_agent, replace(house.agent("sara").who, language="fa"))
    await answers(house, "#راهنما")
    assert "یادداشت" in house.mails_to("sara@acme")[-1]["text"]
    assert customers(house) == []
