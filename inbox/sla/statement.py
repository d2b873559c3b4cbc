"""A statement: what was promised in a period of a contract, met, missed and excused, and what that takes off the next payment.

The laws. A line is a clock with a target of a conversation under the contract whose due instant lies in the period, from the midnight at
which it begins where we are until before the one at which it ends. A period pays its share of days; what is taken comes off the payment
of the period that follows, and where none follows, off its own, which is then paid back. Never more than `most` percent of that payment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from inbox.domain.contracts import Contract
from inbox.domain.conversations import Priority
from inbox.sla.clocks import ClockState
from inbox.sla.hours import ZERO, Calendar
from inbox.sla.lateness import Verdict, judged
from inbox.sla.penalties import NOTHING, Earlier, Event, Taken, counted, late_takes
from inbox.sla.periods import Period, period_of, share_of
from inbox.text.money import rounded


@dataclass(frozen=True, slots=True)
class Clocked:
    """A clock with a target under the contract. `excused`: the reason that somebody gave; empty: nobody did."""

    reference: str
    priority: Priority
    state: ClockState
    excused: str = ""


@dataclass(frozen=True, slots=True)
class Began:
    """A conversation that began under the contract. `request`: it counts for the quota; `excused`: nothing of it is held against us."""

    at: datetime
    tags: tuple[str, ...] = ()
    priority: Priority = Priority.NORMAL
    request: bool = True
    excused: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One clock. `late` is time of its own kind, `reason` why it is excused, `takes` what it costs."""

    reference: str
    metric: str
    cycle: int
    priority: Priority
    started: datetime
    due: datetime
    stopped: datetime | None
    late: timedelta
    verdict: Verdict
    reason: str = ""
    takes: Decimal = NOTHING


@dataclass(frozen=True, slots=True)
class Used:
    """Requests in a stretch of the quota until the period ends, of which `here` began in the period itself."""

    span: Period
    agreed: int
    used: int
    here: int

    @property
    def over(self) -> int:
        """How many more than agreed."""
        return max(0, self.used - self.agreed)


@dataclass(frozen=True, slots=True)
class Statement:
    """All of it. `payment`: what this period pays; `base`: the payment that is taken from, that of the period `off`; None: no period
    follows. `sum`: what lines and counts come to; `cost`: what is taken of it, `most` at the highest."""

    contract: str
    number: int
    period: Period
    judged: datetime
    lines: tuple[Line, ...]
    counts: tuple[Taken, ...]
    quota: tuple[Used, ...]
    currency: str
    payment: Decimal
    base: Decimal
    off: Period | None
    sum: Decimal
    most: Decimal
    cost: Decimal

    def of(self, verdict: Verdict) -> int:
        """How many lines came out so."""
        return sum(1 for line in self.lines if line.verdict == verdict)


@dataclass(frozen=True, slots=True)
class Record:
    """What happened under a contract: clocks that were due, and conversations that began, in all windows that the period touches."""

    clocks: Sequence[Clocked]
    began: Sequence[Began]


def made(
    contract: Contract,
    period: Period,
    record: Record,
    calendars: Mapping[str, Calendar],
    zone: ZoneInfo,
    at: datetime,
    earlier: Earlier | None = None,
) -> Statement:
    """The statement of a period, judged at an instant. Without `earlier` no statement was issued before."""
    before = earlier or Earlier(contract.first)
    off = following(contract, period)
    base = pays(contract, off or period)
    lines = [(_line(one, contract, calendars, at, base), _day(one.state.due_at, zone)) for one in record.clocks]
    mine = sorted((line for line, day in lines if _falls(line, day, contract, period, before)), key=_order)
    events = [
        *(Event(_day(one.at, zone), tags=one.tags, priority=one.priority) for one in record.began if not one.excused),
        *(
            Event(day, metric=line.metric, priority=line.priority)
            for line, day in lines
            if line.verdict is Verdict.MISSED
        ),
    ]
    counts = counted(contract, period, events, base, before)
    whole = sum((*(one.takes for one in mine), *(one.takes for one in counts)), NOTHING)
    most = rounded(base * contract.agreed.most / 100, contract.currency)
    return Statement(
        contract.name,
        number_of(contract, period),
        period,
        at,
        tuple(mine),
        tuple(counts),
        tuple(_quota(contract, period, record.began, zone)),
        contract.currency,
        pays(contract, period),
        base,
        off,
        rounded(whole, contract.currency),
        most,
        rounded(min(whole, most), contract.currency),
    )


