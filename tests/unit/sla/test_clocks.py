"""Clocks follow the facts: what starts, stops, pauses and moves them, checked by example and against a plain retelling."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.domain.conversations import Priority
from inbox.sla import clocks
from inbox.sla.board import Board, ClockFact, Kind, Terms, advance, replay, surviving
from inbox.sla.clocks import ClockState, Ending, Pause
from inbox.sla.durations import parse
from inbox.sla.hours import Calendar
from inbox.sla.policy import Metric, Policy, Target
from tests.unit.sla.drawing import round_the_clock, working_week

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
T0 = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)  # Tuesday 10:00 in Tehran
END = T0 + timedelta(days=30)
CALENDARS = {"support": Calendar(working_week()), "always": Calendar(round_the_clock())}


def policy(name: str, normal: str, urgent: str) -> Policy:
    targets = {}
    for metric in Metric:
        targets[metric, Priority.NORMAL] = Target(parse(normal, "here"), "support")
        targets[metric, Priority.URGENT] = Target(parse(urgent, "here"), "always")
    return Policy(name, targets)


STANDARD = policy("standard", "4 working hours", "30 minutes (24x7)")
SLOW = policy("slow", "2 working days", "4 hours (24x7)")
TERMS = Terms({"standard": STANDARD, "slow": SLOW}, CALENDARS)
BEGIN = ClockFact(T0, Kind.POLICY_CHANGED, policy="standard")


def fact(after: timedelta, kind: Kind, **more: str) -> ClockFact:
    return ClockFact(T0 + after, kind, reply=more.get("reply", ""), policy=more.get("policy", ""))


def priority(after: timedelta, to: Priority) -> ClockFact:
    return ClockFact(T0 + after, Kind.PRIORITY_CHANGED, priority=to)


def story(*facts: ClockFact, now: datetime = T0 + HOUR) -> Board:
    return replay([BEGIN, *facts], TERMS, now)


def one(board: Board, metric: Metric, cycle: int = 1) -> ClockState:
    return next(s for s in board.states if (s.metric, s.cycle) == (metric, cycle))


WROTE = fact(timedelta(), Kind.CUSTOMER_WROTE)


def test_the_first_message_starts_first_reply_and_resolution() -> None:
    board = story(WROTE)
    assert {(s.metric, s.cycle, s.started_at) for s in board.states} == {
        (Metric.FIRST_REPLY, 1, T0),
        (Metric.RESOLUTION, 1, T0),
    }
    assert one(board, Metric.FIRST_REPLY).due_at == T0 + 4 * HOUR


@pytest.mark.parametrize("kind", [Kind.ACKNOWLEDGED, Kind.NOTED])
def test_an_acknowledgement_or_a_note_stops_nothing(kind: Kind) -> None:
    assert story(WROTE, fact(MINUTE, kind)) == story(WROTE)


def test_a_public_reply_stops_the_clock_provisionally_until_it_is_sent() -> None:
    reply = fact(HOUR, Kind.AGENT_REPLIED, reply="r1")
    first = one(story(WROTE, reply), Metric.FIRST_REPLY)
    assert (first.stopped_at, first.ended, first.provisional) == (T0 + HOUR, Ending.REPLY, True)
    sent = one(story(WROTE, reply, fact(HOUR + MINUTE, Kind.REPLY_SENT, reply="r1")), Metric.FIRST_REPLY)
    assert sent == replace(first, provisional=False)
    assert sent.met


def test_a_failed_reply_restores_the_clock_from_its_original_start() -> None:
    reply, failed = fact(HOUR, Kind.AGENT_REPLIED, reply="r1"), fact(5 * HOUR, Kind.REPLY_FAILED, reply="r1")
    board = story(WROTE, reply, failed, now=T0 + 6 * HOUR)
    first = one(board, Metric.FIRST_REPLY)
    assert (first.started_at, first.stopped_at, first.breached_at) == (T0, None, T0 + 4 * HOUR)
    assert not board.answered
    assert not board.open(Metric.UPDATE)


def test_a_failed_reply_that_goes_out_after_all_counts_from_then() -> None:
    board = story(
        WROTE,
        fact(HOUR, Kind.AGENT_REPLIED, reply="r1"),
        fact(2 * HOUR, Kind.REPLY_FAILED, reply="r1"),
        fact(3 * HOUR, Kind.REPLY_SENT, reply="r1"),
    )
    first = one(board, Metric.FIRST_REPLY)
    assert (first.stopped_at, first.provisional) == (T0 + 3 * HOUR, False)


def test_when_one_of_two_replies_fails_the_other_one_counts() -> None:
    board = story(
        WROTE,
        fact(1 * HOUR, Kind.AGENT_REPLIED, reply="r1"),
        fact(2 * HOUR, Kind.CUSTOMER_WROTE),
        fact(3 * HOUR, Kind.AGENT_REPLIED, reply="r2"),
        fact(4 * HOUR, Kind.REPLY_FAILED, reply="r1"),
    )
    assert one(board, Metric.FIRST_REPLY).stopped_at == T0 + 3 * HOUR
    assert not board.last_cycle(Metric.NEXT_REPLY)


def test_the_next_reply_clock_runs_from_the_oldest_unanswered_message() -> None:
    board = story(
        WROTE,
        fact(1 * HOUR, Kind.AGENT_REPLIED, reply="r1"),
        fact(2 * HOUR, Kind.CUSTOMER_WROTE),
        fact(3 * HOUR, Kind.CUSTOMER_WROTE),
        fact(4 * HOUR, Kind.AGENT_REPLIED, reply="r2"),
        fact(5 * HOUR, Kind.CUSTOMER_WROTE),
    )
    assert (one(board, Metric.NEXT_REPLY, 1).started_at, one(board, Metric.NEXT_REPLY, 2).started_at) == (
        T0 + 2 * HOUR,
        T0 + 5 * HOUR,
    )
    assert one(board, Metric.NEXT_REPLY, 1).stopped_at == T0 + 4 * HOUR
    assert board.open(Metric.NEXT_REPLY) == [one(board, Metric.NEXT_REPLY, 2)]


def test_an_older_message_that_comes_late_moves_the_start_back() -> None:
    board = story(fact(HOUR, Kind.CUSTOMER_WROTE), fact(-HOUR, Kind.CUSTOMER_WROTE))
    assert {s.started_at for s in board.states} == {T0 - HOUR}
    assert one(board, Metric.FIRST_REPLY).due_at == T0 + 3 * HOUR


def test_an_agent_who_wrote_first_has_answered_already() -> None:
    board = story(fact(timedelta(), Kind.AGENT_REPLIED, reply="r0"), fact(HOUR, Kind.CUSTOMER_WROTE))
    assert one(board, Metric.NEXT_REPLY).started_at == T0 + HOUR
    assert not board.last_cycle(Metric.FIRST_REPLY)


def test_another_priority_is_another_target_from_the_original_start() -> None:
    first = one(story(WROTE, priority(2 * HOUR, Priority.URGENT), now=T0 + 2 * HOUR + MINUTE), Metric.FIRST_REPLY)
    assert (first.started_at, first.due_at, first.breached_at) == (T0, T0 + HOUR / 2, T0 + HOUR / 2)
    back = one(
        story(WROTE, priority(MINUTE, Priority.URGENT), priority(20 * MINUTE, Priority.NORMAL)), Metric.FIRST_REPLY
    )
    assert back == one(story(WROTE), Metric.FIRST_REPLY)


def test_another_policy_is_another_target_and_a_breach_stays_on_record() -> None:
    slow = fact(5 * HOUR, Kind.POLICY_CHANGED, policy="slow")
    first = one(story(WROTE, slow), Metric.FIRST_REPLY)
    assert first.due_at == T0 + timedelta(days=2)
    assert first.breached_at == T0 + 4 * HOUR
    none = one(story(WROTE, fact(HOUR, Kind.POLICY_CHANGED)), Metric.FIRST_REPLY)
    assert (none.due_at, none.target) == (None, None)


def test_a_stopped_clock_keeps_the_target_that_it_met() -> None:
    reply = fact(HOUR, Kind.AGENT_REPLIED, reply="r1")
    assert one(story(WROTE, reply, priority(2 * HOUR, Priority.URGENT)), Metric.FIRST_REPLY).due_at == T0 + 4 * HOUR


def test_a_priority_without_a_target_measures_and_owes_nothing() -> None:
    first = one(story(WROTE, priority(HOUR, Priority.LOW), now=END), Metric.FIRST_REPLY)
    assert (first.due_at, first.breached_at, first.open) == (None, None, True)


def test_waiting_pauses_the_resolution_and_no_other_clock() -> None:
    waiting = fact(HOUR, Kind.WAITING_STARTED)
    paused = story(WROTE, waiting, now=END)
    assert [s.metric for s in paused.states if s.paused] == [Metric.RESOLUTION]
    assert one(paused, Metric.RESOLUTION).breached_at is None
    assert one(paused, Metric.FIRST_REPLY).breached_at == T0 + 4 * HOUR
    resumed = one(story(WROTE, waiting, fact(3 * HOUR, Kind.WAITING_ENDED)), Metric.RESOLUTION)
    assert resumed.due_at == T0 + 6 * HOUR


def test_a_pause_out_of_hours_moves_nothing() -> None:
    night = story(WROTE, fact(8 * HOUR, Kind.WAITING_STARTED), fact(20 * HOUR, Kind.WAITING_ENDED))
    assert one(night, Metric.RESOLUTION).due_at == one(story(WROTE), Metric.RESOLUTION).due_at


def test_a_pause_that_began_after_the_due_instant_moves_nothing() -> None:
    late = story(WROTE, fact(5 * HOUR, Kind.WAITING_STARTED), fact(6 * HOUR, Kind.WAITING_ENDED))
    assert one(late, Metric.RESOLUTION).due_at == T0 + 4 * HOUR


def test_what_came_to_closing_time_when_it_was_paused_is_due_once_we_work_again() -> None:
    asked, rests = fact(3 * HOUR, Kind.CUSTOMER_WROTE), fact(7 * HOUR, Kind.WAITING_STARTED)
    assert one(story(asked), Metric.RESOLUTION).due_at == rests.at, "it closes at 17:00"
    board = story(asked, rests, fact(20 * HOUR, Kind.WAITING_ENDED), now=T0 + 22 * HOUR)
    resolution = one(board, Metric.RESOLUTION)
    assert resolution.due_at == CALENDARS["support"].next_open(T0 + 20 * HOUR)
    assert resolution.breached_at is None, "no working time passed while it ran"


def test_pauses_are_counted_anew_on_the_calendar_of_the_new_priority() -> None:
    facts = [WROTE, fact(timedelta(minutes=10), Kind.WAITING_STARTED), fact(14 * HOUR, Kind.WAITING_ENDED)]
    urgent = one(story(*facts, priority(15 * HOUR, Priority.URGENT)), Metric.RESOLUTION)
    assert urgent.due_at == T0 + 14 * HOUR + timedelta(minutes=20)


def test_done_ends_the_resolution_and_withdraws_what_nobody_answered() -> None:
    board = story(WROTE, fact(HOUR, Kind.DONE))
    assert one(board, Metric.RESOLUTION).met
    assert (one(board, Metric.FIRST_REPLY).ended, one(board, Metric.FIRST_REPLY).met) == (Ending.DONE, False)


def test_opened_again_the_resolution_goes_on_and_the_time_between_did_not_count() -> None:
    facts = [WROTE, fact(HOUR, Kind.AGENT_REPLIED, reply="r"), fact(2 * HOUR, Kind.DONE), fact(4 * HOUR, Kind.REOPENED)]
    board = story(*facts, fact(4 * HOUR, Kind.CUSTOMER_WROTE))
    resolution = one(board, Metric.RESOLUTION)
    assert (resolution.started_at, resolution.due_at, resolution.open) == (T0, T0 + 6 * HOUR, True)
    assert one(board, Metric.NEXT_REPLY).started_at == T0 + 4 * HOUR
    assert one(board, Metric.UPDATE, 2).started_at == T0 + 4 * HOUR


def test_done_while_waiting_ends_the_pause_too() -> None:
    resolution = one(story(WROTE, fact(HOUR, Kind.WAITING_STARTED), fact(2 * HOUR, Kind.DONE)), Metric.RESOLUTION)
    assert resolution.pauses == (Pause(T0 + HOUR, T0 + 2 * HOUR),)
    assert resolution.met


def test_updates_are_owed_from_one_reply_to_the_next_until_done() -> None:
    board = story(
        WROTE,
        fact(1 * HOUR, Kind.AGENT_REPLIED, reply="r1"),
        fact(2 * HOUR, Kind.AGENT_REPLIED, reply="r2"),
        fact(3 * HOUR, Kind.DONE),
    )
    assert [(s.started_at, s.stopped_at, s.ended) for s in board.states if s.metric is Metric.UPDATE] == [
        (T0 + HOUR, T0 + 2 * HOUR, Ending.REPLY),
        (T0 + 2 * HOUR, T0 + 3 * HOUR, Ending.DONE),
    ]


def test_a_last_word_after_done_owes_no_update() -> None:
    board = story(WROTE, fact(HOUR, Kind.DONE), fact(2 * HOUR, Kind.AGENT_REPLIED, reply="thanks"))
    assert board.answered
    assert not [s for s in board.states if s.open]


def test_out_of_spam_the_customer_has_been_waiting_all_the_while() -> None:
    spam = [WROTE, fact(HOUR, Kind.SPAM), fact(2 * HOUR, Kind.CUSTOMER_WROTE)]
    assert not [s for s in story(*spam).states if s.open]
    back = story(*spam, fact(3 * HOUR, Kind.REOPENED), now=T0 + 3 * HOUR)
    first, resolution = one(back, Metric.FIRST_REPLY), one(back, Metric.RESOLUTION)
    assert (first.started_at, first.due_at, first.open) == (T0, T0 + 4 * HOUR, True)
    assert resolution.due_at == T0 + 6 * HOUR


def test_a_merged_conversation_owes_nothing_any_more() -> None:
    merged = story(WROTE, fact(HOUR, Kind.MERGED))
    assert {s.ended for s in merged.states} == {Ending.MERGED}
    later = [fact(2 * HOUR, Kind.CUSTOMER_WROTE), fact(3 * HOUR, Kind.REOPENED), fact(4 * HOUR, Kind.DONE)]
    assert story(WROTE, fact(HOUR, Kind.MERGED), *later) == merged


def test_met_exactly_at_the_due_instant_is_in_time() -> None:
    reply = fact(4 * HOUR, Kind.AGENT_REPLIED, reply="r1")
    assert one(story(WROTE, reply), Metric.FIRST_REPLY).breached_at is None
    assert one(story(WROTE, now=T0 + 4 * HOUR), Metric.FIRST_REPLY).breached_at is None
    assert one(story(WROTE, now=T0 + 4 * HOUR + MINUTE), Metric.FIRST_REPLY).breached_at == T0 + 4 * HOUR


def test_a_failure_is_refused_by_the_step_that_looks_at_no_earlier_fact() -> None:
    with pytest.raises(ValueError, match="replay"):
        advance(Board(), fact(HOUR, Kind.REPLY_FAILED, reply="r1"), TERMS)


@st.composite
def logs(draw: st.DrawFn) -> list[ClockFact]:
    """A conversation's facts at growing instants, replies sent or failed later or not at all."""
    kinds = draw(st.lists(st.sampled_from([k for k in Kind if not k.startswith("reply_")]), max_size=14))
    gaps = draw(st.lists(st.integers(0, 3000), min_size=len(kinds), max_size=len(kinds)))
    facts = [BEGIN, WROTE]
    for n, (minutes, kind) in enumerate(zip(accumulate(gaps), kinds, strict=True)):
        at = T0 + minutes * MINUTE
        reply = f"r{n}" if kind is Kind.AGENT_REPLIED else ""
        to = draw(st.sampled_from(Priority))
        facts.append(ClockFact(at, kind, reply, to, draw(st.sampled_from(["standard", "slow", ""]))))
    for n in [n for n, f in enumerate(facts) if f.reply]:
        for outcome in draw(st.lists(st.sampled_from([Kind.REPLY_SENT, Kind.REPLY_FAILED]), max_size=3)):
            place = draw(st.integers(n + 1, len(facts)))
            if all(f.reply != facts[n].reply or m <= n for m, f in enumerate(facts[place:], place)):
                facts.insert(place, ClockFact(facts[place - 1].at, outcome, facts[n].reply))
    return facts


