"""What makes articles stale, asked of the database alone: reviews, readers who wrote all the same, languages, drafts, links that lead nowhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from inbox.domain.articles import LANGUAGES, Standing
from inbox.domain.ids import ArticleId
from inbox.domain.scope import Scope
from inbox.store import articles_counted
from inbox.store.scoped import within
from inbox.store.tables import (
    article,
    article_count,
    article_file,
    article_former,
    article_link,
    article_missed,
    article_part,
    article_text,
    article_version,
    conversation,
)
from inbox.store.unit import Unit

WAITS = timedelta(days=14)
"""A draft on which nobody has worked for so long waits; what a review is asked for waits at once."""
BEHIND = 3
"""Conversations that are shown of an article that was not enough."""
_A, _T, _V, _C = article.c, article_text.c, article_version.c, article_count.c
_M, _P, _K, _L = article_missed.c, article_part.c, conversation.c, article_link.c


@dataclass(frozen=True, slots=True)
class Left:
    """An article that people read and wrote to us all the same: how many, of how often it was read."""

    id: ArticleId
    left: int
    opened: int


@dataclass(frozen=True, slots=True)
class Unread:
    """A language whose newest version nobody has published: a draft, or what a review is asked for, and since when."""

    id: ArticleId
    language: str
    standing: Standing
    since: datetime


@dataclass(frozen=True, slots=True)
class Dead:
    """What published words lead to and is not there: the address of an `article`, or a `file`."""

    id: ArticleId
    language: str
    kind: str
    target: str


# -- reviews -----------------------------------------------------------------------------------------------------------
def overdue(unit: Unit, today: date, most: int) -> list[ArticleId]:
    """Those whose review is overdue, the longest first."""
    query = sa.select(_A.id).where(_A.review_on < today.isoformat()).order_by(_A.review_on, _A.id).limit(most)
    return [ArticleId(row[0]) for row in unit.execute(query)]


# -- readers who wrote all the same ------------------------------------------------------------------------------------
def left(unit: Unit, since: date, most: int) -> list[Left]:
    """The most often first, from that day on."""
    total = sa.func.sum(_C.count)
    query = (
        sa.select(_C.article_id, total)
        .where(_C.kind == "left", _C.day >= since.isoformat())
        .group_by(_C.article_id)
        .order_by(total.desc(), _C.article_id)
        .limit(most)
    )
    found = {int(row[0]): int(row[1]) for row in unit.execute(query)}
    counts = articles_counted.counts(unit, [ArticleId(id) for id in found], since) if found else {}
    return [Left(ArticleId(id), n, counts.get(id, {}).get("opened", 0)) for id, n in found.items()]


def behind(unit: Unit, scope: Scope, ids: Sequence[ArticleId]) -> Mapping[int, list[tuple[str, str]]]:
    """By article the reference and subject of the latest conversations that began behind it, of those that may be seen."""
    place = sa.func.row_number().over(partition_by=_P.article_id, order_by=(_P.at.desc(), _P.conversation_id.desc()))
    ranked = (
        sa.select(
            _P.article_id, _K.reference, sa.func.coalesce(sa.func.nullif(_K.subject, ""), _K.excerpt).label("subject")
        )
        .add_columns(place.label("place"))
        .join_from(article_part, conversation, _K.id == _P.conversation_id)
        .where(_P.article_id.in_(list(ids)), _P.part == "read", *within(scope))
        .subquery()
    )
    query = sa.select(ranked.c.article_id, ranked.c.reference, ranked.c.subject).where(ranked.c.place <= BEHIND)
    found: dict[int, list[tuple[str, str]]] = {}
    for id, reference, subject in unit.execute(query.order_by(ranked.c.article_id, ranked.c.place)) if ids else ():
        found.setdefault(id, []).append((reference, subject))
    return found


# -- what is not there -------------------------------------------------------------------------------------------------
def lacking(unit: Unit, most: int) -> list[tuple[ArticleId, str]]:
    """Articles that can be read in one language and not in another, with that other one."""
    some = _somewhere().subquery()
    query = sa.select(_A.id).join(some, some.c.article_id == _A.id).order_by(_A.folder, _A.slug).limit(most)
    ids = [ArticleId(row[0]) for row in unit.execute(query)]
    seen = sa.select(_T.article_id, _T.language).where(_T.article_id.in_(ids), _T.published.is_not(None))
    there = {(int(row[0]), row[1]) for row in unit.execute(seen)} if ids else set()
    return [(id, language) for id in ids for language in LANGUAGES if (id, language) not in there][:most]


def _somewhere() -> "sa.Select[Any]":
    """Articles that can be read, and not in every language; with the number of those in which they can."""
    spoken = sa.func.count().label("spoken")
    read = sa.select(_T.article_id, spoken).where(_T.published.is_not(None), _T.language.in_(LANGUAGES))
    return read.group_by(_T.article_id).having(spoken < len(LANGUAGES))


def unread(unit: Unit, now: datetime, most: int) -> list[Unread]:
    """Drafts and reviews that wait, the longest first."""
    waits = _waits(now).subquery()
    since = sa.func.coalesce(waits.c.asked_at, waits.c.at)
    query = sa.select(waits.c.article_id, waits.c.language, waits.c.asked_at, waits.c.at).order_by(since, waits.c.id)
    return [
        Unread(ArticleId(id), language, Standing.DRAFT if asked is None else Standing.REVIEW, asked or at)
        for id, language, asked, at in unit.execute(query.limit(most))
    ]


def _waits(now: datetime) -> "sa.Select[Any]":
    """Nearly all texts are published, so the version is looked up of those alone that are not."""
    written = sa.select(_V.at).where(_V.text_id == _T.id, _V.number == _T.latest).scalar_subquery()
    draft = sa.or_(_T.published.is_(None), _T.published != _T.latest)
    some = (
        sa.select(_T.id, _T.article_id, _T.language, _T.asked_at, written.label("at"))
        .where(sa.or_(_T.asked_at.is_not(None), draft))
        .subquery()
    )
    return sa.select(some).where(sa.or_(some.c.asked_at.is_not(None), some.c.at < now - WAITS))


def dead(unit: Unit, most: int) -> list[Dead]:
    """Links of what readers see that lead nowhere, by article."""
    query = (
        sa.select(_T.article_id, _T.language, _L.kind, _L.target)
        .join_from(article_link, article_text, _T.id == _L.text_id)
        .where(_nowhere())
        .order_by(_T.article_id, _T.language, _L.kind, _L.target)
        .limit(most)
    )
    return [Dead(ArticleId(row[0]), *row[1:]) for row in unit.execute(query)]


def _nowhere() -> sa.ColumnElement[bool]:
    leads = sa.or_(sa.exists().where(_A.slug == _L.target), sa.exists().where(article_former.c.slug == _L.target))
    has = sa.exists().where(article_file.c.article_id == _T.article_id, article_file.c.name == _L.target)
    return sa.or_(sa.and_(_L.kind == "article", ~leads), sa.and_(_L.kind == "file", ~has))


# -- how much of it ----------------------------------------------------------------------------------------------------
def counts(unit: Unit, today: date, since: date, missed_since: datetime, now: datetime) -> Mapping[str, int]:
    """How much there is of each: `overdue`, `left`, `missed`, `languages`, `drafts`, `links`."""
    several: dict[str, sa.Select[Any]] = {
        "overdue": sa.select(sa.func.count()).select_from(article).where(_A.review_on < today.isoformat()),
        "left": sa.select(sa.func.count(sa.distinct(_C.article_id))).where(
            _C.kind == "left", _C.day >= since.isoformat()
        ),
        "missed": sa.select(sa.func.count()).select_from(article_missed).where(_M.last_at >= missed_since),
        "drafts": sa.select(sa.func.count()).select_from(_waits(now).subquery()),
        "links": sa.select(sa.func.count())
        .join_from(article_link, article_text, _T.id == _L.text_id)
        .where(_nowhere()),
    }
    some = _somewhere().subquery()
    lacks = sa.func.sum(len(LANGUAGES) - some.c.spoken)
    several["languages"] = sa.select(sa.func.coalesce(lacks, 0)).select_from(some)
    return {name: int(unit.execute(query).scalar_one()) for name, query in several.items()}
