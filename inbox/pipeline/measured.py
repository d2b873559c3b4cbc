"""Keeping what reports count: following the change feed in slices, counting everything anew, and comparing with what is so."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from inbox.domain.ids import ConversationId
from inbox.domain.measures import Measured
from inbox.pipeline.measuring import Known, measure
from inbox.pipeline.verify import Difference
from inbox.store import attending, clocks, conversations, events, measured, promises, surveys
from inbox.store.unit import Unit

DEFINITION = 1
"""Of what the facts mean. Raise it when that changes: everything is then measured anew, by itself."""
AT_ONCE = 100
"""Conversations that are measured in one reading."""
EVENTS = 500
"""Events of the feed that one slice covers."""


@dataclass(frozen=True, slots=True)
class Slice:
    """What is to be recorded next, and how far that leads. `more`: there is something behind it."""

    since: measured.Progress
    found: tuple[Measured, ...] = ()
    to: measured.Progress | None = None
    more: bool = False


def of(unit: Unit, id: ConversationId, zone: ZoneInfo) -> Measured:
    """A conversation measured from its events, clocks, promises and surveys, as they stand."""
    matter = conversations.peek(unit, id)
    known = Known(
        matter,
        events.of(unit, id),
        clocks.measured(unit, id),
        promises.of(unit, id),
        surveys.surveyed(unit, id),
        _elsewhere(unit, id, matter.channel),
    )
    return measure(known, zone)


def _elsewhere(unit: Unit, id: ConversationId, channel: str) -> bool:
    """Whether its customer wrote over another channel than the one on which it began."""
    return any(one != channel for one in measured.channels(unit, id))


def stands(unit: Unit, zone: ZoneInfo) -> Literal["other", "behind", "counted"]:
    """Whether there is anything to count. `other`: what is on record is of another zone's days, or of other facts, or there is none."""
    now = measured.progress(unit)
    if now is None or (now.zone, now.kind) != (zone.key, DEFINITION):
        return "other"
    return "behind" if now.after is not None or attending.latest(unit) > now.upto else "counted"


def begin(unit: Unit, zone: ZoneInfo) -> None:
    """Forget what is on record: everything is measured anew, in the days of that zone."""
    measured.begin(unit, zone.key, attending.latest(unit), DEFINITION)


def following(unit: Unit, zone: ZoneInfo) -> Slice:
    """The next conversations, measured: those that there were first, then those of which something was told. Only reads."""
    now = measured.progress(unit)
    if now is None:
        return Slice(measured.Progress())
    if now.after is not None:
        ids = conversations.ids(unit, now.after, AT_ONCE)
        over = len(ids) < AT_ONCE
        to = measured.Progress(now.zone, now.upto, None if over else ids[-1], now.kind)
        return Slice(now, tuple(of(unit, id, zone) for id in ids), to, more=True)
    upto, ids = measured.changed(unit, now.upto, EVENTS)
    if upto == now.upto:
        return Slice(now)
    to = measured.Progress(now.zone, upto, None, now.kind)
    return Slice(now, tuple(of(unit, id, zone) for id in ids), to, more=True)


def reached(unit: Unit, done: Slice) -> bool:
    """A slice is recorded; False where somebody else has begun anew or gone on meanwhile."""
    return done.to is not None and measured.moved_on(unit, done.since, upto=done.to.upto, after=done.to.after)


def record(unit: Unit, found: Slice) -> bool:
    """All of a slice, and that it is recorded, in one unit."""
    for one in found.found:
        measured.put(unit, one)
    return reached(unit, found)


def as_of(unit: Unit, now: datetime) -> datetime | None:
    """The instant up to which everything is counted; None while what there was is counted for the first time."""
    stands = measured.progress(unit)
    if stands is None or stands.after is not None:
        return None
    return now if attending.latest(unit) <= stands.upto else measured.told_at(unit, stands.upto)


def differences(unit: Unit, id: ConversationId, zone: ZoneInfo) -> list[Difference]:
    """Everything in which what is on record of a conversation differs from what is so. What is not counted yet does not."""
    kept, matter = measured.of(unit, id), conversations.peek(unit, id)
    stands = measured.progress(unit)
    if stands is None or (stands.after is not None and id > stands.after):
        return []
    late = kept is None or kept.version != matter.version
    if late and attending.latest(unit) > stands.upto:
        return []
    so = of(unit, id, zone)
    if kept is None:
        return [Difference(matter.reference, "measured", "-", str(so.version))]
    found = [
        Difference(matter.reference, f"measured {f.name}", str(getattr(kept, f.name)), str(getattr(so, f.name)))
        for f in fields(Measured)
        if f.name != "facts" and getattr(kept, f.name) != getattr(so, f.name)
    ]
    for key in sorted({*kept.facts, *so.facts}):
        one, other = kept.facts.get(key, 0), so.facts.get(key, 0)
        if one != other:
            found.append(Difference(matter.reference, f"measured {key}", str(one), str(other)))
    return found
