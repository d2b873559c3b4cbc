"""Channel rows: the cursor, the state that people see, and the brake of a first sync."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.ids import ChannelName
from inbox.ports.wake import INTAKE, SETTINGS
from inbox.store.prepared import Prepared
from inbox.store.tables import arrival, channel
from inbox.store.unit import Unit


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """How a channel stands. `problem` is the sentence of what is wrong, as JSON of key and facts, or None."""

    name: ChannelName
    kind: str
    cursor: str | None
    state: str
    state_at: datetime | None
    problem: str | None
    last_success_at: datetime | None
    first_sync_due: int
    first_sync_released: bool


def ensure(unit: Unit, name: ChannelName, kind: str) -> None:
    """The row of a channel that the config names."""
    if not unit.insert_new(channel, name=name, kind=kind):
        unit.execute(sa.update(channel).where(channel.c.name == name, channel.c.kind != kind), {"kind": kind})


def cursor(unit: Unit, name: ChannelName) -> str | None:
    """The stored cursor; None before the first batch."""
    return unit.execute(sa.select(channel.c.cursor).where(channel.c.name == name)).scalar_one_or_none()


def set_state(unit: Unit, name: ChannelName, state: str, problem: str | None, now: datetime) -> None:
    """starting, connected, backing-off, locked-out, stopped; with the problem that people are told."""
    values = {"state": state, "problem": problem, "state_at": now}
    if state == "connected":
        values["last_success_at"] = now
    unit.execute(sa.update(channel).where(channel.c.name == name), values)


def seen(unit: Unit) -> list[ChannelRow]:
    """All channels that were ever configured."""
    rows = unit.execute(sa.select(*(channel.c[f] for f in ChannelRow.__slots__)).order_by(channel.c.name))
    return [ChannelRow(*row) for row in rows]


def one(unit: Unit, name: ChannelName) -> ChannelRow | None:
    """One channel's row."""
    row = unit.execute(sa.select(*(channel.c[f] for f in ChannelRow.__slots__)).where(channel.c.name == name)).first()
    return None if row is None else ChannelRow(*row)


_COUNTED = Prepared(
    sa.update(channel)
    .where(
        channel.c.name == sa.bindparam("which"),
        sa.or_(channel.c.first_sync_released, channel.c.first_sync_due < sa.bindparam("most")),
    )
    .values(first_sync_due=channel.c.first_sync_due + 1)
)


def count_first_sync(unit: Unit, name: ChannelName, most: int) -> bool:
    """One more acknowledgement came due from a first sync; False where that is more than `most` and nobody released it."""
    return unit.count(_COUNTED, which=name, most=most) == 1


def release_first_sync(unit: Unit, name: ChannelName) -> bool:
    """A person said that the acknowledgements of the first sync may go out. Wakes SETTINGS: the brake is held there."""
    unit.wake(SETTINGS)
    released = sa.update(channel).where(channel.c.name == name).values(first_sync_released=True)
    return bool(unit.execute(released).rowcount)


def silence_first_sync(unit: Unit, name: ChannelName) -> int:
    """A person said that what still waits of the first sync is history: stored, and answered to nobody. How many."""
    waiting = sa.update(arrival).where(arrival.c.channel == name, arrival.c.verdict.is_(None), arrival.c.first_sync)
    unit.wake(INTAKE)
    return int(unit.execute(waiting.values(first_sync=False, history=True)).rowcount)