@given(logs())
@settings(max_examples=300, deadline=None)
def test_going_on_from_the_last_clocks_equals_a_replay_of_the_whole_log(log: list[ClockFact]) -> None:
    """What the path does: it keeps the newest clock of each metric and never looks at the earlier facts."""
    board = Board()
    for known in surviving(log):
        newest = {s.metric: s for s in board.states}
        board = advance(replace(board, states=tuple(newest.values())), known, TERMS)
    whole = replay(log, TERMS, END)
    assert {s.metric: clocks.judge(s, END) for s in board.states} == {s.metric: s for s in whole.states}
    assert (board.answered, board.closed, board.priority) == (whole.answered, whole.closed, whole.priority)


@given(logs())
@settings(max_examples=300, deadline=None)
def test_a_reply_that_failed_is_as_if_it_had_never_been_written(log: list[ClockFact]) -> None:
    last = {f.reply: f.kind for f in log if f.kind in (Kind.REPLY_SENT, Kind.REPLY_FAILED)}
    gone = {reply for reply, kind in last.items() if kind is Kind.REPLY_FAILED}
    assert replay(log, TERMS, END) == replay([f for f in log if f.reply not in gone], TERMS, END)


@given(logs(), st.integers(0, 4000))
@settings(max_examples=200, deadline=None)
def test_restoring_one_clock_equals_the_replay_when_nobody_wrote_since(log: list[ClockFact], minutes: int) -> None:
    before = replay(log, TERMS, END)
    at = max(f.at for f in log) + minutes * MINUTE
    replied = advance(replay(log, TERMS, at), ClockFact(at, Kind.AGENT_REPLIED, "last"), TERMS)
    for state in before.states:
        if state.open and state.metric is not Metric.RESOLUTION:
            stopped = next(s for s in replied.states if (s.metric, s.cycle) == (state.metric, state.cycle))
            assert clocks.judge(clocks.restore(stopped), END) == state


