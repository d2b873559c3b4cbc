"""The told time moves with policy, history, queue and shift, and where we are unsure no answer is promised."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.domain.problems import Misconfigured
from inbox.domain.promises import PromiseKind
from inbox.sla.hours import Calendar, Hours, Span
from inbox.sla.promise import Announcement, Basis, Situation, Unsure, estimate, reproduce
from inbox.sla.rounding import round_up
from inbox.sla.survival import History, Sample
from tests.unit.sla.drawing import places, round_the_clock, working_week

SUPPORT = Calendar(working_week())
ANSWER, UPDATE = PromiseKind.ANSWER, PromiseKind.UPDATE


def tehran(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo("Asia/Tehran")).astimezone(UTC)


def minutes(*each: float, still: Sequence[float] = ()) -> History:
    return History.of([*(Sample(m * 60) for m in each), *(Sample(m * 60, censored=True) for m in still)])


NOW = tehran(24, 10, 10)
QUIET = Situation(now=NOW, policy_target=tehran(24, 14, 10), calendar=SUPPORT, queue_ahead=0, agents_on_shift=2)


def told(situation: Situation) -> tuple[PromiseKind | None, datetime | None, Basis | None, Unsure | None]:
    said = estimate(situation)
    return said.kind, said.at, said.basis, said.unsure


def test_with_nothing_else_known_the_policy_is_told_rounded_up() -> None:
    assert told(QUIET) == (ANSWER, tehran(24, 14, 30), Basis.POLICY, None)


def test_a_fast_history_never_undercuts_the_policy() -> None:
    assert told(replace(QUIET, first_replies=minutes(*[5] * 50)))[1:3] == (tehran(24, 14, 30), Basis.POLICY)


def test_a_slow_history_moves_the_time_later() -> None:
    slow = minutes(*range(100, 400, 6))
    assert slow.quantile(0.85) == 352 * 60
    assert told(replace(QUIET, first_replies=slow)) == (ANSWER, tehran(24, 16, 30), Basis.HISTORY, None)


def test_a_higher_percentile_is_a_later_time() -> None:
    slow = replace(QUIET, first_replies=minutes(*range(100, 400, 6)))
    times = [estimate(replace(slow, percentile=p)).at for p in (0.8, 0.85, 0.9)]
    assert times == [tehran(24, 16), tehran(24, 16, 30), tehran(24, 16, 30)]


def test_the_queue_and_the_shift_move_the_time() -> None:
    busy = replace(QUIET, handling=minutes(*[20] * 30), queue_ahead=23)
    assert told(busy) == (ANSWER, tehran(24, 14, 30), Basis.POLICY, None)
    assert told(replace(busy, agents_on_shift=1)) == (ANSWER, tehran(25, 10), Basis.QUEUE, None)
    assert told(replace(busy, queue_ahead=35)) == (ANSWER, tehran(24, 16, 30), Basis.QUEUE, None)


def test_many_agents_do_not_make_one_reply_quicker() -> None:
    alone = replace(QUIET, policy_target=None, agents_on_shift=6, first_replies=minutes(*[5] * 20))
    assert told(replace(alone, handling=minutes(*[120] * 20))) == (ANSWER, tehran(24, 12, 30), Basis.QUEUE, None)


def test_twenty_known_conversations_are_enough_to_see_that_nobody_is_answered() -> None:
    unanswered = replace(QUIET, first_replies=minutes(*[30] * 10, still=[40] * 10))
    assert told(unanswered)[3] is Unsure.UNANSWERED
    assert told(replace(unanswered, first_replies=minutes(*[30] * 10, still=[40] * 9)))[2] is Basis.POLICY


def test_a_long_queue_counts_from_the_first_day_on() -> None:
    assert told(replace(QUIET, queue_ahead=79)) == (ANSWER, tehran(24, 17), Basis.QUEUE, None)


def test_a_holiday_moves_the_time() -> None:
    before = replace(QUIET, now=tehran(22, 16), policy_target=SUPPORT.add_working(tehran(22, 16), timedelta(hours=4)))
    assert told(before)[:2] == (ANSWER, tehran(24, 12))
    plain = Calendar(replace(working_week(), holidays={}))
    usual = replace(before, calendar=plain, policy_target=plain.add_working(before.now, timedelta(hours=4)))
    assert told(usual)[:2] == (ANSWER, tehran(23, 11, 30))


def test_a_machine_is_told_nothing() -> None:
    assert told(replace(QUIET, automatic=True)) == (None, None, None, Unsure.AUTOMATIC)


SLOW = minutes(*range(100, 400, 6))
UNSURE = {
    Unsure.DEGRADED: replace(QUIET, degraded=True),
    Unsure.NOBODY: replace(QUIET, calendar=None, agents_on_shift=0),
    Unsure.FEW_SAMPLES: replace(QUIET, policy_target=None, first_replies=minutes(*[30] * 19)),
    Unsure.UNANSWERED: replace(QUIET, first_replies=minutes(*[30] * 20, still=[40] * 20)),
    Unsure.HORIZON: replace(QUIET, first_replies=minutes(*[30] * 10, *[60 * 40] * 20)),
    Unsure.POLICY_PASSED: replace(QUIET, policy_target=tehran(24, 9)),
    Unsure.ESTIMATED_HOLIDAY: replace(QUIET, now=tehran(14, 16, month=12), policy_target=tehran(15, 10, month=12)),
}


@pytest.mark.parametrize("why", UNSURE)
def test_unsure_no_answer_is_promised_but_news(why: Unsure) -> None:
    kind, at, basis, unsure = told(UNSURE[why])
    assert (kind, basis, unsure) == (UPDATE, None, why)
    assert at is not None
    assert at > UNSURE[why].now


def test_many_replies_vary_less_than_as_many_times_one() -> None:
    """Ten before us, one agent: eleven times the mean of 10 minutes, and the 12 that the longest takes more count √11-fold."""
    known = minutes(*[5] * 8, *[10] * 8, *[22] * 4)
    long = replace(QUIET, policy_target=None, first_replies=minutes(*[5] * 20), handling=known, agents_on_shift=1)
    assert known.mean == pytest.approx(10.4 * 60)
    assert known.quantile(0.85) == 22 * 60
    assert told(replace(long, queue_ahead=10))[1:3] == (tehran(24, 13), Basis.QUEUE)
    assert estimate(replace(long, queue_ahead=10)).inputs["handling_mean_seconds"] == pytest.approx(10.4 * 60)
    assert told(replace(long, queue_ahead=0))[1:3] == (tehran(24, 11), Basis.QUEUE), "one reply: the longest"


def test_what_was_told_before_the_mean_was_known_is_reproduced() -> None:
    said = estimate(replace(QUIET, policy_target=None, first_replies=minutes(*[5] * 20), queue_ahead=9))
    older = {name: value for name, value in said.inputs.items() if name != "handling_mean_seconds"}
    assert reproduce(older, SUPPORT).at == said.at


def test_every_reason_has_its_case() -> None:
    assert {*UNSURE, Unsure.AUTOMATIC, Unsure.OUTAGE} == set(Unsure), (
        "of an outage news was announced, and nothing is estimated"
    )


def test_just_short_of_each_reason_an_answer_is_promised() -> None:
    sure = [
        replace(QUIET, agents_on_shift=0),
        replace(QUIET, calendar=None, agents_on_shift=1),
        replace(QUIET, policy_target=None, first_replies=minutes(*[30] * 20)),
        replace(QUIET, first_replies=minutes(*[30] * 20, *[50] * 15, still=[40] * 5)),
        replace(QUIET, first_replies=minutes(*[30] * 10, *[60 * 13] * 20)),
        replace(QUIET, policy_target=tehran(24, 9), first_replies=SLOW),
        replace(QUIET, now=tehran(14, 10, month=12), policy_target=tehran(14, 14, month=12)),
    ]
    assert [told(situation)[0] for situation in sure] == [ANSWER] * len(sure)


def test_a_policy_that_allows_more_than_the_horizon_is_still_told() -> None:
    assert told(replace(QUIET, policy_target=tehran(29, 10, 10))) == (ANSWER, tehran(29, 12), Basis.POLICY, None)


def test_news_is_not_promised_for_a_day_that_may_turn_out_a_holiday() -> None:
    kind, at, _, _ = told(UNSURE[Unsure.ESTIMATED_HOLIDAY])
    assert (kind, at) == (UPDATE, tehran(20, 10, month=12))
    today = replace(QUIET, now=tehran(15, 9, month=12), policy_target=tehran(19, 9, month=12))
    assert told(today) == (UPDATE, tehran(15, 13, month=12), None, Unsure.ESTIMATED_HOLIDAY)


def test_at_night_the_morning_is_told() -> None:
    night = tehran(24, 22)
    quick = replace(QUIET, now=night, policy_target=SUPPORT.add_working(night, timedelta(hours=2)))
    assert told(quick)[:2] == (ANSWER, tehran(25, 10, 30))


def test_around_the_clock_an_urgent_target_is_told_on_a_friday_night() -> None:
    night = tehran(27, 23, 50)
    urgent = replace(
        QUIET, now=night, policy_target=night + timedelta(minutes=30), calendar=Calendar(round_the_clock())
    )
    assert told(urgent)[:2] == (ANSWER, tehran(28, 0, 30))


@pytest.mark.parametrize(
    ("at", "rounded"),
    [
        (tehran(24, 10, 30), tehran(24, 10, 30)),
        (tehran(24, 10, 30) + timedelta(seconds=1), tehran(24, 11)),
        (tehran(24, 17), tehran(24, 17)),
        (tehran(24, 18), tehran(25, 8, 30)),  # a time outside the calendar is its next opening
        (tehran(25, 10, 5), tehran(25, 10, 30)),  # not yet a day away
        (tehran(25, 10, 10), tehran(25, 12)),
        (tehran(25, 12), tehran(25, 12)),
        (tehran(25, 12, 1), tehran(26, 10)),
        (tehran(26, 12, 30), tehran(28, 10)),
    ],
)
def test_times_are_rounded_up_to_what_people_say(at: datetime, rounded: datetime) -> None:
    assert round_up(SUPPORT, NOW, at) == rounded


def test_closing_time_comes_before_the_half_hour_after_it() -> None:
    odd = Calendar(Hours("odd", "UTC", ((Span(540, 1005),),) * 7))
    at = datetime(2026, 11, 24, 16, 40, tzinfo=UTC)
    assert round_up(odd, at, at) == datetime(2026, 11, 24, 16, 45, tzinfo=UTC)
    assert round_up(odd, at, datetime(2026, 11, 24, 16, 45, tzinfo=UTC)) == datetime(2026, 11, 24, 16, 45, tzinfo=UTC)


def test_an_evening_calendar_has_neither_morning_nor_noon() -> None:
    evening = Calendar(Hours("evening", "UTC", ((Span(960, 1320),),) * 7))
    at = datetime(2026, 11, 26, 16, 10, tzinfo=UTC)
    assert round_up(evening, at - timedelta(days=2), at) == datetime(2026, 11, 26, 16, 30, tzinfo=UTC)


@given(places(), st.integers(0, 4000), st.integers(0, 4000), st.integers(0, 600))
@settings(max_examples=200, deadline=None)
def test_rounding_never_goes_back_nor_outside_and_keeps_the_order(
    place: tuple[Hours, datetime], minutes_on: int, more: int, extra: int
) -> None:
    hours, now = place
    calendar, at = Calendar(hours), now + timedelta(minutes=minutes_on, seconds=extra)
    rounded = round_up(calendar, now, at)
    assert rounded >= at
    assert calendar.covers(rounded)
    assert round_up(calendar, now, at + timedelta(minutes=more)) >= rounded


replies = st.lists(st.builds(Sample, st.integers(60, 40_000), st.booleans()), max_size=50).map(History.of)


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    now = tehran(20, 0) + draw(st.integers(0, 30 * 24 * 60)) * timedelta(minutes=1)
    calendar = draw(st.sampled_from([SUPPORT, Calendar(round_the_clock()), None]))
    target = draw(st.none() | st.integers(-100, 4000))
    return Situation(
        now=now,
        policy_target=None if target is None else now + timedelta(minutes=target),
        calendar=calendar,
        queue_ahead=draw(st.integers(0, 300)),
        agents_on_shift=draw(st.integers(0, 6)),
        first_replies=draw(replies),
        handling=draw(replies),
        degraded=draw(st.integers(0, 9)) == 9,
        automatic=draw(st.integers(0, 9)) == 9,
        percentile=draw(st.sampled_from([0.8, 0.85, 0.9])),
    )


def in_order(one: Announcement, other: Announcement) -> bool:
    """Whether the other promises nothing earlier: an answer no sooner, or no answer any more."""
    if one.kind is not ANSWER or other.kind is not ANSWER:
        return other.kind is not ANSWER
    return one.at is not None and other.at is not None and one.at <= other.at


@given(situations())
@settings(max_examples=300, deadline=None)
def test_what_is_told_lies_ahead_in_the_calendar_and_not_before_the_policy(situation: Situation) -> None:
    said = estimate(situation)
    assert (said.kind is None) == (said.at is None) == situation.automatic
    assert (said.kind is ANSWER) == (said.basis is not None) == (said.unsure is None)
    if said.at is not None:
        assert said.at > situation.now
        assert situation.calendar is None or situation.calendar.covers(said.at)
    if said.kind is ANSWER and said.at is not None and situation.policy_target is not None:
        assert said.at >= situation.policy_target


@given(situations(), st.integers(1, 100), st.integers(1, 5))
@settings(max_examples=300, deadline=None)
def test_a_longer_queue_or_fewer_agents_never_promise_an_earlier_answer(
    situation: Situation, more: int, fewer: int
) -> None:
    said = estimate(situation)
    assert in_order(said, estimate(replace(situation, queue_ahead=situation.queue_ahead + more)))
    left = max(0, situation.agents_on_shift - fewer)
    assert in_order(said, estimate(replace(situation, agents_on_shift=left)))


@given(situations())
@settings(max_examples=300, deadline=None)
def test_the_stored_inputs_give_the_same_announcement_again(situation: Situation) -> None:
    said = estimate(situation)
    stored = json.loads(json.dumps(said.inputs))
    assert reproduce(stored, situation.calendar) == said


def test_other_hours_do_not_pass_for_those_that_the_promise_rested_on() -> None:
    stored = estimate(QUIET).inputs
    for calendar in (Calendar(round_the_clock()), None):
        with pytest.raises(Misconfigured) as caught:
            reproduce(stored, calendar)
        assert caught.value.key == "sla.hours_changed"
