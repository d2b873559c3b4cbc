"""Retention: what the site keeps no longer goes, a handful in a unit, and the audit log tells how much."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from inbox.domain.acts import Act, By
from inbox.store import audit, retaining
from inbox.store.unit import Unit

AT_ONCE = 100
"""Rows that go in one unit: people's work never waits for long."""
KINDS = ("originals", "quarantined", "audit")
Kept = Mapping[str, timedelta]
"""How long each kind is kept; a kind that is not in it is kept for ever."""


@dataclass(frozen=True, slots=True)
class Due:
    """Of one kind: for how long it is kept (None: for ever), and how many have been kept for longer."""

    kind: str
    length: timedelta | None
    count: int


def due(unit: Unit, kept: Kept, now: datetime) -> list[Due]:
    """What would go now."""
    lengths = {kind: kept.get(kind) for kind in KINDS}
    return [
        Due(kind, length, 0 if length is None else retaining.count(unit, kind, now - length))
        for kind, length in lengths.items()
    ]


def some(unit: Unit, kind: str, kept: Kept, now: datetime) -> int:
    """A handful of one kind goes; how many, 0 once none is left."""
    length = kept.get(kind)
    return 0 if length is None else retaining.take_away(unit, kind, now - length, AT_ONCE)


def told(unit: Unit, gone: Mapping[str, int], by: By, now: datetime) -> None:
    """One line for all that went."""
    if any(gone.values()):
        detail = [f"{kind} {count}" for kind, count in gone.items() if count]
        audit.record(unit, Act.RETAINED, by, now, detail=detail)
