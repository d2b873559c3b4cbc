"""What is counted at the end of a load: a lost message, a doubled acknowledgement and an answer that did not arrive fail the run."""

from collections import Counter
from datetime import UTC, datetime

from bench.customers import Told
from bench.shift import Done
from bench.tallied import Found, Left, counted
from bench.timetable import Way, timetable

ARRIVALS = list(timetable(5, 40, 42, datetime(2026, 11, 27, tzinfo=UTC)))
OPENING = [one for one in ARRIVALS if one.opens]
MAIL = next(one for one in OPENING if one.way is Way.LISTENER)
CHAT = next(one for one in OPENING if one.way is Way.CHAT)
BY_MAIL, IN_CHAT = "agent1x00001x", "agent2x00007x"


def told() -> Told:
    return Told(taken={one.number: 1.0 for one in ARRIVALS})


def done() -> Done:
    return Done(answers={BY_MAIL, IN_CHAT})


def found() -> Found:
    """All as it should be."""
    acks = [Left(one.key, 2.0, frozenset()) for one in OPENING if one.way is not Way.CHAT]
    ack = {"ours": True, "automatic": True, "text": "Thank you."}
    chats = {one.matter: [ack] for one in OPENING if one.way is Way.CHAT}
    chats[CHAT.matter].append({"ours": True, "automatic": False, "text": f"It left.\n{IN_CHAT}"})
    return Found(
        [*acks, Left(MAIL.key, 9.0, frozenset({BY_MAIL}))],
        chats,
        Counter(one.key for one in ARRIVALS),
        Counter(accepted=len(ARRIVALS)),
        len(OPENING),
        [1.0],
    )


def missed(found: Found, told: Told, done: Done) -> set[str]:
    return {figure.what for figure in counted(ARRIVALS, told, done, found) if figure.failed}


def test_where_all_is_there_once_nothing_is_missed() -> None:
    assert missed(found(), told(), done()) == set()


def test_a_message_that_is_not_stored_and_one_that_is_stored_twice() -> None:
    made = found()
    del made.stored[MAIL.key]
    assert missed(made, told(), done()) == {"messages stored once"}
    made.stored[MAIL.key] = 2
    assert missed(made, told(), done()) == {"messages stored once"}


def test_an_acknowledgement_that_is_missing_and_one_that_came_twice() -> None:
    made = found()
    one = Left(MAIL.key, 2.0, frozenset())
    twice = Found([*made.mails, one], made.chats, made.stored, made.verdicts, made.conversations, made.lags)
    assert missed(twice, told(), done()) == {"mails acknowledged once", "acknowledgements too many"}
    rest = [mail for mail in made.mails if mail != one]
    lost = Found(rest, {**made.chats, CHAT.matter: ()}, made.stored, made.verdicts, made.conversations, made.lags)
    assert {"mails acknowledged once", "chats acknowledged once"} <= missed(lost, told(), done())


def test_an_answer_that_did_not_arrive_and_one_that_nobody_took() -> None:
    assert missed(found(), told(), Done(answers={BY_MAIL, IN_CHAT, "agent3x00001x"})) == {
        "agents' answers that arrived once"
    }
    assert missed(found(), told(), Done(answers={BY_MAIL})) == {"answers that arrived and were not taken"}


def test_what_was_refused_at_the_door_and_trouble_with_pages() -> None:
    refused = Told(taken={one.number: 1.0 for one in ARRIVALS[1:]}, refused=["listener 0: gone"])
    troubled = Done(answers={BY_MAIL, IN_CHAT}, trouble=["agent1: 500"])
    assert missed(found(), refused, troubled) == {
        "refused at the door",
        "messages taken",
        "trouble of agents with pages",
    }
