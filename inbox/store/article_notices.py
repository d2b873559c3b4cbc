"""What agents are told of about articles, until they have read it: a review that is asked for, what was published, what is overdue."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from inbox.domain.attention import Kind, Place
from inbox.domain.ids import AgentId, ArticleId
from inbox.ports.wake import AGENTS
from inbox.store import preferences
from inbox.store.prepared import Prepared
from inbox.store.tables import agent_address, article, article_notice, article_text, article_version
from inbox.store.unit import Unit

LATER = timedelta(minutes=3)
"""What is read on the page within this time is not told by bot."""
MANY = 100
"""Unread ones are counted up to this many."""
_N, _A, _T, _V = article_notice.c, article.c, article_text.c, article_version.c

What = Literal["review-asked", "article-published", "review-overdue"]


@dataclass(frozen=True, slots=True)
class ArticleNotice:
    """One thing that an agent is told of about an article. `count`: of how many articles it tells, this one being the first."""

    id: int
    agent: AgentId
    slug: str
    title: str
    language: str
    kind: What
    count: int
    by: AgentId | None
    at: datetime
    read_at: datetime | None


def add(
    unit: Unit,
    whom: Sequence[AgentId],
    about: tuple[ArticleId, str],
    kind: What,
    by: AgentId | None,
    now: datetime,
    count: int = 1,
) -> None:
    """Tell these agents of an article (and a language of it), where each of them likes to be told. Wakes AGENTS."""
    row = {"article_id": about[0], "language": about[1], "kind": kind, "by_id": by, "at": now, "count": count}
    for agent in whom:
        likes = preferences.of(unit, agent)
        page, bot = (likes.wants(Kind.ARTICLES, place) for place in (Place.PAGE, Place.BOT))
        if page or bot:
            later = (now + LATER if page else now) if bot else None
            unit.add(article_notice, {"agent_id": agent, **row, "read_at": None if page else now, "bot_at": later})
    unit.wake(AGENTS)


_UNREAD = Prepared(
    sa.select(sa.func.count()).select_from(
        sa.select(_N.id).where(_N.agent_id == sa.bindparam("agent"), _N.read_at.is_(None)).limit(MANY).subquery()
    )
)


def unread(unit: Unit, agent: AgentId) -> int:
    """How many an agent has not read; counted up to 100."""
    return int(unit.run(_UNREAD, agent=agent)[0][0])


def with_unread(unit: Unit, among: Collection[AgentId]) -> set[AgentId]:
    """Those who have any."""
    query = sa.select(_N.agent_id).where(_N.agent_id.in_(list(among)), _N.read_at.is_(None)).distinct()
    return {AgentId(row[0]) for row in unit.execute(query)} if among else set()


def listing(unit: Unit, agent: AgentId, since: datetime, most: int = 20) -> list[ArticleNotice]:
    """What they have not read, and what they were told since then; the newest first."""
    wanted = (_N.agent_id == agent, sa.or_(_N.read_at.is_(None), _N.at >= since))
    return _made(unit, _told().where(*wanted).order_by(_N.id.desc()).limit(most))


def read(unit: Unit, agent: AgentId, now: datetime, only: int | None = None, about: ArticleId | None = None) -> int:
    """They have read one of theirs, or those about an article, or all; how many they had not read before. Wakes AGENTS where there
    were any."""
    among = [_N.agent_id == agent, *([_N.id == only] if only is not None else [])]
    among += [_N.article_id == about] if about is not None else []
    waits = sa.or_(_N.read_at.is_(None), _N.bot_at.is_not(None))
    values = {"read_at": sa.func.coalesce(_N.read_at, sa.literal(now, _N.at.type)), "bot_at": None}
    found = unit.execute(sa.update(article_notice).where(*among, waits).values(values)).rowcount
    if found:
        unit.wake(AGENTS)
    return found


def by_bot(unit: Unit, kind: str, now: datetime, most: int = 50) -> list[ArticleNotice]:
    """What is due to be told by bot on such a network, the longest due first; what is for agents who are linked nowhere is among it."""
    query = _told().where(_N.bot_at.is_not(None), _N.bot_at <= now, _theirs(kind)).order_by(_N.bot_at, _N.id)
    return _made(unit, query.limit(most))


def next_by_bot(unit: Unit, kind: str) -> datetime | None:
    """When the next one is due on such a network."""
    query = sa.select(sa.func.min(_N.bot_at)).where(_N.bot_at.is_not(None), _theirs(kind))
    found: datetime | None = unit.execute(query).scalar_one()
    return found


def told_by_bot(unit: Unit, id: int, again: datetime | None = None) -> None:
    """It was told by bot, or will not be; or only from `again` on."""
    unit.execute(sa.update(article_notice).where(_N.id == id).values(bot_at=again))


def _theirs(kind: str) -> sa.ColumnElement[bool]:
    linked = sa.exists().where(agent_address.c.agent_id == _N.agent_id)
    return sa.or_(linked.where(agent_address.c.kind == kind), ~linked)


def _told() -> "sa.Select[Any]":
    """With the title that its language has now; an article without that language is called by its address."""
    return (
        sa.select(_N.id, _N.agent_id, _A.slug, _V.title, _N.language, _N.kind, _N.count, _N.by_id, _N.at, _N.read_at)
        .join_from(article_notice, article, _A.id == _N.article_id)
        .outerjoin(article_text, sa.and_(_T.article_id == _A.id, _T.language == _N.language))
        .outerjoin(article_version, sa.and_(_V.text_id == _T.id, _V.number == _T.latest))
    )


def _made(unit: Unit, query: "sa.Select[Any]") -> list[ArticleNotice]:
    return [ArticleNotice(row[0], AgentId(row[1]), row[2], row[3] or row[2], *row[4:]) for row in unit.execute(query)]
