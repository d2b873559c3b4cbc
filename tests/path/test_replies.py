"""Agents answer: never over one another, never twice, and never to the customer what is meant for colleagues."""

from itertools import pairwise

import pytest

from inbox.actions.action import Denied
from inbox.actions.registry import Misused
from inbox.domain import events as ev
from inbox.domain.conversations import MOVES, State
from inbox.domain.people import Agent
from inbox.domain.problems import Problem
from inbox.pipeline.reply import Refused, Stale
from inbox.store import messages, people
from tests.path.house import House


async def test_whoever_has_not_seen_the_latest_words_is_told_before_anything_is_sent(house: House) -> None:
    sara = house.customer("sara@x", "Sara")
    asked = await sara.writes("Where is it?")
    seen = house.only().version
    await sara.writes("I found it, thanks", references=[asked])
    with pytest.raises(Stale) as stale:
        await house.agent("reza").replies(house.only(), "It is lost.", seen=seen)
    assert stale.value.facts["who"] == "Sara"
    assert len(sara.mails) == 1
    await house.agent("reza").replies(house.only(), "It is lost.", seen=seen, anyway=True)
    assert len(sara.mails) == 2


async def test_two_agents_do_not_answer_the_same_question_unawares(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    await house.agent("reza").replies(house.only(), "There.")
    with pytest.raises(Stale):
        await house.agent("sara").replies(house.only(), "Here.")
    await house.agent("reza").replies(house.only(), "I mean, there.")
    assert len(sara.mails) == 3


async def test_ones_own_words_make_nothing_stale(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    seen = house.only().version
    reza = house.agent("reza")
    await reza.does(house.only(), "note", text="I shall look")
    await reza.replies(house.only(), "There.", seen=seen)
    await reza.replies(house.only(), "Or there.", seen=seen)
    assert len(sara.mails) == 3


async def test_a_call_that_is_repeated_says_it_once(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    reza = house.agent("reza")
    first = await reza.replies(house.only(), "There.", once="key 1")
    again = await reza.replies(house.only(), "There.", once="key 1")
    assert (first.message, again.message, len(sara.mails)) == (first.message, first.message, 2)
    with pytest.raises(Problem, match="key_reused"):
        await reza.replies(house.only(), "Elsewhere.", once="key 1")


async def test_a_note_never_leaves_the_house(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    reza = house.agent("reza")
    await reza.does(house.only(), "note", text="She is a difficult one")
    matter = house.only()
    assert matter.waiting_since is not None
    assert house.clocks(matter)["first_reply"].open
    await reza.replies(matter, "There.")
    await sara.answers("Thanks")
    await reza.replies(house.only(), "Welcome.")
    assert "difficult" not in str([e.raw for e in house.network.ledger])


async def test_a_disabled_agent_does_nothing(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?")
    reza = house.agent("reza").who
    gone = Agent(reza.id, reza.handle, reza.name, reza.address, disabled=True)
    house.store.write_now(people.put_agent, gone)
    everything: dict[str, dict[str, object]] = {"reply": {"text": "x"}, "note": {"text": "x"}, "done": {}, "take": {}}
    for action, words in everything.items():
        with pytest.raises(Denied):
            house.agent("reza").acts(house.only(), action, once="", **words)
    assert len(house.network.accepted) == 1


@pytest.mark.parametrize(
    ("action", "arguments", "problem"),
    [
        ("reply", {"text": " \n"}, Refused),
        ("note", {"text": ""}, Refused),
        ("reply", {"text": "x", "colour": "red"}, Misused),
        ("priority", {"priority": "extreme"}, Misused),
        ("dance", {}, Misused),
        ("assign", {"to": "nobody"}, Refused),
        ("assign", {"to": "team:nobody"}, Refused),
    ],
)
async def test_what_cannot_be_done_changes_nothing(
    house: House, action: str, arguments: dict[str, object], problem: type[Problem]
) -> None:
    await house.customer("sara@x").writes("Where is it?")
    before = house.only()
    with pytest.raises(problem):
        house.agent("reza").acts(before, action, once="", **arguments)
    assert house.only() == before


async def test_the_answer_itself_drops_an_acknowledgement_that_has_not_left(house: House) -> None:
    sara = house.customer("sara@x")
    house.network.faults.drops_before(times=1)
    await sara.writes("Where is it?")
    assert sara.mails == []
    house.agent("reza").acts(house.only(), "reply", text="There.")
    await house.later(minutes=2)
    assert [m["text"].split("\n")[0] for m in sara.mails] == ["There."]
    matter = house.only()
    assert [p.state for p in house.promises(matter)] == ["withdrawn"], "nobody was told it"
    assert house.clocks(matter)["first_reply"].ended == "reply"
    dropped = [s for s in house.told(matter, ev.DeliverySettled) if s.state == "dropped"]
    assert len(dropped) == 1
    await house.later(hours=3)
    assert len(sara.mails) == 1


async def test_an_answer_goes_to_where_the_customer_asked_for_it(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?", reply_to=[{"address": "sara@home", "name": "Sara"}])
    await house.agent("reza").replies(house.only(), "There.")
    assert (len(house.mails_to("sara@x")), len(house.mails_to("sara@home"))) == (0, 2)


async def test_an_answer_to_what_is_over_opens_it_again(house: House) -> None:
    sara = house.customer("sara@x")
    for ending in ("done", "spam"):
        await sara.writes(f"It is {ending}")
        await house.agent("reza").does(house.conversations()[-1], ending)
        await house.agent("reza").replies(house.conversations()[-1], "One more thing")
        matter = house.conversations()[-1]
        assert matter.state is State.WAITING
        states = [State.OPEN, *(State(s.state) for s in house.told(matter, ev.StateSet))]
        assert all(after in MOVES[before] for before, after in pairwise(states)), states


async def test_an_answer_in_persian_is_written_from_the_right(house: House) -> None:
    ali = house.customer("ali@x", "علی")
    await ali.writes("سلام، بسته من کجاست؟", subject="بسته", language="fa")
    await house.agent("reza").replies(house.only(), "در راه است.")
    acknowledgement, reply = ali.mails
    assert (acknowledgement["language"], reply["language"]) == ("fa", "fa")
    assert "۱۶:۳۰" in acknowledgement["text"]
    assert "در راه است." in reply["text"]


async def test_letters_that_no_database_keeps_are_taken_out_of_an_agents_words(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is it?")
    await house.agent("reza").replies(house.only(), "Th\0ere.")
    assert sara.mails[-1]["text"].startswith("There.")


RECEIPT = {"filename": "رسید/خرید.pdf", "content_type": "application/pdf", "content": b"%PDF" * 1000}


async def test_files_go_along_and_stand_with_the_message(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is the receipt?")
    done = await house.agent("reza").replies(house.only(), "Here.", files=[RECEIPT, {**RECEIPT, "content": b""}])
    assert done.message is not None
    files = house.store.read_now(messages.attachments, [done.message])
    assert [(one.file.filename, one.file.size, one.file.state) for one in files] == [
        ("خرید.pdf", 4000, "here"),
        ("خرید.pdf", 0, "here"),
    ]
    assert [one["filename"] for one in sara.mails[-1]["attachments"]] == ["خرید.pdf", "خرید.pdf"]


async def test_files_that_are_too_much_are_refused_before_anything_is_said(house: House) -> None:
    sara = house.customer("sara@x")
    await sara.writes("Where is the receipt?")
    reza, said = house.agent("reza"), len(sara.mails)
    with pytest.raises(Misused, match="files"):
        await reza.replies(house.only(), "Here.", files=[RECEIPT] * 21)
    with pytest.raises(Misused, match="files"):
        await reza.replies(house.only(), "Here.", files=[{"filename": "", "content": b""}])
    assert len(sara.mails) == said


async def test_the_same_call_with_another_file_is_another_call(house: House) -> None:
    await house.customer("sara@x").writes("Where is the receipt?")
    reza = house.agent("reza")
    first = await reza.replies(house.only(), "Here.", once="key", files=[RECEIPT])
    assert (await reza.replies(house.only(), "Here.", once="key", files=[RECEIPT])).message == first.message
    with pytest.raises(Problem, match="key_reused"):
        await reza.replies(house.only(), "Here.", once="key", files=[{**RECEIPT, "content": b"other"}])


async def test_an_answer_is_kept_whole_and_its_own_words_apart(house: House) -> None:
    await house.customer("sara@x").writes("Where is it?")
    await house.agent("reza").replies(house.only(), "It is there.")
    said = house.said(house.only())[-1]
    assert said.reply_text == "It is there."
    assert "> Where is it?" in said.text
