"""How often articles were shown, read and enough; what was looked for and not found. Counts alone: nobody's name beside them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import get_args

import sqlalchemy as sa

from inbox.domain.articles import Counted, Reader
from inbox.domain.ids import ArticleId
from inbox.store import articles
from inbox.store.inserts import insert
from inbox.store.tables import article, article_count, article_missed, article_text
from inbox.store.unit import Unit
from inbox.text.fold import words

LONGEST = 80
"""Characters of a search that are kept."""
MOST_MISSED = 5_000
"""Searches that are kept; of more the one that was asked least goes, the oldest of these."""
_C, _M = article_count.c, article_missed.c
_PRIVATE, _BETWEEN, _AT = re.compile(r"\d{5}"), re.compile(r"(?<=\d)\W(?=\d)"), re.compile("[@＠﹫]")
"""Five digits, however they are grouped, may be a telephone, a card, an order."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A search without result."""

    words: str
    language: str
    count: int
    last_at: datetime


def counted(unit: Unit, ids: Sequence[ArticleId], kind: Counted, day: date) -> None:
    """Once more on that day, for each of these."""
    for id in ids:
        row = {"article_id": id, "day": day.isoformat(), "kind": kind, "count": 1}
        made = insert(unit.connection.dialect.name, article_count).values(**row)
        unit.execute(
            made.on_conflict_do_update(index_elements=["article_id", "day", "kind"], set_={"count": _C.count + 1})
        )


def counts(unit: Unit, ids: Sequence[ArticleId], since: date) -> Mapping[int, Mapping[str, int]]:
    """By article and kind, from that day on."""
    query = (
        sa.select(_C.article_id, _C.kind, sa.func.sum(_C.count))
        .where(_C.article_id.in_(list(ids)), _C.day >= since.isoformat())
        .group_by(_C.article_id, _C.kind)
    )
    found: dict[int, dict[str, int]] = {}
    for id, kind, number in unit.execute(query):
        found.setdefault(id, {})[kind] = int(number)
    return found


def popular(unit: Unit, reader: Reader, since: date, most: int = 8) -> list[ArticleId]:
    """What was read most from that day on of what a reader may read, the most first."""
    seen = sa.exists().where(article_text.c.article_id == article.c.id, article_text.c.published.is_not(None))
    total = sa.func.sum(_C.count)
    query = (
        sa.select(_C.article_id)
        .join_from(article_count, article)
        .where(_C.kind == "opened", _C.day >= since.isoformat(), seen, *articles.readable(reader))
        .group_by(_C.article_id)
        .order_by(total.desc(), _C.article_id)
        .limit(most)
    )
    return [ArticleId(row[0]) for row in unit.execute(query)]


def missed(unit: Unit, typed: str, language: str, now: datetime) -> None:
    """A search found nothing. What looks like an address or a number of somebody's is not kept."""
    asked = " ".join(words(typed))[:LONGEST].strip()
    if not asked or _AT.search(typed) or _PRIVATE.search(_BETWEEN.sub("", asked)):
        return
    same = (_M.words == asked, _M.language == language)
    if unit.execute(sa.update(article_missed).where(*same).values(count=_M.count + 1, last_at=now)).rowcount:
        return
    if int(unit.execute(sa.select(sa.func.count()).select_from(article_missed)).scalar_one()) >= MOST_MISSED:
        _forget_one(unit)
    unit.insert_new(article_missed, words=asked, language=language, count=1, last_at=now)


def _forget_one(unit: Unit) -> None:
    """The one that was asked least, the longest ago: whoever fills the list with nonsense keeps nobody else out."""
    least = sa.select(_M.words, _M.language).order_by(_M.count, _M.last_at, _M.words).limit(1)
    words, language = unit.execute(least).one()
    unit.execute(sa.delete(article_missed).where(_M.words == words, _M.language == language))


def missing(unit: Unit, since: datetime, most: int = 50) -> list[Missed]:
    """What was looked for in vain since then, the most often first."""
    query = (
        sa.select(_M.words, _M.language, _M.count, _M.last_at)
        .where(_M.last_at >= since)
        .order_by(_M.count.desc(), _M.last_at.desc())
        .limit(most)
    )
    return [Missed(*row) for row in unit.execute(query)]


def found_now(unit: Unit, typed: str, language: str) -> None:
    """It is answered: an article was written for it."""
    unit.execute(
        sa.delete(article_missed).where(_M.words == " ".join(words(typed))[:LONGEST].strip(), _M.language == language)
    )


KINDS: tuple[Counted, ...] = get_args(Counted)


def in_period(unit: Unit, since: date, until: date) -> tuple[tuple[Counted, ...], dict[str, dict[str, int]]]:
    """The kinds in their order, and how often of each, by the article's address and kind, from a day to before another."""
    query = (
        sa.select(article.c.slug, _C.kind, sa.func.sum(_C.count))
        .join_from(article_count, article, _C.article_id == article.c.id)
        .where(_C.kind.in_(KINDS), _C.day >= since.isoformat(), _C.day < until.isoformat())
        .group_by(article.c.slug, _C.kind)
    )
    found: dict[str, dict[str, int]] = {}
    for slug, kind, number in unit.execute(query):
        found.setdefault(slug, {})[kind] = int(number)
    return KINDS, found
