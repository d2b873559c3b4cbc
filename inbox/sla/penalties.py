"""Penalties: what the steps of a contract take off a payment, for clocks that were missed and for counts that were passed.

The laws stand with LateStep, CountStep and Agreed in inbox/domain/contracts.py. Each amount that is taken is rounded by itself, half up,
to the unit of the currency, so that a statement's lines add up to its sum to the last rial.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from inbox.domain.contracts import Contract, CountStep, LateStep, Takes
from inbox.domain.conversations import Priority
from inbox.sla.durations import parse
from inbox.sla.lateness import Lateness
from inbox.sla.periods import Period, period_of
from inbox.text.money import rounded

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that count steps count, on a day where we are: a conversation that began (`tags`), or a clock that was missed (`metric`)."""

    on: date
    tags: tuple[str, ...] = ()
    metric: str = ""
    priority: Priority = Priority.NORMAL


@dataclass(frozen=True, slots=True)
class Taken:
    """A count step of the contract (`step`: its place among them, from 0) that the period paid for, in a window of it: the count
    came to `count`."""

    step: int
    window: Period
    count: int
    takes: Decimal


@dataclass(frozen=True, slots=True)
class Earlier:
    """What statements that are issued took before: the steps by their place and the first day of the window. `since`: the first day
    of which no statement is issued; a step that was passed between then and the period is paid for there. `told`: the clocks that they
    judged for good, as reference, metric and cycle: no other statement tells them again, wherever they are due by now."""

    since: date
    taken: Collection[tuple[int, date]] = ()
    told: Collection[tuple[str, str, int]] = ()


def worth(takes: Takes, payment: Decimal, currency: str) -> Decimal:
    """How much that is of a payment, in the currency's unit."""
    if takes.amount is not None:
        return rounded(takes.amount, currency)
    return rounded(payment * (takes.percent or NOTHING) / 100, currency)


def late_takes(
    steps: Sequence[LateStep], metric: str, priority: Priority, late: Lateness, payment: Decimal, currency: str
) -> Decimal:
    """What a missed clock costs: of the steps that fit it, the one that takes most."""
    fit = (one for one in steps if _concerns(one, metric, priority) and _late_enough(one, late))
    return max((worth(one.takes, payment, currency) for one in fit), default=NOTHING)


def _late_enough(step: LateStep, late: Lateness) -> bool:
    return not step.later_than or late.late_by(parse(step.later_than, "penalty.later_than"))


def _concerns(step: LateStep | CountStep, metric: str, priority: Priority) -> bool:
    return (not step.metrics or metric in step.metrics) and (not step.priorities or priority in step.priorities)


def counted(
    contract: Contract, period: Period, events: Sequence[Event], payment: Decimal, earlier: Earlier
) -> list[Taken]:
    """The count steps that this period pays for, in the contract's order. `events`: those of all windows that the period touches."""
    found = []
    for place, step in enumerate(contract.agreed.counted):
        mine = [one for one in events if _counts(step, one)]
        for window in _windows(contract, period, step):
            count = _until(mine, window, period.until)
            if count > step.more_than and not _paid(place, step, window, mine, period, earlier):
                found.append(Taken(place, window, count, _more(contract, step, payment)))
    return found


def _windows(contract: Contract, period: Period, step: CountStep) -> Iterable[Period]:
    """Those stretches of the step's length in which the period lies, or which lie in it."""
    day = period.since
    while day < period.until:
        window = period_of(contract.first, day, step.within, contract.almanac)
        yield window
        day = window.until


def _counts(step: CountStep, event: Event) -> bool:
    if step.tag:
        return step.tag in event.tags and (not step.priorities or event.priority in step.priorities)
    return bool(event.metric) and _concerns(step, event.metric, event.priority)


def _until(events: Sequence[Event], window: Period, until: date) -> int:
    return sum(1 for one in events if window.since <= one.on < min(window.until, until))


def _paid(
    place: int, step: CountStep, window: Period, events: Sequence[Event], period: Period, earlier: Earlier
) -> bool:
    """Whether an earlier period of the window paid for it, or will: it was passed in one of which no statement is issued yet."""
    if (place, window.since) in earlier.taken:
        return True
    return earlier.since < period.since and _until(events, window, period.since) > step.more_than


def _more(contract: Contract, step: CountStep, payment: Decimal) -> Decimal:
    """What it takes more than the step below it of the same count."""
    same = [one for one in contract.agreed.counted if _count_of(one) == _count_of(step)]
    below = max((one for one in same if one.more_than < step.more_than), key=lambda one: one.more_than, default=None)
    whole = worth(step.takes, payment, contract.currency)
    return whole if below is None else max(NOTHING, whole - worth(below.takes, payment, contract.currency))


def _count_of(step: CountStep) -> tuple[object, ...]:
    return step.within, step.tag, frozenset(step.metrics), frozenset(step.priorities)
