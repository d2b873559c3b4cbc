"""The promise estimator: which time may we honestly tell a customer, or is it better to tell none.

The model, simple enough to be said in one breath. An answer comes by the latest of three times: what the policy allows;
the p-quantile of how long comparable first replies took lately (Kaplan-Meier, unanswered ones counted as censored, see
`survival`); and what the queue needs: the p-quantile of the working time that so many replies take as there are places up to
ours, shared by the agents on shift, but never less than one reply. All three are working time from now on, put on the
calendar and rounded up. Many replies take as many times the mean, and vary by the root of their number only, as sums of
independent times do. While too few are known, each counts as `assumed_handling`, so that a long queue moves the time from the
first day on.

Where that cannot be told honestly, no answer is promised but news (`update`), and the announcement says why.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import StrEnum
from math import sqrt
from typing import Any

from inbox.domain.conversations import Priority
from inbox.domain.problems import Misconfigured
from inbox.domain.promises import PromiseKind
from inbox.sla.comparable import load_of
from inbox.sla.hours import ONE_DAY, Calendar, Hours, utc
from inbox.sla.rounding import round_up
from inbox.sla.survival import History

ROUND_THE_CLOCK = Hours("", "UTC", always=True)
"""What counts where no hours are set at all."""


class Basis(StrEnum):
    """Which bound won."""

    POLICY = "policy"
    HISTORY = "history"
    QUEUE = "queue"


class Unsure(StrEnum):
    """Why no answer is promised; the sentences stand in the catalogues under `sla_unsure.`."""

    AUTOMATIC = "automatic"
    DEGRADED = "degraded"
    NOBODY = "nobody"
    FEW_SAMPLES = "few_samples"
    UNANSWERED = "unanswered"
    POLICY_PASSED = "policy_passed"
    HORIZON = "horizon"
    ESTIMATED_HOLIDAY = "estimated_holiday"
    OUTAGE = "outage"


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the estimate rests on.

    `policy_target`: when the first-reply clock is due, None without a target. `calendar`: the one that target is
    counted on, None when no hours are set. `queue_ahead`: conversations waiting for a first reply before this one.
    `agents_on_shift`: who will work on that queue (out of hours: who will at the next opening). `first_replies`:
    comparable recent ones, by channel and priority. `handling`: working seconds that one reply took an agent.
    `percentile`: 0.8 to 0.9. `horizon`: working days beyond which no answer is promised. `update_after`: working time
    after which we tell how things stand, where no answer is promised. `automatic`: a machine wrote, nobody is told.
    """

    now: datetime
    policy_target: datetime | None
    calendar: Calendar | None
    queue_ahead: int
    agents_on_shift: int
    first_replies: History = field(default_factory=History)
    handling: History = field(default_factory=History)
    priority: Priority = Priority.NORMAL
    degraded: bool = False
    automatic: bool = False
    percentile: float = 0.85
    min_samples: int = 20
    horizon: int = 2
    update_after: timedelta = timedelta(hours=4)
    assumed_handling: timedelta = timedelta(minutes=10)
    waited: timedelta = timedelta(0)
    """Working time for which the question has stayed unanswered by `now`: only such as took longer are comparable."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """The situation with its histories boiled down to the numbers that were used; plain values, so it can be stored."""

    now: str
    policy_target: str | None
    hours: str | None
    hours_version: str | None
    queue: int
    on_shift: int
    percentile: float
    sample_size: int
    unanswered: int
    first_reply_seconds: float | None
    handling_size: int
    handling_seconds: float
    priority: str
    degraded: bool
    automatic: bool
    min_samples: int
    horizon: int
    update_seconds: float
    waited_seconds: float = 0.0
    handling_mean_seconds: float | None = None
    """None where it is not known; then every place is taken to need `handling_seconds`."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """What to tell. `kind` None: nothing, and no time. `basis` is empty unless an answer is promised, `unsure` if it is.

    `at` is UTC. `sample_size` counts first replies that are over. `inputs` gives the same again through `reproduce`.
    """

    kind: PromiseKind | None
    at: datetime | None
    basis: Basis | None
    unsure: Unsure | None
    percentile: float
    sample_size: int
    queue: int
    on_shift: int
    inputs: Mapping[str, str | int | float | bool | None]


def estimate(situation: Situation) -> Announcement:
    """The time to tell in this situation."""
    return _announce(_inputs(situation), situation.calendar)


def reproduce(inputs: Mapping[str, Any], calendar: Calendar | None) -> Announcement:
    """The announcement that these stored inputs gave. Misconfigured when the calendar is not of the version they name."""
    known = Inputs(**inputs)
    version = None if calendar is None else calendar.hours.version
    if version != known.hours_version:
        raise Misconfigured("sla.hours_changed", where=known.hours or "-", told=known.hours_version, now=version)
    return _announce(known, calendar)


def _inputs(s: Situation) -> Inputs:
    known = s.handling.answered >= s.min_samples
    handled = s.handling.quantile(s.percentile) if known else None
    return Inputs(
        now=utc(s.now).isoformat(),
        policy_target=None if s.policy_target is None else utc(s.policy_target).isoformat(),
        hours=None if s.calendar is None else s.calendar.hours.name,
        hours_version=None if s.calendar is None else s.calendar.hours.version,
        queue=s.queue_ahead,
        on_shift=s.agents_on_shift,
        percentile=s.percentile,
        sample_size=s.first_replies.answered,
        unanswered=s.first_replies.open,
        first_reply_seconds=s.first_replies.quantile(s.percentile, s.waited.total_seconds()),
        handling_size=s.handling.answered,
        handling_seconds=s.assumed_handling.total_seconds() if handled is None else handled,
        priority=s.priority.value,
        degraded=s.degraded,
        automatic=s.automatic,
        min_samples=s.min_samples,
        horizon=s.horizon,
        update_seconds=s.update_after.total_seconds(),
        waited_seconds=s.waited.total_seconds(),
        handling_mean_seconds=s.handling.mean if known else None,
    )


def _announce(i: Inputs, hours: Calendar | None) -> Announcement:
    calendar = Calendar(ROUND_THE_CLOCK) if hours is None else hours
    now = datetime.fromisoformat(i.now)
    if i.automatic:
        return _told(i, None, None, unsure=Unsure.AUTOMATIC)
    at, basis = _latest(i, calendar, now)
    told = round_up(calendar, now, at)
    unsure = _unsure(i, calendar, now, told, known=hours is not None)
    if unsure is None:
        return _told(i, PromiseKind.ANSWER, told, basis=basis)
    return _told(i, PromiseKind.UPDATE, _news(i, calendar, now), unsure=unsure)


def _told(
    i: Inputs, kind: PromiseKind | None, at: datetime | None, basis: Basis | None = None, unsure: Unsure | None = None
) -> Announcement:
    return Announcement(kind, at, basis, unsure, i.percentile, i.sample_size, i.queue, i.on_shift, _plain(i))


def _plain(i: Inputs) -> dict[str, str | int | float | bool | None]:
    """By name; `asdict` would copy each value, and takes longer than the estimate."""
    return {one.name: getattr(i, one.name) for one in fields(i)}


def _latest(i: Inputs, calendar: Calendar, now: datetime) -> tuple[datetime, Basis]:
    """The latest of the bounds; of equal ones the policy, then the history: the plainer thing to say."""
    bounds = []
    if i.policy_target is not None:
        bounds.append((datetime.fromisoformat(i.policy_target), Basis.POLICY))
    bounds += [(at, basis) for at, basis in _estimates(i, calendar, now) if at is not None]
    return max(bounds, key=lambda bound: bound[0])


def _estimates(i: Inputs, calendar: Calendar, now: datetime) -> list[tuple[datetime | None, Basis]]:
    history = _enough(i) and i.first_reply_seconds is not None
    first = calendar.add_working(now, timedelta(seconds=i.first_reply_seconds or 0)) if history else None
    return [
        (first, Basis.HISTORY),
        (calendar.add_working(now, timedelta(seconds=_queued(i))), Basis.QUEUE),
    ]


def _queued(i: Inputs) -> float:
    """The working seconds until as many replies are done as there are places up to ours, shared by the agents on shift."""
    places = max(1.0, load_of(i.queue, i.on_shift))
    if i.handling_mean_seconds is None:
        return i.handling_seconds * places
    return i.handling_mean_seconds * places + (i.handling_seconds - i.handling_mean_seconds) * sqrt(places)


def _enough(i: Inputs) -> bool:
    return i.sample_size >= i.min_samples


def _unsure(i: Inputs, calendar: Calendar, now: datetime, told: datetime, known: bool) -> Unsure | None:
    """The first reason not to promise an answer by `told`, the gravest first."""
    if i.degraded:
        return Unsure.DEGRADED
    if not known and not i.on_shift:
        return Unsure.NOBODY
    if _silent(i):
        return Unsure.UNANSWERED
    if i.policy_target is None and not _enough(i):
        return Unsure.FEW_SAMPLES
    estimates = [at for at, _ in _estimates(i, calendar, now) if at is not None]
    if max(estimates) > calendar.add_working_days(now, i.horizon):
        return Unsure.HORIZON
    if i.policy_target is not None and datetime.fromisoformat(i.policy_target) <= now and not _enough(i):
        return Unsure.POLICY_PASSED
    if calendar.estimated_holiday_between(now, told) is not None:
        return Unsure.ESTIMATED_HOLIDAY
    return None


def _silent(i: Inputs) -> bool:
    """Whether we know much and it says nothing good: so many are unanswered that the curve never reaches the percentile."""
    return i.sample_size + i.unanswered >= i.min_samples and i.first_reply_seconds is None


def _news(i: Inputs, calendar: Calendar, now: datetime) -> datetime:
    """When we tell how things stand: after the update time, and not on a day that may turn out to be a holiday."""
    since = now
    while True:
        at = round_up(calendar, now, calendar.add_working(since, timedelta(seconds=i.update_seconds)))
        shaky = calendar.estimated_holiday_between(since, at)
        if shaky is None:
            return at
        since = calendar.at(shaky + 2 * ONE_DAY, 0)