def _falls(line: Line, day: date, contract: Contract, period: Period, earlier: Earlier) -> bool:
    """Whether a clock is one of this period: due in it, or in one whose statement is issued and did not tell it, for it was due at
    another time then."""
    if (line.reference, line.metric, line.cycle) in earlier.told:
        return False
    late = contract.first <= day < period.since == earlier.since
    return late or period.since <= day < period.until


def pays(contract: Contract, period: Period) -> Decimal:
    """What is due for a period: its share of days of a whole one's payment."""
    days, whole = share_of(contract, period)
    return rounded(contract.pays * days / whole, contract.currency)


def following(contract: Contract, period: Period) -> Period | None:
    """The period after one; None where the contract is over by then."""
    if contract.until is not None and period.until > contract.until:
        return None
    whole = period_of(contract.first, period.until, contract.period, contract.almanac)
    over = None if contract.until is None else contract.until + timedelta(days=1)
    return Period(whole.since, whole.until if over is None else min(whole.until, over))


def number_of(contract: Contract, period: Period) -> int:
    """Which one it is, from 1."""
    day, number = contract.first, 1
    while day < period.since:
        day, number = period_of(contract.first, day, contract.period, contract.almanac).until, number + 1
    return number


def windows(contract: Contract, period: Period) -> Period:
    """From the first day that its counts, its quota and the period before it look at until its end."""
    spans = [one.within for one in contract.agreed.counted]
    spans += [contract.agreed.quota.per] if contract.agreed.quota else []
    begins = [period_of(contract.first, period.since, span, contract.almanac).since for span in spans]
    if period.since > contract.first:  # what is due there by now, and was not when its statement was issued
        day = period.since - timedelta(days=1)
        begins.append(period_of(contract.first, day, contract.period, contract.almanac).since)
    return Period(min([period.since, *begins]), period.until)


def _line(one: Clocked, contract: Contract, calendars: Mapping[str, Calendar], at: datetime, base: Decimal) -> Line:
    state = one.state
    assert state.due_at is not None
    how = judged(state, calendars, at)
    excused = how.verdict is Verdict.MISSED and bool(one.excused)
    verdict = Verdict.EXCUSED if excused else how.verdict
    missed = verdict is Verdict.MISSED
    stopped = state.stopped_at if state.stopped_at is not None and state.stopped_at <= at else None
    steps = contract.agreed.late
    return Line(
        one.reference,
        state.metric.value,
        state.cycle,
        one.priority,
        state.started_at,
        state.due_at,
        stopped,
        how.late if verdict in (Verdict.MISSED, Verdict.EXCUSED) else ZERO,
        verdict,
        one.excused if excused else "",
        late_takes(steps, state.metric.value, one.priority, how, base, contract.currency) if missed else NOTHING,
    )


def _order(line: Line) -> tuple[datetime, str, str, int]:
    return line.due, line.reference, line.metric, line.cycle


def _day(at: datetime | None, zone: ZoneInfo) -> date:
    assert at is not None
    return at.astimezone(zone).date()


def _quota(contract: Contract, period: Period, began: Sequence[Began], zone: ZoneInfo) -> list[Used]:
    quota, found, day = contract.agreed.quota, list[Used](), period.since
    days = [_day(one.at, zone) for one in began if one.request]
    while quota is not None and day < period.until:
        span = period_of(contract.first, day, quota.per, contract.almanac)
        used = [one for one in days if span.since <= one < min(span.until, period.until)]
        found.append(Used(span, quota.requests, len(used), sum(1 for one in used if one >= period.since)))
        day = span.until
    return found
