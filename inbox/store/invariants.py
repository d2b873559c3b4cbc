"""What must hold of every store at every instant, asked of the tables themselves: how much was looked at, and what is not so.

The numbers are those by which the house is tested: I1 nothing is lost, I2 nothing is there twice, I3 nothing is sent twice, I4 nothing
ends silently, I7 nothing gets from one conversation into another, I8 no machine is answered by a machine, I9 who speaks in our name is
one of us, I10 the database is whole. (I5 and I6, that trouble stays where it is and that nothing grows without bound, are of a running
daemon: `inbox doctor` and `inbox channels` tell.)
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from inbox.store import tables as t
from inbox.store.types import fixed
from inbox.store.unit import Unit

FORGOTTEN = timedelta(hours=1)
"""What should have been done so long ago is not being done by anybody."""
SHOWN = 20
"""So many of what is not so are named."""

_A, _B, _C, _D, _M, _K = t.arrival.c, t.blob.c, t.conversation.c, t.delivery.c, t.message.c, t.message_key.c
There = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Invariant:
    """One of them. `name`: its sentence is `verify.NAME` of the catalogues; `broken`: how often it does not hold, `which`: some of that."""

    name: str
    checked: int
    broken: int
    which: tuple[str, ...] = ()


def invariants(unit: Unit, there: There, now: datetime) -> list[Invariant]:
    """All of them. `there`: whether the bytes of a digest are where they are kept."""
    return [
        _missing(unit, there),
        _held(unit, "I2", _counted(_M.id), _doubled()),
        _held(unit, "I3", _counted(_D.id), _sent_twice()),
        _held(unit, "I4", _counted(_D.id), _hanging(now), _unread(now)),
        _held(unit, "I7", _counted(_M.id), _elsewhere(), _named_elsewhere()),
        _held(unit, "I8", _counted(_D.id), _answered_machine()),
        _held(unit, "I9", _counted(_M.id), _nobodys()),
        _whole(unit),
    ]


def _held(unit: Unit, name: str, whole: sa.Select[int], *broken: sa.Select[str]) -> Invariant:
    """Of each statement every row is a breach, and its first column says where."""
    found = [str(row[0]) for one in broken for row in unit.execute(one)]
    return Invariant(name, int(unit.execute(whole).scalar_one()), len(found), tuple(found[:SHOWN]))


def _counted(column: sa.Column[int]) -> sa.Select[int]:
    return sa.select(sa.func.count(column))


def _missing(unit: Unit, there: There) -> Invariant:
    """Bytes that a row leads to are where it says."""
    digests = [str(row[0]) for row in unit.execute(sa.select(_B.digest))]
    gone = [digest for digest in digests if not there(digest)]
    return Invariant("I1", len(digests), len(gone), tuple(gone[:SHOWN]))


def _doubled() -> sa.Select[str]:
    """The same words of the same customer under the same key."""
    same = (_M.channel, _M.key, _M.text, _M.contact_id)
    query = sa.select(_M.key).where(_M.direction == fixed("inbound"), _M.key != "", _M.arrival_id.is_not(None))
    return query.group_by(*same).having(sa.func.count() > 1)


def _sent_twice() -> sa.Select[str]:
    """Two deliveries that were taken under one key, and no person wished for the second."""
    sent = (_D.state == fixed("sent"), _D.key != "", ~_D.repeated, ~_D.copy)
    return sa.select(_D.key).where(*sent).group_by(_D.channel, _D.key, _D.lane).having(sa.func.count() > 1)


def _hanging(now: datetime) -> sa.Select[str]:
    """In somebody's hands for so long that nobody has it in hand."""
    since = sa.func.coalesce(_D.stage_at, _D.not_before)
    return sa.select(_D.key).where(_D.state == fixed("sending"), since < now - FORGOTTEN)


def _unread(now: datetime) -> sa.Select[str]:
    """Come in, and nobody judges it."""
    waits = sa.exists().where(t.fragment.c.arrival_id == _A.id)
    return sa.select(_A.key).where(_A.verdict.is_(None), _A.received_at < now - FORGOTTEN, ~waits)


def _elsewhere() -> sa.Select[str]:
    """A message of one conversation handed over in the name of another."""
    joined = t.delivery.join(t.message, _D.message_id == _M.id)
    return sa.select(_D.key).select_from(joined).where(_D.conversation_id != _M.conversation_id)


def _named_elsewhere() -> sa.Select[str]:
    """A key that leads answers into another conversation than its message is in."""
    joined = t.message_key.join(t.message, _K.message_id == _M.id)
    return sa.select(_K.key).select_from(joined).where(_K.conversation_id != _M.conversation_id)


def _answered_machine() -> sa.Select[str]:
    """An acknowledgement where nobody but machines wrote."""
    said = (_M.conversation_id == _C.id, _M.direction == fixed("inbound"))
    person = sa.exists().where(*said, _M.automatic.is_(None))
    machine = sa.exists().where(*said, _M.automatic.is_not(None))
    acknowledged = sa.exists().where(_D.conversation_id == _C.id, _D.purpose == fixed("acknowledgement"))
    return sa.select(_C.reference).where(acknowledged, machine, ~person)


def _nobodys() -> sa.Select[str]:
    """An answer of ours that no agent of ours gave; old mail that was brought in may be of those who have left."""
    gone = ~sa.exists().where(t.agent.c.id == _M.agent_id)
    old = sa.exists().where(_A.id == _M.arrival_id, _A.history)
    return sa.select(_M.key).where(_M.direction == fixed("outbound"), _M.purpose == fixed("reply"), gone, ~old)


def _whole(unit: Unit) -> Invariant:
    """Every page and every reference; PostgreSQL looks after itself."""
    if unit.connection.dialect.name != "sqlite":
        return Invariant("I10", 0, 0)
    found = list(_complaints(unit))
    pages = int(unit.execute(sa.text("PRAGMA page_count")).scalar_one())
    return Invariant("I10", pages, len(found), tuple(found[:SHOWN]))


def _complaints(unit: Unit) -> Iterator[str]:
    for row in unit.execute(sa.text(f"PRAGMA quick_check({SHOWN})")):
        if row[0] != "ok":
            yield str(row[0])
    for found in unit.execute(sa.text("PRAGMA foreign_key_check")):
        yield f"{found[0]} {found[1]} -> {found[2]}"
