"""Arrivals: landing them with the cursor behind them, and giving each its verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from inbox.domain.arrivals import Arrival, Judged, Raw, Verdict
from inbox.domain.ids import ArrivalId, ChannelName
from inbox.ports.wake import INTAKE
from inbox.store import restored
from inbox.store.prepared import Prepared, PreparedAmong
from inbox.store.tables import arrival, arrival_raw, blob, channel, fragment
from inbox.store.types import EPOCH
from inbox.store.unit import Unit, insert_ignore

TRIES = 3
"""A parse or a receive that raised this often sends its arrival to quarantine."""


@dataclass(frozen=True, slots=True)
class Landing:
    """An item ready to be stored: small raw bytes as they are, large ones as the digest of a blob that is durable already.

    `at`: when old mail was written; None: it reaches us now.
    """

    key: str
    size: int
    raw: bytes | None
    blob: str | None = None
    at: datetime | None = None
    came: datetime | None = None
    """When the network took it, where it tells."""


@cache
def _landing(dialect: str) -> Prepared:
    return Prepared(insert_ignore(dialect, arrival).returning(arrival.c.id))


def land(
    unit: Unit,
    name: ChannelName,
    items: Sequence[Landing],
    cursor: str | None,
    now: datetime,
    *,
    history: bool = False,
    first_sync: bool = False,
) -> int:
    """Store a batch and the cursor behind it; the count of those that were not known by their key. Wakes INTAKE."""
    mark = restored.mark(unit)
    until = None if mark is None else mark.until
    fresh = 0
    for one in items:
        again = until is not None and one.came is not None and one.came < until
        landed = land_one(unit, name, one, now, history=history, first_sync=first_sync, again=again)
        fresh += landed is not None
    if cursor is not None:
        unit.execute(sa.update(channel).where(channel.c.name == name), {"cursor": cursor, "last_success_at": now})
    if fresh:
        unit.wake(INTAKE)
    return fresh


def land_one(
    unit: Unit,
    name: ChannelName,
    item: Landing,
    now: datetime,
    *,
    history: bool = False,
    first_sync: bool = False,
    again: bool = False,
) -> ArrivalId | None:
    """Store one item, its cursor and its wake-up being the caller's affair; None where its key is known."""
    if item.blob is not None:
        unit.insert_new(blob, digest=item.blob, size=item.size, stored_at=now)
    new = unit.run(
        _landing(unit.connection.dialect.name),
        channel=name,
        key=item.key,
        received_at=item.at or now,
        size=item.size,
        blob=item.blob,
        history=history,
        first_sync=first_sync,
        again=again,
    )
    if new and item.raw is not None:
        unit.add(arrival_raw, {"arrival_id": new[0][0], "raw": item.raw})
    return ArrivalId(new[0][0]) if new else None


_KNOWN = sa.select(arrival.c.key).where(
    arrival.c.channel == sa.bindparam("channel"), arrival.c.key.in_(sa.bindparam("keys", expanding=True))
)


def known(unit: Unit, name: ChannelName, keys: Sequence[str]) -> frozenset[str]:
    """Which of these keys have landed on a channel before."""
    return frozenset(row[0] for row in unit.execute(_KNOWN, {"channel": name, "keys": list(keys)}))


@dataclass(frozen=True, slots=True)
class Waiting:
    """An arrival without a verdict; `blob` names its bytes where they are not in `raw`."""

    id: ArrivalId
    channel: ChannelName
    key: str
    received_at: datetime
    size: int
    raw: bytes | None
    blob: str | None
    tries: int
    history: bool
    first_sync: bool
    again: bool

    def arrival(self, raw: Raw) -> Arrival:
        """The house's noun, with its bytes (those of the blob where they are not in the row)."""
        known = (self.id, self.channel, self.key, self.received_at, raw)
        return Arrival(*known, self.tries, self.history, self.first_sync, self.again)


_FIELDS = (
    arrival.c.id,
    arrival.c.channel,
    arrival.c.key,
    arrival.c.received_at,
    arrival.c.size,
    arrival_raw.c.raw,
    arrival.c.blob,
    arrival.c.tries,
    arrival.c.history,
    arrival.c.first_sync,
    arrival.c.again,
)
_CHANNEL = arrival.c.channel.concat("")
"""So written that no index leads by it: else all that ever came in by these channels is read, and sorted, for the few that have no
verdict."""


