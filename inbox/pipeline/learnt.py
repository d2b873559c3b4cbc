"""What is learnt from past replies: how long questions on a channel waited, and how long one reply takes a team.

Both change slowly and are long to read: what was read is used again for 30 seconds.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from inbox.domain.ids import ChannelName, TeamId
from inbox.sla.comparable import Moment, Past, load_of
from inbox.sla.handling import handling
from inbox.sla.hours import Calendar
from inbox.sla.survival import History, Sample
from inbox.store import clocks
from inbox.store.clocks import Asked
from inbox.store.unit import Unit

FRESH = timedelta(seconds=30)
Learnt = TypeVar("Learnt")


def first_replies(unit: Unit, channel: ChannelName, calendar: Calendar | None, now: datetime) -> list[Past]:
    """The latest first replies on a channel, those still owed counted as censored; none while none is over."""

    def read() -> list[Past]:
        over = clocks.first_replies(unit, channel, now)
        waiting = clocks.still_waiting(unit, channel) if over else []
        return [_past(one, calendar, now) for one in (*over, *waiting)]

    return _kept(unit, f"first replies {channel} {_version(calendar)}", now, read)


def handled(unit: Unit, team: TeamId | None, calendar: Calendar | None, now: datetime) -> History:
    """How long one reply lately took the agents in conversations of a team, or in all."""

    def read() -> dict[TeamId | None, History]:
        return handling(clocks.replies(unit, now), partial(worked, calendar))

    return _kept(unit, f"handling {_version(calendar)}", now, read).get(team, History())


def worked(calendar: Calendar | None, since: datetime, until: datetime) -> float:
    """The working seconds between two instants; all of them where there is no calendar."""
    between = until - since if calendar is None else calendar.working_between(since, until)
    return max(0.0, between.total_seconds())


def _past(one: Asked, calendar: Calendar | None, now: datetime) -> Past:
    """In the working time of the calendar that is asked about, whatever the target of then was counted on, if there was one."""
    seconds = worked(calendar, one.since, one.at or now)
    return Past(Sample(seconds, censored=one.at is None), one.priority, _asked(one, calendar))


def _asked(one: Asked, calendar: Calendar | None) -> Moment | None:
    """The load under which a time was told, where one was computed, and the hour."""
    rested = json.loads(one.inputs) if one.inputs else {}
    return moment(rested["queue"], rested["on_shift"], one.since, calendar) if "queue" in rested else None


def moment(queue: int, on_shift: int, at: datetime, calendar: Calendar | None) -> Moment:
    """A question that so many stand before and so many agents work on, asked at that instant."""
    local = at if calendar is None else calendar.local(at)
    return Moment.of(load_of(queue, on_shift), local.hour + local.minute / 60)


def _version(calendar: Calendar | None) -> str:
    return "" if calendar is None else calendar.hours.version


def _kept(unit: Unit, key: str, now: datetime, read: Callable[[], Learnt]) -> Learnt:
    kept = unit.cache.get(key)
    if isinstance(kept, tuple) and kept[0] <= now < kept[0] + FRESH:
        found: Learnt = kept[1]
        return found
    fresh = read()
    unit.cache[key] = (now, fresh)
    return fresh