@given(logs())
@settings(max_examples=300, deadline=None)
def test_reply_clocks_equal_a_plain_retelling(log: list[ClockFact]) -> None:
    """Without endings: each run of customer messages between two replies that went out is one cycle."""
    plain = [f for f in log if f.kind not in (Kind.DONE, Kind.SPAM, Kind.MERGED, Kind.REOPENED)]
    board = replay(plain, TERMS, END)
    talk = [f for f in surviving(plain) if f.kind in (Kind.CUSTOMER_WROTE, Kind.AGENT_REPLIED)]
    asked = [
        n
        for n, one in enumerate(talk)
        if one.kind is Kind.CUSTOMER_WROTE and (n == 0 or talk[n - 1].kind is Kind.AGENT_REPLIED)
    ]
    told = [next((r.at for r in talk[n:] if r.kind is Kind.AGENT_REPLIED), None) for n in asked]
    found = [(s.started_at, s.stopped_at) for s in board.states if s.metric in (Metric.FIRST_REPLY, Metric.NEXT_REPLY)]
    assert found == [(talk[n].at, at) for n, at in zip(asked, told, strict=True)]


@given(logs())
@settings(max_examples=300, deadline=None)
def test_every_state_keeps_the_laws(log: list[ClockFact]) -> None:
    for state in replay(log, TERMS, END).states:
        assert state.due_at is None or state.due_at >= state.started_at
        assert state.stopped_at is None or state.stopped_at >= state.started_at
        assert (state.stopped_at is None) == (state.ended is None)
        assert not state.paused or state.metric is Metric.RESOLUTION
        if state.target and state.due_at:
            assert CALENDARS[state.target.hours].covers(state.due_at)


@given(st.lists(st.integers(1, 3000), min_size=2, max_size=8), st.integers(0, 3000), st.sampled_from([STANDARD, SLOW]))
@settings(max_examples=200, deadline=None)
def test_a_longer_pause_never_makes_it_due_earlier(gaps: list[int], longer: int, terms: Policy) -> None:
    for level in (Priority.NORMAL, Priority.URGENT):
        at, short = T0, clocks.start(Metric.RESOLUTION, 1, T0, terms, level, CALENDARS)
        long = short
        for n, minutes in enumerate(gaps):
            at += minutes * MINUTE
            if n % 2:
                more = longer * MINUTE if n == len(gaps) - 1 or n == len(gaps) - 2 else timedelta()
                short, long = clocks.resume(short, at, CALENDARS), clocks.resume(long, at + more, CALENDARS)
            else:
                short, long = clocks.pause(short, at), clocks.pause(long, at)
        assert short.due_at is not None
        assert long.due_at is not None
        assert T0 <= short.due_at <= long.due_at
