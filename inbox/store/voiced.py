"""The conversations behind what is counted: the newest of a tag, and those whose words say what people write about."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from inbox.domain.measures import Measure
from inbox.store.articles_uncovered import Uncovered, told
from inbox.store.rolled import Where
from inbox.store.tables import conversation, measured, measured_fact, measured_tag
from inbox.store.types import fixed
from inbox.store.unit import Unit

LOOKED_AT = 1_000
"""The newest conversations of a period whose words are looked at."""
Among = tuple[int, int]
_C, _M, _T, _F = conversation.c, measured.c, measured_tag.c, measured_fact.c


def examples(unit: Unit, where: Where, among: Among, tags: Sequence[str], most: int = 3) -> dict[str, list[str]]:
    """By tag the references of the newest conversations that were opened in a period. `among`: as `span` gives it."""
    if where.tag or where.organization is not None:
        found = _among_few(unit, where, among, tags, most)
    else:
        found = {tag: _newest(unit, where, among, tag, most) for tag in tags}
    ids = [id for several in found.values() for id in several]
    named = sa.select(_C.id, _C.reference).where(_C.id.in_(ids))
    names = {row[0]: str(row[1]) for row in unit.execute(named)} if ids else {}
    return {tag: [names[id] for id in several] for tag, several in found.items()}


def _newest(unit: Unit, where: Where, among: Among, tag: str, most: int) -> list[int]:
    """From the newest back: where nothing rare is asked for, it is found soon."""
    id = _T.conversation_id
    query = sa.select(id).where(_T.tag == tag, id.between(*among), *_inside(where, id))
    return [int(row[0]) for row in unit.execute(query.order_by(id.desc()).limit(most))]


def _among_few(unit: Unit, where: Where, among: Among, tags: Sequence[str], most: int) -> dict[str, list[int]]:
    """The few conversations first, and then their tags."""
    few = _few(where).where(_id(where).between(*among), *_inside(where, _id(where))).subquery()
    query = sa.select(_T.tag, _T.conversation_id).join_from(few, measured_tag, _T.conversation_id == few.c.id)
    found: dict[str, list[int]] = {tag: [] for tag in tags}
    for tag, id in unit.execute(query):
        if tag in found:
            found[tag].append(int(id))
    return {tag: sorted(ids, reverse=True)[:most] for tag, ids in found.items()}


def asked(unit: Unit, where: Where, among: Among, most: int = LOOKED_AT) -> list[Uncovered]:
    """What was asked in the newest conversations that were opened in a period, the newest first."""
    id = _id(where)
    newest = _few(where).where(id.between(*among), *_inside(where, id)).order_by(id.desc()).limit(most).subquery()
    columns = (_C.id, _C.reference, _C.subject, _C.language, _C.tags, _C.team_id, _C.fields)
    query = sa.select(*columns).join_from(newest, conversation, _C.id == newest.c.id).order_by(_C.id.desc())
    return told(unit, unit.execute(query).all())


def _id(where: Where) -> sa.Column[Any]:
    return _T.conversation_id if where.tag else _M.conversation_id


def _few(where: Where) -> sa.Select[Any]:
    """The conversations by what narrows them most, as an index has them."""
    query = sa.select(_id(where).label("id"))
    if where.tag:
        return query.where(_T.tag == where.tag)
    if where.organization is not None:
        return query.where(_M.organization_id == where.organization, _M.organization_id > fixed(0))
    return query


def _inside(where: Where, id: sa.Column[Any]) -> Sequence[sa.ColumnElement[bool]]:
    """Opened in the period, and with the channel, team and organization that are asked for."""
    opened = (
        _F.conversation_id == id,
        _F.measure == fixed(int(Measure.OPENED)),
        _F.day >= where.since,
        _F.day < where.until,
    )
    found: list[sa.ColumnElement[bool]] = [sa.exists().where(*opened)]
    head = measured.alias()
    heads: list[sa.ColumnElement[bool]] = []
    if where.channel:
        heads.append(head.c.channel == where.channel)
    if where.team is not None:
        heads.append(head.c.team_id == where.team)
    if where.organization is not None:
        heads.append(head.c.organization_id == where.organization)
    if heads:
        found.append(sa.exists().where(head.c.conversation_id == id, *heads))
    return found


def span(unit: Unit, since: datetime, until: datetime) -> Among:
    """The least and the greatest conversation opened from one instant to before another; (0, 0): none."""
    query = sa.select(sa.func.min(_C.id), sa.func.max(_C.id)).where(_C.opened_at >= since, _C.opened_at < until)
    row = unit.execute(query).one()
    return int(row[0] or 0), int(row[1] or 0)
