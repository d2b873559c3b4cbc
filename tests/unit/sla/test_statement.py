"""Worked examples of statements: what is late by how much, what it takes, and off which payment. The numbers are worked out by hand.

We work in Tehran (UTC+3:30): Saturday to Wednesday 8:30 to 17:00, Thursday until 13:00, Friday not. Monday 23 November 2026 is a
holiday, Sunday 6 December a half day until noon, Tuesday 1 December we are closed.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from inbox.domain.contracts import Agreed, Almanac, Cadence, Contract, CountStep, LateStep, Quota, Takes
from inbox.domain.conversations import Priority
from inbox.domain.ids import ContactId, ContractId
from inbox.sla.clocks import ClockState, Ending, Pause
from inbox.sla.durations import parse
from inbox.sla.hours import Calendar
from inbox.sla.lateness import Verdict
from inbox.sla.metrics import Metric, Target
from inbox.sla.penalties import Earlier
from inbox.sla.periods import Period, periods
from inbox.sla.statement import Began, Clocked, Record, Statement, following, made, pays, windows
from tests.unit.sla.drawing import round_the_clock, working_week

TEHRAN = ZoneInfo("Asia/Tehran")
CALENDARS = {"support": Calendar(working_week()), "always": Calendar(round_the_clock())}
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
RESOLUTION, FIRST = Metric.RESOLUTION, Metric.FIRST_REPLY
ENDINGS = {RESOLUTION: Ending.DONE, FIRST: Ending.REPLY}


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """An instant of late 2026 by the clock in Tehran."""
    return datetime(2026, month, day, hour, minute, tzinfo=TEHRAN)


def clock(
    due: datetime,
    stopped: datetime | None,
    *pauses: tuple[datetime, datetime | None],
    metric: Metric = RESOLUTION,
    target: str = "4 working hours",
    hours: str = "support",
    ended: Ending | None = None,
    breached: datetime | None = None,
) -> ClockState:
    return ClockState(
        metric,
        1,
        due - timedelta(days=3),
        Target(parse(target, "here"), hours),
        due,
        tuple(Pause(*one) for one in pauses),
        stopped,
        (ended or ENDINGS[metric]) if stopped else None,
        breached_at=breached,
    )


def contract(
    agreed: Agreed,
    first: date = date(2026, 11, 1),
    last: date | None = None,
    period: Cadence = Cadence.MONTH,
    pays: str = "100000000",
    currency: str = "IRR",
    *,
    jalali: bool = False,
) -> Contract:
    almanac: Almanac = "jalali" if jalali else "gregorian"
    id, who = ContractId(1), ContactId(1)
    return Contract(id, "acme", who, None, "", agreed, first, last, period, almanac, Decimal(pays), currency)


def stated(
    by: Contract,
    states: Sequence[ClockState] = (),
    began: Sequence[Began] = (),
    number: int = 1,
    priority: Priority = Priority.NORMAL,
    earlier: Earlier | None = None,
    judged: datetime | None = None,
    excused: str = "",
) -> Statement:
    """The statement of the n-th period, judged two days after it."""
    span = list(periods(by, date(2040, 1, 1)))[number - 1]
    end = datetime(span.until.year, span.until.month, span.until.day, tzinfo=TEHRAN) + timedelta(days=2)
    record = Record([Clocked("AB12", priority, one, excused) for one in states], began)
    return made(by, span, record, CALENDARS, TEHRAN, judged or end, earlier)


def percent(of: str) -> Takes:
    return Takes(percent=Decimal(of))


def outages(*days: date) -> list[Began]:
    return [Began(datetime(one.year, one.month, one.day, 12, tzinfo=TEHRAN), ("outage",)) for one in days]


TEN_OUTAGES = Agreed("vip", counted=(CountStep(percent("10"), 10, Cadence.YEAR, tag="outage"),))


def test_more_than_ten_outages_in_a_year_take_ten_percent_off_the_next_payment() -> None:
    """The example of whoever asked for this. Ten outages until the end of January, the eleventh on 3 February: period 4 is 1 to 28
    February. Its payment is 100,000,000 rials, 10 % are 10,000,000, and they come off the payment of March."""
    by = contract(TEN_OUTAGES)
    until_january = [date(2026, 11, n) for n in (2, 3, 4, 5)] + [date(2027, 1, n) for n in range(5, 11)]
    ten = outages(*until_january)
    eleven = [*ten, *outages(date(2027, 2, 3))]
    assert stated(by, began=ten, number=3).cost == 0
    found = stated(by, began=eleven, number=4)
    assert found.cost == 10_000_000
    assert [(one.count, int(one.takes)) for one in found.counts] == [(11, 10_000_000)]
    assert found.off == Period(date(2027, 3, 1), date(2027, 4, 1))


def test_the_twelfth_outage_of_the_year_costs_nothing_and_the_next_year_counts_anew() -> None:
    by = contract(TEN_OUTAGES)
    twelve = outages(*(date(2026, 11, n) for n in range(1, 12)), date(2026, 12, 9))
    assert stated(by, began=twelve, number=1).cost == 10_000_000
    assert stated(by, began=twelve, number=2).cost == 0
    again = outages(*(date(2027, 11, n) for n in range(1, 12)))  # period 13 is the first of the second year
    assert stated(by, began=[*twelve, *again], number=13).cost == 10_000_000


@pytest.mark.parametrize(
    ("state", "late"),
    [
        # Due Sunday 16:00, done Tuesday 9:30. Sunday 16-17 is an hour, Monday a holiday, Tuesday 8:30-9:30 an hour: 2 hours.
        (clock(at(22, 16), at(24, 9, 30)), 2 * HOUR),
        # Due Wednesday 16:30, done Saturday 9:00: half an hour, Thursday 8:30-13:00 is 4:30, Friday none, half an hour: 5:30.
        (clock(at(25, 16, 30), at(28, 9)), 5 * HOUR + 30 * MINUTE),
        # Due Saturday 10:00, waited for the customer 11:00-15:00, done 16:00. Six hours less the four of the pause: 2 hours.
        (clock(at(21, 10), at(21, 16), (at(21, 11), at(21, 15))), 2 * HOUR),
        # The same with a pause that began before it was due and ended before (its due time has moved already): nothing is left out.
        (clock(at(21, 10), at(21, 16), (at(19, 9), at(19, 11))), 6 * HOUR),
        # A pause over the night of Sunday and the holiday leaves out Sunday 16:00-17:00 only: late 15:00-16:00 and Tuesday 8:30-10:00.
        (clock(at(22, 15), at(24, 10), (at(22, 16), at(24, 8))), 2 * HOUR + 30 * MINUTE),
        # Day and night: due Sunday 16:00, done Tuesday 9:30, the holiday counts: 8 + 24 + 9:30 = 41:30.
        (clock(at(22, 16), at(24, 9, 30), hours="always"), 41 * HOUR + 30 * MINUTE),
        # "4 hours (24x7)" counts all time on whatever hours.
        (clock(at(22, 16), at(24, 9, 30), target="4 hours (24x7)"), 41 * HOUR + 30 * MINUTE),
        # On the half day of 6 December we close at noon: due 11:00, done Monday 9:00: 1:00 + 0:30.
        (clock(at(6, 11, month=12), at(7, 9, month=12)), HOUR + 30 * MINUTE),
        # Done on the second: in time.
        (clock(at(24, 12), at(24, 12)), None),
    ],
)
def test_late_is_time_of_the_clocks_own_kind(state: ClockState, late: timedelta | None) -> None:
    by = contract(Agreed("vip"), period=Cadence.QUARTER)
    (line,) = stated(by, [state]).lines
    assert (line.verdict, line.late) == ((Verdict.MET, timedelta(0)) if late is None else (Verdict.MISSED, late))


STEPS = Agreed(
    "vip",
    late=(
        LateStep(percent("2"), ("resolution",), later_than="2 working hours"),
        LateStep(percent("5"), ("resolution",), later_than="2 working days"),
        LateStep(percent("1")),
    ),
)


@pytest.mark.parametrize(
    ("state", "takes"),
    [
        (clock(at(22, 16), at(24, 9, 30)), 2_000_000),  # two working hours to the minute, over the holiday: 2 %
        (clock(at(22, 16), at(24, 9, 29)), 1_000_000),  # a minute less: only "by any time at all", 1 %
        # Two working days from Wednesday noon are Thursday noon and Saturday noon: 5 %, which is more than 2 and 1 %.
        (clock(at(25, 12), at(28, 12)), 5_000_000),
        (clock(at(25, 12), at(28, 11, 59)), 2_000_000),
        # With a pause from Thursday 10:00 to Saturday 10:00 (3 working hours and 1:30 of Saturday) the two days end later.
        (clock(at(25, 12), at(28, 12), (at(26, 10), at(28, 10))), 2_000_000),
        (clock(at(21, 10), at(21, 13), metric=FIRST), 1_000_000),  # the steps for resolutions do not concern it
        (clock(at(21, 10), at(21, 9)), 0),
    ],
)
def test_of_the_steps_that_fit_a_miss_the_one_that_takes_most_counts(state: ClockState, takes: int) -> None:
    assert stated(contract(STEPS), [state]).cost == takes


def test_a_step_for_priorities_concerns_these() -> None:
    agreed = Agreed("vip", late=(LateStep(percent("3"), priorities=("high", "urgent")),))
    late = [clock(at(21, 10), at(21, 13))]
    assert stated(contract(agreed), late).cost == 0
    assert stated(contract(agreed), late, priority=Priority.URGENT).cost == 3_000_000


def test_penalties_take_no_more_than_was_agreed() -> None:
    """Twenty misses at 3 % of 1,000 euros are 600; half of the payment is the most: 500."""
    agreed = Agreed("vip", late=(LateStep(percent("3")),), most=Decimal(50))
    late = [replace(clock(at(21, 10), at(21, 13)), cycle=n) for n in range(1, 21)]
    found = stated(contract(agreed, pays="1000", currency="EUR"), late)
    assert [int(one) for one in (found.sum, found.most, found.cost)] == [600, 500, 500]


def test_a_ladder_takes_the_difference() -> None:
    """More than two takes 5 %, more than four 10 %. Three in November: 5,000,000. The fourth and fifth in December: 10 - 5 %."""
    step = CountStep(percent("5"), 2, Cadence.YEAR, tag="outage")
    by = contract(Agreed("vip", counted=(step, CountStep(percent("10"), 4, Cadence.YEAR, tag="outage"))))
    three = outages(*(date(2026, 11, n) for n in (3, 4, 5)))
    five = [*three, *outages(date(2026, 12, 8), date(2026, 12, 9))]
    assert stated(by, began=five, number=1).cost == 5_000_000
    assert stated(by, began=five, number=2).cost == 5_000_000
    at_once = outages(*(date(2026, 11, n) for n in range(3, 8)))
    assert [one.takes for one in stated(by, began=at_once).counts] == [5_000_000, 5_000_000]


def test_missed_clocks_are_counted_in_quarters_and_cost_an_amount() -> None:
    """The third missed first reply of the quarter costs 500,000 rials; misses of other clocks do not count, nor met ones."""
    step = CountStep(Takes(amount=Decimal(500_000)), 2, Cadence.QUARTER, metrics=("first_reply",))
    by = contract(Agreed("vip", counted=(step,)))
    two = [replace(clock(at(21, 10), at(21, 12), metric=FIRST), cycle=n) for n in (1, 2)]
    others = [clock(at(21, 10), at(21, 12)), clock(at(5, 10, month=12), at(5, 9, month=12), metric=FIRST)]
    third = clock(at(5, 10, month=12), at(5, 11, month=12), metric=FIRST)
    assert stated(by, [*two, *others], number=2).cost == 0
    assert stated(by, [*two, *others, third], number=2).cost == 500_000


def test_what_an_issued_statement_took_is_not_taken_again_and_what_it_missed_is_taken_later() -> None:
    """Eleven in November were paid for; one was excused since, and one more in December makes eleven again: nothing. An eleventh that
    became known after November's statement was issued is paid for by December's."""
    by = contract(TEN_OUTAGES)
    eleven = outages(*(date(2026, 11, n) for n in range(1, 11)), date(2026, 12, 9))
    first, december = date(2026, 11, 1), date(2026, 12, 1)
    assert stated(by, began=eleven, number=2, earlier=Earlier(december, {(0, first)})).cost == 0
    in_november = outages(*(date(2026, 11, n) for n in range(1, 12)))
    assert stated(by, began=in_november, number=2, earlier=Earlier(december)).cost == 10_000_000
    assert stated(by, began=in_november, number=2).cost == 0  # November is to pay for it, in its own statement


def test_what_is_excused_costs_nothing_and_is_not_counted() -> None:
    by = contract(replace(STEPS, counted=TEN_OUTAGES.counted))
    found = stated(by, [clock(at(22, 16), at(24, 9, 30))], excused="The customer's own network was down")
    (line,) = found.lines
    assert (line.verdict, line.late, int(line.takes)) == (Verdict.EXCUSED, 2 * HOUR, 0)
    assert line.reason == "The customer's own network was down"
    eleven = outages(*(date(2026, 11, n) for n in range(1, 12)))
    assert stated(by, began=[replace(eleven[0], excused=True), *eleven[1:]]).cost == 0


@pytest.mark.parametrize(
    ("state", "verdict"),
    [
        (clock(at(21, 10), None), Verdict.MISSED),  # it still runs, past its due time
        (clock(at(21, 10), None, (at(21, 9), None)), Verdict.OPEN),  # it waits for the customer since before
        (clock(at(21, 10), at(21, 12), ended=Ending.SPAM), Verdict.WITHDRAWN),
        (clock(at(21, 10), at(21, 12), ended=Ending.MERGED, breached=at(21, 10)), Verdict.WITHDRAWN),
        (clock(at(21, 10), at(21, 9), metric=FIRST, ended=Ending.DONE), Verdict.WITHDRAWN),  # owed no more
        (clock(at(21, 10), at(21, 11), metric=FIRST, ended=Ending.DONE), Verdict.MISSED),  # it was late by then
        # Breached at ten, before a lower priority gave it until two: the breach stays, and it is late by nothing.
        (clock(at(21, 14), at(21, 12), breached=at(21, 10)), Verdict.MISSED),
    ],
)
def test_the_verdict_follows_from_how_the_clock_ended(state: ClockState, verdict: Verdict) -> None:
    assert [one.verdict for one in stated(contract(Agreed("vip")), [state]).lines] == [verdict]


def test_what_happened_after_the_instant_of_judging_is_not_looked_at() -> None:
    """Due Saturday 10:00, judged Saturday 13:00: three hours late, whether it was done later or never."""
    by, judged = contract(Agreed("vip")), at(21, 13)
    for stopped in (None, at(22, 9)):
        (line,) = stated(by, [clock(at(21, 10), stopped)], judged=judged).lines
        assert (line.verdict, line.late, line.stopped) == (Verdict.MISSED, 3 * HOUR, None)
    (line,) = stated(by, [clock(at(21, 14), at(21, 15))], judged=judged).lines
    assert line.verdict is Verdict.OPEN


def test_a_period_is_one_of_the_days_where_we_are() -> None:
    """Azar 1405 ends with Sunday 21 December 2026 in Tehran: due at 23:59 it is in Azar, a minute later in Dey."""
    by = contract(Agreed("vip"), first=date(2026, 11, 22), jalali=True)  # 1 Azar 1405
    last, first = at(21, 23, 59, month=12), at(22, 0, month=12)
    states = [clock(last, last, hours="always"), clock(first, first, hours="always")]
    assert [one.due for one in stated(by, states, number=1).lines] == [last]
    assert [one.due for one in stated(by, states, number=2).lines] == [first]


def test_a_contract_from_the_leap_day_of_esfand_counts_from_it() -> None:
    """30 Esfand 1403 is 20 March 2025; a month later it is 30 Farvardin (19 April), two months 30 Ordibehesht. 1404 and 1405 have no
    30 Esfand: these years begin on the 29th, 20 March 2026 and 2027."""
    by = contract(Agreed("vip"), first=date(2025, 3, 20), jalali=True)
    found = list(periods(by, date(2025, 5, 25)))
    assert [one.since for one in found] == [date(2025, 3, 20), date(2025, 4, 19), date(2025, 5, 20)]
    yearly = contract(Agreed("vip"), first=date(2025, 3, 20), period=Cadence.YEAR, jalali=True)
    assert [one.since for one in periods(yearly, date(2027, 3, 20))] == [
        date(2025, 3, 20),
        date(2026, 3, 20),
        date(2027, 3, 20),
    ]


def test_a_leap_year_that_ends_early_pays_its_days() -> None:
    """From 29 February 2024, a year at 365,000 tomans: until 28 February 2025 are 365 days. Ended with 28 August 2024: 1 day of
    February, 31 + 30 + 31 + 30 + 31 and 28 of August, 182 days: 182,000. Nothing follows, so 10 % are 18,200 of that one."""
    agreed = Agreed("vip", late=(LateStep(percent("10")),))
    by = contract(agreed, date(2024, 2, 29), date(2024, 8, 28), Cadence.YEAR, "365000", "IRT")
    due = datetime(2024, 5, 4, 10, tzinfo=TEHRAN)
    found = stated(by, [clock(due, due + HOUR)])
    assert found.off is None
    assert [int(one) for one in (found.payment, found.base, found.cost)] == [182_000, 182_000, 18_200]


def test_it_comes_off_the_next_payment_even_where_that_is_a_short_one() -> None:
    """Ends with 15 December: December pays 15 of 31 days, 48,387,096.77 rials, rounded 48,387,097. 1 % of that is 483,871."""
    by = contract(STEPS, last=date(2026, 12, 15))
    found = stated(by, [clock(at(21, 10), at(21, 11))])
    assert [int(one) for one in (found.payment, found.base, found.cost)] == [100_000_000, 48_387_097, 483_871]
    assert found.off == Period(date(2026, 12, 1), date(2026, 12, 16))
    assert following(by, found.off) is None


@pytest.mark.parametrize(
    ("pays", "currency", "share", "cost"),
    [
        ("1234567", "IRR", "2.5", "30864"),  # 30,864.175
        ("100", "IRT", "0.5", "1"),  # half a toman, up
        ("246.90", "EUR", "5", "12.35"),  # 12.345, up
        ("1001", "JPY", "0.05", "1"),  # 0.5005; a yen has no parts
        ("10.005", "KWD", "10", "1.001"),  # 1.0005; a dinar has a thousand
    ],
)
def test_money_is_rounded_half_up_to_the_unit_of_its_currency(pays: str, currency: str, share: str, cost: str) -> None:
    agreed = Agreed("vip", late=(LateStep(percent(share)),))
    found = stated(contract(agreed, pays=pays, currency=currency), [clock(at(21, 10), at(21, 11))])
    assert found.cost == Decimal(cost)


def test_lines_add_up_to_the_sum() -> None:
    """Three times a third of a percent of 1,000 rials is 3.33 each, 3 rials each: 9, and not 10."""
    agreed = Agreed("vip", late=(LateStep(percent("0.3333")),))
    late = [replace(clock(at(21, 10), at(21, 11)), cycle=n) for n in (1, 2, 3)]
    found = stated(contract(agreed, pays="1000"), late)
    assert found.sum == sum(one.takes for one in found.lines) == 9


def test_requests_beyond_the_quota_of_a_month_are_told() -> None:
    """30 a month, 34 begun in November of which one is our own: 33 requests, 3 over."""
    by = contract(Agreed("vip", quota=Quota(30, Cadence.MONTH)))
    began = [Began(at(10, 9, n)) for n in range(33)] + [Began(at(11, 9), request=False), Began(at(1, 9, month=12))]
    (used,) = stated(by, began=began).quota
    assert (used.used, used.over, used.here) == (33, 3, 33)


def test_a_quota_of_a_year_is_told_as_far_as_it_is_used() -> None:
    """1000 a year: 2 in November, 3 in December. November's statement says 2, December's 5 of which 3 in it; November 2027 anew."""
    by = contract(Agreed("vip", quota=Quota(1000, Cadence.YEAR)))
    began = [Began(at(n, 9)) for n in (3, 4)] + [Began(at(n, 9, month=12)) for n in (1, 2, 3)]
    assert [(one.used, one.here) for one in stated(by, began=began, number=1).quota] == [(2, 2)]
    assert [(one.used, one.here) for one in stated(by, began=began, number=2).quota] == [(5, 3)]
    assert [(one.used, one.here) for one in stated(by, began=began, number=13).quota] == [(0, 0)]


def test_a_quota_of_months_in_a_period_of_a_quarter_is_told_by_month() -> None:
    by = contract(Agreed("vip", quota=Quota(1, Cadence.MONTH)), period=Cadence.QUARTER)
    began = [Began(at(3, 9)), Began(at(4, 9)), Began(at(5, 9, month=12))]
    assert [(one.used, one.over) for one in stated(by, began=began).quota] == [(2, 1), (1, 0), (0, 0)]


def test_a_statement_looks_back_to_the_beginning_of_its_widest_window() -> None:
    by = contract(TEN_OUTAGES)
    span = list(periods(by, date(2027, 3, 1)))[3]
    assert windows(by, span) == Period(date(2026, 11, 1), span.until)
    assert pays(by, span) == 100_000_000


def test_a_clock_that_is_due_at_another_time_by_now_stands_in_one_statement_alone() -> None:
    """Breached and told in November, then given until December: December does not charge it again. Due in December when November's
    statement was issued, and in November since its priority was raised: December tells it."""
    by, november = contract(STEPS), Period(date(2026, 11, 1), date(2026, 12, 1))
    given_more = clock(at(5, 10, month=12), at(5, 12, month=12), breached=at(21, 10))
    told = Earlier(november.until, told={("AB12", "resolution", 1)})
    assert len(stated(by, [given_more], number=2, earlier=Earlier(november.until)).lines) == 1
    assert stated(by, [given_more], number=2, earlier=told).lines == ()
    raised = clock(at(21, 10), at(3, 10, month=12))
    (line,) = stated(by, [raised], number=2, earlier=Earlier(november.until)).lines
    assert (line.verdict, line.due) == (Verdict.MISSED, at(21, 10))
    assert stated(by, [raised], number=2).lines == (), "November's statement is still to come, and tells it"
    assert stated(by, [raised], number=3, earlier=Earlier(november.until)).lines == ()
