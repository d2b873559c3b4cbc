"""Contacts that became one: what went over with each merge, kept so that it can be undone; and who is not the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from inbox.domain.ids import AgentId, ContactId
from inbox.store import search
from inbox.store.tables import asset, contact, contact_apart, contact_merge, contract, declined, kept_file, person_note
from inbox.store.unit import Unit

_CARRIED = (("notes", person_note), ("files", kept_file), ("assets", asset), ("contracts", contract))
"""What is a contact's by a row of its own."""
_M, _A, _C = contact_merge.c, contact_apart.c, contact.c


@dataclass(frozen=True, slots=True)
class Merge:
    """One contact went into another. `moved`: see `inbox/pipeline/same.py`."""

    id: int
    kept: ContactId
    gone: ContactId
    agent: AgentId | None
    at: datetime
    moved: Mapping[str, Any]


_FIELDS = (_M.id, _M.kept_id, _M.gone_id, _M.agent_id, _M.at, _M.moved)


def _merge(row: Sequence[Any]) -> Merge:
    agent = None if row[3] is None else AgentId(row[3])
    return Merge(row[0], ContactId(row[1]), ContactId(row[2]), agent, row[4], row[5])


def lock(unit: Unit, *ids: ContactId) -> None:
    """Their rows, in one order whoever asks: nobody merges or unmerges one of them until we commit."""
    query = sa.select(_C.id).where(_C.id.in_(sorted(ids))).order_by(_C.id)
    unit.execute(query.with_for_update()).all()


def put(
    unit: Unit, gone: ContactId, kept: ContactId, moved: Mapping[str, Any], by: AgentId | None, now: datetime
) -> None:
    """They are the same from now on; an index refuses whoever has gone already."""
    unit.insert(contact_merge, kept_id=kept, gone_id=gone, agent_id=by, at=now, moved=dict(moved))
    unit.execute(sa.update(contact).where(_C.id == gone).values(merged_into_id=kept))


def standing(unit: Unit, gone: ContactId) -> Merge | None:
    """The merge by which a contact went into another."""
    row = unit.execute(sa.select(*_FIELDS).where(_M.gone_id == gone, _M.undone_at.is_(None))).first()
    return None if row is None else _merge(row)


def into(unit: Unit, kept: ContactId) -> list[Merge]:
    """Who went into a contact and stands there, the latest first."""
    query = sa.select(*_FIELDS).where(_M.kept_id == kept, _M.undone_at.is_(None)).order_by(_M.id.desc())
    return [_merge(row) for row in unit.execute(query)]


def undo(unit: Unit, merge: Merge, now: datetime) -> bool:
    """They are two again; False where somebody has undone it already."""
    mine = (_M.id == merge.id, _M.undone_at.is_(None))
    if not unit.execute(sa.update(contact_merge).where(*mine).values(undone_at=now)).rowcount:
        return False
    unit.execute(sa.update(contact).where(_C.id == merge.gone).values(merged_into_id=None))
    return True


def stands(unit: Unit, id: ContactId) -> ContactId:
    """Who a contact is now: themselves, or whom they went into at last."""
    seen = {id}
    while True:
        into = unit.execute(sa.select(_C.merged_into_id).where(_C.id == id)).scalar_one_or_none()
        if into is None or into in seen:
            return id
        id = ContactId(into)
        seen.add(id)


def carry(unit: Unit, gone: ContactId, kept: ContactId, *, declined_before: bool) -> dict[str, list[int]]:
    """Notes, files, assets and contracts go over; the numbers of those that did, by what they are. Whoever wants nothing told that they
    did not ask about still wants none. `declined_before`: the one who is kept did so themselves."""
    moved: dict[str, list[int]] = {}
    for name, table in _CARRIED:
        query = sa.select(table.c.id).where(table.c.contact_id == gone).order_by(table.c.id)
        moved[name] = [row[0] for row in unit.execute(query)]
        unit.execute(sa.update(table).where(table.c.contact_id == gone).values(contact_id=kept))
    was = unit.execute(sa.select(declined).where(declined.c.contact_id == gone)).mappings().first()
    if was is not None:
        unit.insert_new(declined, **{**was, "contact_id": kept})
    return {**moved, "declined": [gone] if was is not None and not declined_before else []}


def carry_back(unit: Unit, merge: Merge) -> None:
    """Those that went over and are still there go back."""
    for name, table in _CARRIED:
        mine = (table.c.id.in_(merge.moved.get(name, [])), table.c.contact_id == merge.kept)
        unit.execute(sa.update(table).where(*mine).values(contact_id=merge.gone))
    if merge.moved.get("declined"):
        unit.execute(sa.delete(declined).where(declined.c.contact_id == merge.kept))


def renamed(unit: Unit, id: ContactId, values: Mapping[str, Any]) -> None:
    """What is known of a contact is put back."""
    with search.renaming(unit, id):
        unit.execute(sa.update(contact).where(_C.id == id).values(**values))


# -- not the same ------------------------------------------------------------------------------------------------------
def set_apart(unit: Unit, one: ContactId, other: ContactId, by: AgentId | None, now: datetime) -> bool:
    """Somebody says that they are two; False where that was said already."""
    first, second = sorted((one, other))
    return unit.insert_new(contact_apart, one_id=first, other_id=second, agent_id=by, at=now)


def end_apart(unit: Unit, one: ContactId, other: ContactId) -> None:
    """Nobody says so any more."""
    first, second = sorted((one, other))
    unit.execute(sa.delete(contact_apart).where(_A.one_id == first, _A.other_id == second))


def apart(unit: Unit) -> frozenset[tuple[int, int]]:
    """All pairs of whom that was said, the smaller number first."""
    return frozenset((row[0], row[1]) for row in unit.execute(sa.select(_A.one_id, _A.other_id)))
