"""Which clocks would have been met: a rehearsal from waits, standings and a roster."""

import random
from datetime import UTC, datetime, time, timedelta

import pytest

from inbox.domain.conversations import Priority
from inbox.domain.ids import AgentId, ClockId, ConversationId, TeamId
from inbox.domain.people import Agent, Roster, Shift, Team
from inbox.pipeline.rehearse import Count, Rehearsal, rehearse
from inbox.pipeline.standings import Standing, Step, stood
from inbox.pipeline.waits import Waits
from inbox.sla.board import Terms
from inbox.sla.durations import parse
from inbox.sla.hours import Calendar, Hours
from inbox.sla.policy import Metric, Policy, Target
from inbox.store.episodes import Episode

MORNING = datetime(2026, 11, 23, 9, tzinfo=UTC)
SARA, ALI = AgentId(1), AgentId(2)
ALWAYS = Calendar(Hours("always", "UTC", always=True))
TARGETS = {
    (metric, priority): Target(parse(told, "t"), "always")
    for metric in (Metric.FIRST_REPLY, Metric.NEXT_REPLY)
    for priority, told in ((Priority.NORMAL, "60 minutes (24x7)"), (Priority.URGENT, "15 minutes (24x7)"))
}
TERMS = Terms({"standard": Policy("standard", TARGETS)}, {"always": ALWAYS})
DAY = tuple(Shift(agent, 0, time(9), time(17), "UTC") for agent in (SARA, ALI))
ROSTER = Roster(
    agents=(Agent(SARA, "sara", "Sara"), Agent(ALI, "ali", "Ali")),
    teams=(Team(TeamId(1), "support", members=(SARA,)), Team(TeamId(2), "finance", members=(ALI,))),
    shifts=DAY,
)
Known = dict[ConversationId, tuple[Step, ...]]
EVENING = MORNING + timedelta(hours=12)
FIRST = Metric.FIRST_REPLY


def at(minutes: float) -> datetime:
    return MORNING + timedelta(minutes=minutes)


def wait(number: int, start: float, end: float | None, by: AgentId | None = SARA, missed: bool = False) -> Episode:
    stopped = None if end is None else at(end)
    return Episode(ClockId(number), ConversationId(number), f"R{number}", FIRST, at(start), stopped, by, missed, True)


def stands(team: str = "support", priority: str = "normal", state: str = "open", assignee: str = "none") -> Standing:
    return Standing(priority, team, assignee, "standard", state)


def steps(*pairs: tuple[Standing, Standing], at: datetime = MORNING) -> Known:
    return {ConversationId(number): ((at, *pair),) for number, pair in enumerate(pairs)}


def told(waits: list[Episode], known: Known, roster: Roster = ROSTER) -> Rehearsal:
    waited = Waits()
    for one in waits:
        waited.add(one, *stood(known.get(one.conversation, ()), one.started_at))
    return rehearse(waited, roster, TERMS, EVENING)


def numbers(count: Count) -> tuple[int, int, int, int]:
    return count.met, count.missed, count.open, count.none


def test_what_was_decided_is_played_with_the_times_that_answers_took() -> None:
    waits = [wait(0, 0, 20), wait(1, 5, 40), wait(2, 10, 130, missed=True)]
    same = stands()
    found = told(waits, steps(*[(same, same)] * 3))
    assert numbers(found.real[FIRST]) == (2, 1, 0, 0)
    # Twenty minutes each, but the last, of which sixty count: three of the usual twenty at most.
    assert numbers(found.before[FIRST]) == numbers(found.after[FIRST]) == (2, 1, 0, 0)
    assert found.handled == {"sara": (3, 3)}
    assert found.turned == (0, 0)


def test_other_teams_and_priorities_change_which_clocks_are_met() -> None:
    waits = [wait(number, 0, 25 * (number + 1)) for number in range(4)]
    pairs = [(stands(), stands("finance" if number > 1 else "support")) for number in range(4)]
    found = told(waits, steps(*pairs))
    assert numbers(found.before[FIRST]) == (2, 2, 0, 0)
    assert numbers(found.after[FIRST]) == (4, 0, 0, 0)
    assert (found.turned, found.better, found.worse) == ((2, 0), ("R2", "R3"), ())
    assert found.handled == {"ali": (0, 2), "sara": (4, 2)}
    urgent = told(waits, steps(*[(stands(), stands(priority="urgent"))] * 4))
    assert numbers(urgent.after[FIRST]) == (0, 4, 0, 0)
    assert urgent.worse == ("R0", "R1")


def test_what_the_rules_close_waits_for_nobody() -> None:
    found = told([wait(0, 0, 50), wait(1, 0, 100)], steps((stands(), stands(state="spam")), (stands(), stands())))
    assert numbers(found.after[FIRST]) == (1, 0, 0, 1)
    assert found.handled == {"sara": (2, 1)}


def test_who_went_away_unanswered_is_owed_nothing_and_nobody_in_a_team_misses_all() -> None:
    gone, nobody = wait(0, 0, 5, by=None), wait(1, 0, None, by=None)
    found = told([gone, nobody], steps((stands(), stands("empty")), (stands(), stands("empty"))))
    assert numbers(found.real[FIRST]) == (0, 0, 1, 1)
    assert numbers(found.after[FIRST]) == (0, 1, 0, 1)


def test_without_known_times_an_answer_takes_ten_minutes_and_without_a_policy_nothing_is_owed() -> None:
    found = told([wait(0, 0, None, by=None)], steps((stands(), Standing("normal", "support", "none", "none", "open"))))
    assert numbers(found.before[FIRST]) == (1, 0, 0, 0)
    assert numbers(found.after[FIRST]) == (0, 0, 0, 1)
    assert found.handled == {"sara": (1, 1)}


def test_a_wait_of_which_no_decision_is_known_is_anybodys() -> None:
    assert numbers(told([wait(0, 0, 10)], {}).after[FIRST]) == (0, 0, 0, 1)
    assert told([], {}).handled == {}


def test_a_wait_stands_as_the_decision_on_its_message_left_it() -> None:
    first, second = (at(0), stands(), stands()), (at(60), stands(), stands("finance"))
    known: Known = {ConversationId(0): (first, second)}
    found = told([wait(0, 0, 10), wait(0, 59, 70), wait(0, 200, 210)], known)
    assert found.handled == {"ali": (0, 2), "sara": (3, 1)}


def test_what_is_due_after_the_end_is_open() -> None:
    late = Episode(ClockId(0), ConversationId(0), "R0", FIRST, EVENING - timedelta(minutes=5), None, None, False, True)
    assert numbers(told([late], steps((stands(), stands()))).after[FIRST]) == (0, 0, 1, 0)


@pytest.mark.parametrize("seed", range(5))
def test_it_makes_no_difference_in_which_order_waits_were_read(seed: int) -> None:
    chance = random.Random(seed)
    # Many begin at the same instant: whose turn it is then is the older clock's.
    waits = [wait(number, chance.randrange(3) * 60, chance.randrange(200, 500)) for number in range(30)]
    places = [stands(chance.choice(("support", "finance")), chance.choice(("normal", "urgent"))) for _ in waits]
    known = steps(*[(one, chance.choice(places)) for one in places])
    found = told(waits, known)
    assert found.turned != (0, 0)
    chance.shuffle(waits)
    assert told(waits, known) == found


@pytest.mark.parametrize(("count", "share"), [(Count(), 1.0), (Count(met=1, missed=3, open=9, none=9), 0.25)])
def test_a_share_counts_what_was_judged(count: Count, share: float) -> None:
    assert count.share == share
