"""The queue as a simulation: who takes what, in which order, and when it is done."""

import random

import pytest

from inbox.pipeline.duties import NEVER, Duty
from inbox.pipeline.floor import Hand, play
from inbox.pipeline.queue import End, Work, queue

ALWAYS = Duty(((0.0, 10_000.0),))


def crew(**hands: Hand) -> dict[str, Hand]:
    return hands


def hand(*teams: str, duty: Duty = ALWAYS, usual: float = 10, capacity: int | None = None) -> Hand:
    return Hand(duty, frozenset(teams), capacity, usual)


def ends(work: list[Work], hands: dict[str, Hand], until: float = 5_000) -> list[tuple[float, str]]:
    return [(one.at, one.by) for one in play(queue(work), hands, until)]


def test_one_after_the_other_as_long_as_each_takes() -> None:
    work = [Work(0, takes=5), Work(1), Work(40)]
    assert ends(work, crew(sara=hand())) == [(5, "sara"), (15, "sara"), (50, "sara")]


def test_the_most_urgent_first_then_what_is_due_then_what_has_waited() -> None:
    work = [Work(0), Work(1), Work(2, due=50), Work(3, due=40), Work(4, weight=3)]
    order = sorted(range(5), key=lambda number: ends(work, crew(sara=hand()))[number])
    assert order == [0, 4, 3, 2, 1]


def test_a_team_takes_its_own_and_what_is_nobodys() -> None:
    hands = crew(sara=hand("support"), ali=hand("finance"))
    work = [Work(0, team="finance"), Work(0, team="finance"), Work(0, team="support"), Work(1)]
    assert ends(work, hands) == [(10, "ali"), (20, "ali"), (10, "sara"), (20, "sara")]
    assert ends([Work(0, team="nobody is in it")], hands) == [(NEVER, "")]


def test_what_is_an_agents_waits_for_that_agent() -> None:
    hands = crew(sara=hand("support"), ali=hand("support"))
    work = [Work(0, assignee="sara"), Work(0, assignee="sara"), Work(0, assignee="who left", team="support")]
    assert ends(work, hands) == [(10, "sara"), (20, "sara"), (10, "ali")]


def test_a_strategy_comes_to_who_has_the_least_and_not_beyond_capacity() -> None:
    hands = crew(sara=hand("support", capacity=1), ali=hand("support"), kian=hand("oncall"))
    work = [Work(0, team="support", assignee="by round-robin") for _ in range(4)]
    assert ends(work, hands) == [(10, "sara"), (10, "ali"), (20, "ali"), (30, "ali")]
    nobody = [Work(0, team="support", assignee="by least-busy")]
    later = crew(sara=hand("support", duty=Duty(((100.0, 200.0),))))
    assert ends(nobody, later) == [(110, "sara")], "it waits in the team's queue"


def test_work_goes_on_at_the_next_beginning_of_duty() -> None:
    mine = hand(duty=Duty(((10.0, 20.0), (100.0, 200.0))))
    work = [Work(0), Work(0, takes=15), Work(150)]
    assert ends(work, crew(sara=mine)) == [(20, "sara"), (115, "sara"), (160, "sara")]
    assert ends([Work(300)], crew(sara=mine)) == [(NEVER, "")]


def test_who_went_away_is_not_worked_on_and_whoever_is_begun_is_finished() -> None:
    work = [Work(0, takes=50), Work(1, gone=30), Work(2, takes=1), Work(60, gone=61)]
    assert ends(work, crew(sara=hand())) == [(50, "sara"), (NEVER, ""), (51, "sara"), (70, "sara")]


def test_what_is_not_done_in_the_end_is_not_done() -> None:
    assert ends([Work(0), Work(0)], crew(sara=hand()), until=15) == [(10, "sara"), (NEVER, "")]
    assert list(play(queue([Work(0)]), {}, 100)) == [End()]
    assert list(play(queue([]), crew(sara=hand()), 100)) == []


@pytest.mark.parametrize("seed", range(25))
def test_nobody_does_two_things_at_once_nothing_is_done_twice_and_the_end_is_always_the_same(seed: int) -> None:
    chance = random.Random(seed)
    shifts = Duty(tuple((day * 100.0, day * 100.0 + 40) for day in range(60)))
    hands = crew(
        sara=hand("support", duty=shifts, capacity=2), ali=hand("support", "finance"), kian=hand("finance", duty=shifts)
    )
    work = [
        Work(
            chance.randrange(3000),
            gone=chance.choice((NEVER, NEVER, chance.randrange(3000, 4000))),
            weight=chance.randrange(4),
            team=chance.choice(("support", "finance", "")),
            assignee=chance.choice(("", "", "sara", "by least-busy")),
            takes=chance.choice((None, chance.randrange(1, 60))),
        )
        for _ in range(150)
    ]
    played = list(play(queue(work), hands, 6_000))
    assert list(play(queue(work), hands, 6_000)) == played
    for name, one in hands.items():
        mine = sorted(
            ((end.at, work[number]) for number, end in enumerate(played) if end.by == name), key=lambda pair: pair[0]
        )
        busy = [one.usual if each.takes is None else each.takes for _, each in mine]
        for (before, _), (at, each), takes in zip(mine, mine[1:], busy[1:], strict=False):
            worked = one.duty.worked(at) - one.duty.worked(max(before, each.at))
            assert worked >= takes - 1e-6, "each takes its time, after the one before"
        assert all(not each.team or each.team in one.teams or each.assignee == name for _, each in mine)
    done = [end for end in played if end.by]
    assert len(done) > 100
