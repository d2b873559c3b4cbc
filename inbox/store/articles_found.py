"""The index of what articles say: published words alone, folded as everywhere, titles before keywords before what stands in the text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from inbox.domain.articles import Article, Reader, Words
from inbox.domain.ids import ArticleId
from inbox.store import articles
from inbox.store.search import CONFIG, indexed
from inbox.store.tables import article, article_text, article_version
from inbox.store.unit import Unit
from inbox.text.fold import words as folded

MOST_WORDS = 12
"""Words of a question that are looked for."""
LOOKED_AT = 400
"""Texts among which the best are chosen of one language and of the others."""
WEIGHTS = (8.0, 4.0, 1.0)
"""Of a title, of keywords, of the text."""

_A, _T, _V = article.c, article_text.c, article_version.c
_FTS = sa.table(
    "article_search", sa.column("rowid", sa.BigInteger), sa.column("title"), sa.column("keywords"), sa.column("body")
)
_GIN: Any = sa.table("article_search", sa.column("id", sa.BigInteger), sa.column("words"))

Match = Literal["all", "any"]
"""All words stand in a text, or some of them do."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found, in the language in which it was."""

    article: Article
    language: str
    words: Words
    score: float
    """The higher the better, within one answer."""


# -- kept --------------------------------------------------------------------------------------------------------------
def put(unit: Unit, text: int, words: Words, plain: str) -> None:
    """Let a text be found by its published words; `plain`: its body without marks."""
    take(unit, text)
    title, keywords, body = indexed([words.title]), indexed(words.keywords), indexed([plain])
    if unit.connection.dialect.name == "sqlite":
        unit.execute(sa.insert(_FTS).values(rowid=text, title=title, keywords=keywords, body=body))
    else:
        weighed = [
            sa.func.setweight(sa.func.to_tsvector(CONFIG, " ".join(folded(said))), sa.text(f"'{weight}'"))
            for said, weight in ((title, "A"), (keywords, "B"), (body, "D"))
        ]
        whole = weighed[0].op("||")(weighed[1]).op("||")(weighed[2])
        unit.execute(sa.insert(_GIN).values(id=text, words=whole))


def take(unit: Unit, text: int) -> None:
    """It is not found any more."""
    if unit.connection.dialect.name == "sqlite":
        unit.execute(sa.delete(_FTS).where(_FTS.c.rowid == text))
    else:
        unit.execute(sa.delete(_GIN).where(_GIN.c.id == text))


# -- asked -------------------------------------------------------------------------------------------------------------
def search(
    unit: Unit,
    reader: Reader,
    typed: str,
    language: str,
    most: int = 20,
    *,
    folder: str = "",
    match: Match | None = None,
) -> list[Hit]:
    """What a reader may know of that says these words, the best first, each article once: those in `language` before the others.

    Without `match`: those that say all of the words, and where none does, those that say some. The last word may be a beginning.
    """
    asked = folded(typed)[:MOST_WORDS]
    if not asked:
        return []
    for how in ("all", "any") if match is None else (match,):
        found = _ranked(unit, reader, asked, language, most, folder, how)
        if found:
            return _hits(unit, found)
    return []


def _ranked(
    unit: Unit, reader: Reader, asked: Sequence[str], language: str, most: int, folder: str, how: str
) -> list[tuple[int, str, float]]:
    """Article, language and score."""
    found: dict[int, tuple[int, str, float]] = {}
    for own in (True, False):
        among = [*articles.readable(reader), *articles.inside(folder)]
        among.append(_T.language == language if own else _T.language != language)
        for id, spoken, score in unit.execute(_query(unit, asked, how).where(*among).limit(max(most, LOOKED_AT))):
            found.setdefault(id, (id, spoken, float(score)))
        if len(found) >= most:
            break
    return list(found.values())[:most]


def _query(unit: Unit, asked: Sequence[str], how: str) -> "sa.Select[Any]":
    if unit.connection.dialect.name == "sqlite":
        words = [f'"{word}"' for word in asked[:-1]] + [f'"{asked[-1]}"*']
        said = (" AND " if how == "all" else " OR ").join(words)
        score: Any = -sa.func.bm25(sa.literal_column("article_search"), *WEIGHTS)
        index, id, wanted = _FTS, _FTS.c.rowid, sa.literal_column("article_search").op("MATCH")(said)
    else:
        lexemes = [f"'{word}'" for word in asked[:-1]] + [f"'{asked[-1]}':*"]
        question = sa.cast(sa.literal((" & " if how == "all" else " | ").join(lexemes)), _Tsquery())
        weights: Any = sa.literal_column(f"'{{{WEIGHTS[2] / 8}, {WEIGHTS[2] / 8}, {WEIGHTS[1] / 8}, 1.0}}'::float4[]")
        score = sa.func.ts_rank(weights, _GIN.c.words, question)
        index, id, wanted = _GIN, _GIN.c.id, _GIN.c.words.op("@@")(question)
    return (
        sa.select(_T.article_id, _T.language, score.label("score"))
        .select_from(index)
        .join(article_text, _T.id == id)
        .join(article, _A.id == _T.article_id)
        .where(wanted)
        .order_by(sa.desc("score"), _T.id)
    )


class _Tsquery(sa.types.UserDefinedType[Any]):
    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """As PostgreSQL calls it."""
        return "tsquery"


def _hits(unit: Unit, found: Sequence[tuple[int, str, float]]) -> list[Hit]:
    known = {one.id: one for one in articles.several(unit, [id for id, _, _ in found])}
    said = published(unit, [ArticleId(id) for id, _, _ in found])
    return [
        Hit(known[ArticleId(id)], language, said[id, language], score)
        for id, language, score in found
        if (id, language) in said
    ]


def published(unit: Unit, ids: Sequence[ArticleId]) -> dict[tuple[int, str], Words]:
    """What readers see of some articles, by article and language."""
    query = (
        sa.select(_T.article_id, _T.language, _V.title, _V.body, _V.keywords)
        .join_from(article_text, article_version, sa.and_(_V.text_id == _T.id, _V.number == _T.published))
        .where(_T.article_id.in_(list(ids)))
    )
    return {(row[0], row[1]): Words(row[2], row[3], tuple(row[4])) for row in unit.execute(query)}


def titles(
    unit: Unit, reader: Reader, *, folder: str | None = None, most: int = 500
) -> list[tuple[int, str, str, str, str]]:
    """Published titles that a reader may know of: article, folder, address, language, title. `folder`: that one alone."""
    among = [*articles.readable(reader), *([] if folder is None else [_A.folder == folder])]
    query = (
        sa.select(_A.id, _A.folder, _A.slug, _T.language, _V.title)
        .join_from(article, article_text, _T.article_id == _A.id)
        .join(article_version, sa.and_(_V.text_id == _T.id, _V.number == _T.published))
        .where(*among)
        .order_by(_A.folder, _A.slug, _T.language)
        .limit(most)
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in unit.execute(query)]
