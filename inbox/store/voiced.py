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
_C, _M, _T, _F = conversation.c, measured.c, measured_tag.c, measured_fact.c


def examples(unit: Unit, where: Where, among: tuple[int, int], tag: str, most: int = 3) -> list[str]:
    """The references of the newest conversations with a tag that were opened in a period. `among`: as `span` gives it."""
    query = sa.select(_C.reference).join_from(measured_tag, conversation, _C.id == _T.conversation_id)
    if where.tag and where.tag != tag:
        other = measured_tag.alias()
        query = query.where(sa.exists().where(other.c.tag == where.tag, other.c.conversation_id == _T.conversation_id))
    query = query.where(_T.tag == tag, _T.conversation_id.between(*among), *_inside(where, _T.conversation_id))
    return [str(row[0]) for row in unit.execute(query.order_by(_T.conversation_id.desc()).limit(most))]


def asked(unit: Unit, where: Where, among: tuple[int, int], most: int = LOOKED_AT) -> list[Uncovered]:
    """What was asked in the newest conversations that were opened in a period, the newest first."""
    query = sa.select(_C.id, _C.reference, _C.subject, _C.language, _C.tags, _C.team_id, _C.fields)
    if where.tag:
        tagged = sa.exists().where(_T.tag == where.tag, _T.conversation_id == _C.id)
        query = query.where(tagged)
    query = query.where(_C.id.between(*among), *_inside(where, _C.id)).order_by(_C.id.desc()).limit(most)
    return told(unit, unit.execute(query).all())


def _inside(where: Where, id: sa.Column[Any]) -> Sequence[sa.ColumnElement[bool]]:
    """Opened in the period, and with the channel, team and organization that are asked for."""
    opened = (
        _F.conversation_id == id,
        _F.measure == fixed(int(Measure.OPENED)),
        _F.day >= where.since,
        _F.day < where.until,
    )
    found: list[sa.ColumnElement[bool]] = [sa.exists().where(*opened)]
    heads: list[sa.ColumnElement[bool]] = []
    if where.channel:
        heads.append(_M.channel == where.channel)
    if where.team is not None:
        heads.append(_M.team_id == where.team)
    if where.organization is not None:
        heads.append(_M.organization_id == where.organization)
    if heads:
        found.append(sa.exists().where(_M.conversation_id == id, *heads))
    return found


def span(unit: Unit, since: datetime, until: datetime) -> tuple[int, int]:
    """The least and the greatest conversation opened from one instant to before another; (0, 0): none."""
    query = sa.select(sa.func.min(_C.id), sa.func.max(_C.id)).where(_C.opened_at >= since, _C.opened_at < until)
    row = unit.execute(query).one()
    return int(row[0] or 0), int(row[1] or 0)
