"""When an article's owner is told that its review is overdue: a deadline a row, moved on once they were told."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.ids import ArticleId
from inbox.store.prepared import Prepared
from inbox.store.tables import article
from inbox.store.unit import Unit

_A = article.c
_NEXT = Prepared(sa.select(sa.func.min(_A.nudge_at)).where(_A.nudge_at.is_not(None)))


def due(unit: Unit, now: datetime, most: int) -> list[ArticleId]:
    """Articles whose owners are to be told by now, the longest due first."""
    query = (
        sa.select(_A.id).where(_A.nudge_at.is_not(None), _A.nudge_at <= now).order_by(_A.nudge_at, _A.id).limit(most)
    )
    return [ArticleId(row[0]) for row in unit.execute(query)]


def again(unit: Unit, ids: Sequence[ArticleId], at: datetime) -> None:
    """They are told again then, unless another day is set before."""
    if ids:
        unit.execute(sa.update(article).where(_A.id.in_(list(ids))).values(nudge_at=at))


def next_due(unit: Unit) -> datetime | None:
    """When the next one is due."""
    found: datetime | None = unit.run(_NEXT)[0][0]
    return found