def _pending(which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """The oldest that wait, and of which this holds."""
    return (
        sa.select(*_FIELDS)
        .outerjoin_from(arrival, arrival_raw, arrival_raw.c.arrival_id == arrival.c.id)
        .where(
            arrival.c.verdict.is_(None),
            arrival.c.id > sa.bindparam("after"),
            which,
            ~sa.exists().where(
                fragment.c.arrival_id == arrival.c.id,
                fragment.c.due_at > sa.bindparam("now", type_=fragment.c.due_at.type),
            ),
        )
        .order_by(arrival.c.id)
        .limit(sa.bindparam("most"))
    )


_PENDING = PreparedAmong(lambda among: _pending(_CHANNEL.in_(among)))
"""Where no channel is braked, as nearly always."""


def pending(
    unit: Unit,
    after: ArrivalId,
    most: int,
    known: Sequence[ChannelName],
    braked: Sequence[ChannelName] = (),
    now: datetime = EPOCH,
) -> list[Waiting]:
    """The oldest arrivals behind `after` that have no verdict yet, of the known channels; of the braked ones among them
    none from their first sync, and no first piece that still waits for others at `now`."""
    if not known:
        return []
    asked = {"after": after, "most": most, "now": now}
    if braked:
        free = sa.or_(~arrival.c.first_sync, _CHANNEL.not_in(list(braked)))
        return [Waiting(*row) for row in unit.execute(_pending(sa.and_(_CHANNEL.in_(list(known)), free)), asked)]
    statement, among = _PENDING.of(known)
    return [Waiting(*row) for row in unit.run(statement, **asked, **among)]


def one(unit: Unit, id: ArrivalId) -> Waiting | None:
    """One arrival, whatever its verdict."""
    found = sa.select(*_FIELDS).outerjoin_from(arrival, arrival_raw, arrival_raw.c.arrival_id == arrival.c.id)
    row = unit.execute(found.where(arrival.c.id == id)).first()
    return None if row is None else Waiting(*row)


def ended(unit: Unit, id: ArrivalId) -> Judged | None:
    """How an arrival ended; None while it has not, or where there is none."""
    row = unit.execute(sa.select(arrival.c.verdict, arrival.c.reason).where(arrival.c.id == id)).first()
    return None if row is None or row[0] is None else Judged(Verdict(row[0]), row[1])


_JUDGED = Prepared(sa.update(arrival).where(arrival.c.id == sa.bindparam("row"), arrival.c.verdict.is_(None)))


def judge(unit: Unit, id: ArrivalId, judged: Judged, now: datetime) -> bool:
    """The verdict of an arrival, once: False where it has one."""
    return unit.count(_JUDGED, row=id, verdict=judged.verdict.value, reason=judged.reason, judged_at=now) == 1


def tried(unit: Unit, id: ArrivalId, error: str, now: datetime) -> bool:
    """Count a failed try; after three the arrival is quarantined with the error. True when it is."""
    counted = sa.update(arrival).where(arrival.c.id == id).values(tries=arrival.c.tries + 1, reason=error)
    row = unit.execute(counted.returning(arrival.c.tries)).one()
    if row.tries < TRIES:
        return False
    judge(unit, id, Judged(Verdict.QUARANTINED, error), now)
    return True


@dataclass(frozen=True, slots=True)
class Apart:
    """A line of `inbox quarantine`: an arrival that a person should look at."""

    id: ArrivalId
    channel: ChannelName
    key: str
    received_at: datetime
    size: int
    verdict: str
    reason: str


def apart(unit: Unit, most: int = 100) -> list[Apart]:
    """The quarantined and the held, newest first."""
    rows = unit.execute(
        sa.select(
            arrival.c.id,
            arrival.c.channel,
            arrival.c.key,
            arrival.c.received_at,
            arrival.c.size,
            arrival.c.verdict,
            arrival.c.reason,
        )
        .where(arrival.c.verdict.in_((Verdict.QUARANTINED.value, Verdict.HELD.value)))
        .order_by(arrival.c.id.desc())
        .limit(most)
    )
    return [Apart(*row) for row in rows]


def retry(unit: Unit, id: ArrivalId) -> bool:
    """Take a quarantined arrival up again; False where there is none of that id."""
    result = unit.execute(
        sa.update(arrival)
        .where(arrival.c.id == id, arrival.c.verdict == Verdict.QUARANTINED.value)
        .values(verdict=None, reason="", tries=0, judged_at=None)
    )
    if result.rowcount:
        unit.wake(INTAKE)
    return bool(result.rowcount)


def ignore(unit: Unit, id: ArrivalId, reason: str, now: datetime) -> bool:
    """A person decides that a quarantined arrival is not worth a conversation."""
    result = unit.execute(
        sa.update(arrival)
        .where(arrival.c.id == id, arrival.c.verdict == Verdict.QUARANTINED.value)
        .values(verdict=Verdict.IGNORED.value, reason=reason, judged_at=now)
    )
    return bool(result.rowcount)


def verdicts(unit: Unit) -> dict[str, int]:
    """How many arrivals ended how; those without a verdict under `pending`."""
    verdict = sa.func.coalesce(arrival.c.verdict, "pending")
    rows = unit.execute(sa.select(verdict, sa.func.count()).group_by(verdict))
    return {row[0]: row[1] for row in rows}
