"""The audit log: what was done to accounts, people and teams, by whom and from where. It is only added to."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.acts import Act, By, Entry
from inbox.domain.ids import AgentId
from inbox.store.tables import agent, audit
from inbox.store.unit import Unit

_C = audit.c


def record(
    unit: Unit,
    act: Act,
    by: By,
    now: datetime,
    *,
    about: AgentId | None = None,
    name: str = "",
    detail: Sequence[str] = (),
) -> None:
    """One act, in the unit that does it: they stand together or not at all."""
    row = {"at": now, "act": act.value, "who": by.who, "by_id": by.agent, "about_id": about, "name": name}
    unit.add(audit, {**row, "detail": list(detail), "via": by.via, "address": by.address[:100]})


def page(unit: Unit, most: int, before: int | None = None, about: AgentId | None = None) -> list[Entry]:
    """The latest first, before a number of the log if one is given; `about`: what an agent did or what was done to them."""
    doer, other = agent.alias("doer"), agent.alias("other")
    query = (
        sa.select(
            _C.id,
            _C.at,
            _C.act,
            _C.who,
            sa.func.coalesce(doer.c.handle, ""),
            sa.func.coalesce(other.c.handle, ""),
            _C.name,
            _C.detail,
            _C.via,
            _C.address,
        )
        .join_from(audit, doer, _C.by_id == doer.c.id, isouter=True)
        .join(other, _C.about_id == other.c.id, isouter=True)
        .order_by(_C.id.desc())
        .limit(most)
    )
    if before is not None:
        query = query.where(_C.id < before)
    if about is not None:
        query = query.where(sa.or_(_C.by_id == about, _C.about_id == about))
    rows = unit.execute(query)
    return [Entry(r[0], r[1], r[2], r[3], r[4], r[5], r[6], tuple(r[7]), r[8], r[9]) for r in rows]
