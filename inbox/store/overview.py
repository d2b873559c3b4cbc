"""How the house stands now, in numbers: what operators are shown of it and what is measured of it, in one look.

Each number is found by an index that leads to just what it counts, or lies among the newest rows; none walks through the past.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.arrivals import Verdict
from inbox.domain.conversations import State
from inbox.domain.deliveries import DeliveryState
from inbox.store import live
from inbox.store import tables as t
from inbox.store.engine import log_size
from inbox.store.lagging import Behind, behind
from inbox.store.leases import stored_now
from inbox.store.standing import Health, health
from inbox.store.types import fixed
from inbox.store.unit import Unit

STUCK = (DeliveryState.UNKNOWN, DeliveryState.PARKED, DeliveryState.FAILED)
"""What a delivery may have come to that asks for a person."""
GOING_ON = (State.OPEN, State.WAITING, State.SNOOZED)
"""The states of conversations that are not over."""
_BUSY = ("sending", "unknown", "parked", "failed")
_APART = ("quarantined", "held")
"""Both as their indexes have them."""
_A, _C, _D, _L = t.arrival.c, t.conversation.c, t.delivery.c, t.lease.c


@dataclass(frozen=True, slots=True)
class Holder:
    """What one node does: the name of a lease and of who has it now."""

    name: str
    holder: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Overview:
    """One look."""

    channels: tuple[Health, ...]
    """Each channel that was ever configured."""
    behind: Behind
    """How far behind receiving is."""
    due_since: datetime | None
    """Since when the delivery that fell due first, of all that may go, waits."""
    stuck: Mapping[DeliveryState, int]
    apart: Mapping[Verdict, int]
    """Arrivals that were quarantined, or are held."""
    conversations: Mapping[State, int]
    rules: live.State
    holders: tuple[Holder, ...]
    size: int
    """Bytes of the database."""
    log: int
    """Bytes of the write-ahead log beside a file; it grows as long as somebody reads without an end."""

    @property
    def unread_since(self) -> datetime | None:
        """When the oldest arrival without a verdict came, old mail that is brought in left out."""
        return self.behind.oldest

    @property
    def dead(self) -> int:
        """Arrivals that could not be read and deliveries that nobody will try again."""
        failed = self.stuck[DeliveryState.FAILED] + self.stuck[DeliveryState.PARKED]
        return self.apart[Verdict.QUARANTINED] + failed


def overview(unit: Unit, now: datetime) -> Overview:
    """Take it."""
    queued = sa.select(sa.func.min(_D.not_before)).where(_D.state == fixed("queued"), _D.not_before <= now)
    return Overview(
        tuple(health(unit)),
        behind(unit, now),
        unit.execute(queued).scalar_one(),
        _stuck(unit),
        _apart(unit),
        _conversations(unit),
        live.state(unit),
        _holders(unit, now),
        _size(unit),
        log_size(unit.connection.engine.url),
    )


def _stuck(unit: Unit) -> dict[DeliveryState, int]:
    """Screens of a bot's menu left out: what becomes of them is no trouble of anybody's."""
    busy = _D.state.in_([fixed(state) for state in _BUSY])
    query = sa.select(_D.state, sa.func.count()).where(busy, _D.conversation_id.is_not(None)).group_by(_D.state)
    found = {row[0]: int(row[1]) for row in unit.execute(query)}
    return {state: found.get(state.value, 0) for state in STUCK}


def _apart(unit: Unit) -> dict[Verdict, int]:
    aside = _A.verdict.in_([fixed(verdict) for verdict in _APART])
    rows = unit.execute(sa.select(_A.verdict, sa.func.count()).where(aside).group_by(_A.verdict))
    found = {row[0]: int(row[1]) for row in rows}
    return {verdict: found.get(verdict.value, 0) for verdict in (Verdict.QUARANTINED, Verdict.HELD)}


def _conversations(unit: Unit) -> dict[State, int]:
    going = _C.state.in_([state.value for state in GOING_ON])
    query = sa.select(_C.state, sa.func.count()).where(going, _C.merged_into_id.is_(None)).group_by(_C.state)
    found = {row[0]: int(row[1]) for row in unit.execute(query)}
    return {state: found.get(state.value, 0) for state in GOING_ON}


def _holders(unit: Unit, now: datetime) -> tuple[Holder, ...]:
    query = sa.select(_L.name, _L.holder, _L.expires_at).where(_L.expires_at >= stored_now(unit, now))
    return tuple(Holder(*row) for row in unit.execute(query.order_by(_L.name)))


def _size(unit: Unit) -> int:
    if unit.connection.dialect.name == "postgresql":
        return int(unit.execute(sa.text("SELECT pg_database_size(current_database())")).scalar_one())
    pages, each = (unit.execute(sa.text(f"PRAGMA {one}")).scalar_one() for one in ("page_count", "page_size"))
    return int(pages) * int(each)
