"""The index of what articles say: published words alone, folded as everywhere, titles before keywords before what stands in the text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from inbox.domain.articles import LANGUAGES, Article, Reader, Words
from inbox.domain.ids import ArticleId
from inbox.store import articles
from inbox.store.prepared import Prepared
from inbox.store.search import CONFIG, indexed
from inbox.store.tables import article, article_text, article_version
from inbox.store.unit import Unit
from inbox.text.fold import words as folded

MOST_WORDS = 12
"""Words of a question that are looked for."""
LOOKED_AT = 400
"""The best texts of one language, of which those are left that a reader may know of; where that is too few, all are looked at."""
RANKED = 4_000
"""Texts of one language that PostgreSQL ranks, where titles and keywords have not given enough."""
WEIGHTS = (8.0, 4.0, 1.0)
"""Of a title, of keywords, of the text."""

_A, _T, _V = article.c, article_text.c, article_version.c
_FTS = sa.table(
    "article_search",
    sa.column("rowid", sa.BigInteger),
    sa.column("title"),
    sa.column("keywords"),
    sa.column("body"),
    sa.column("spoken"),
)
_GIN: Any = sa.table("article_search", sa.column("id", sa.BigInteger), sa.column("words"))

Match = Literal["all", "any"]
"""All words stand in a text, or some of them do."""
Reach = Literal["heads", "best", "all"]
"""How far is looked: through titles and keywords, at the best, at everything."""


class _Tsquery(sa.types.UserDefinedType[Any]):
    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """As PostgreSQL calls it."""
        return "tsquery"


def _says(said: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    return sa.literal_column("article_search").op("MATCH")(said)


def _says_gin(said: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    says: sa.ColumnElement[bool] = _GIN.c.words.op("@@")(sa.cast(said, _Tsquery()))
    return says


_WORD = sa.bindparam("said", type_=sa.Text)
_SAID = Prepared(sa.select(sa.func.count()).select_from(_FTS).where(_says(_WORD)))
_SAID_GIN = Prepared(sa.select(sa.func.count()).select_from(_GIN).where(_says_gin(_WORD)))


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found, in the language in which it was."""

    article: Article
    language: str
    words: Words
    score: float
    """The higher the better, within one answer."""


# -- kept --------------------------------------------------------------------------------------------------------------
def put(unit: Unit, text: int, language: str, words: Words, plain: str) -> None:
    """Let a text be found by its published words; `plain`: its body without marks."""
    take(unit, text)
    _write(unit, text, language, indexed([words.title]), indexed(words.keywords), indexed([plain]))


def _write(unit: Unit, text: int, language: str, title: str, keywords: str, body: str) -> None:
    if unit.connection.dialect.name == "sqlite":
        unit.execute(sa.insert(_FTS).values(rowid=text, title=title, keywords=keywords, body=body, spoken=language))
    else:
        weighed = [
            sa.func.setweight(sa.func.to_tsvector(CONFIG, " ".join(folded(said))), sa.text(f"'{weight}'"))
            for said, weight in ((title, "A"), (keywords, "B"), (body, "D"))
        ]
        whole = (
            weighed[0]
            .op("||")(weighed[1])
            .op("||")(weighed[2])
            .op("||")(sa.func.array_to_tsvector([_spoken(language)]))
        )
        unit.execute(sa.insert(_GIN).values(id=text, words=whole))


def take(unit: Unit, text: int) -> None:
    """It is not found any more."""
    if unit.connection.dialect.name == "sqlite":
        unit.execute(sa.delete(_FTS).where(_FTS.c.rowid == text))
    else:
        unit.execute(sa.delete(_GIN).where(_GIN.c.id == text))


def copy(source: Unit, target: Unit) -> tuple[int, int]:
    """Fill the index of a database, a PostgreSQL one, from another's, an SQLite one: how many entries each has then."""
    columns = (_FTS.c.rowid, _FTS.c.spoken, _FTS.c.title, _FTS.c.keywords, _FTS.c.body)
    for row in source.connection.execute(sa.select(*columns), execution_options={"yield_per": 200}):
        _write(target, *row)
    there = sa.select(sa.func.count())
    return source.execute(there.select_from(_FTS)).scalar_one(), target.execute(there.select_from(_GIN)).scalar_one()


def settle(unit: Unit) -> None:
    """Many texts came at once: PostgreSQL's planner, which would find out within a minute, is told now."""
    if unit.connection.dialect.name == "postgresql":
        unit.connection.exec_driver_sql("ANALYZE article_search")


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


def spread(unit: Unit, reader: Reader, asked: Sequence[str]) -> tuple[int, dict[str, int]]:
    """How many published texts a reader may know of, and how many of them say each of these folded words. The others are not counted:
    what is offered would tell of a word that only they say."""
    every = sa.select(sa.func.count()).join_from(article_text, article)
    theirs = articles.readable(reader)
    whole = int(unit.execute(every.where(_T.published.is_not(None), *theirs)).scalar_one())
    if not whole:
        return 0, {}
    mark, statement = ('"', _SAID) if unit.connection.dialect.name == "sqlite" else ("'", _SAID_GIN)
    said = {word: f"{mark}{word}{mark}" for word in asked}
    if not theirs:
        return whole, {word: int(unit.run(statement, said=one)[0][0]) for word, one in said.items()}
    return whole, {word: int(count) for word, count in unit.execute(_among(unit, said, theirs))}


def _among(
    unit: Unit, said: Mapping[str, str], theirs: Sequence[sa.ColumnElement[bool]]
) -> "sa.CompoundSelect[tuple[str, int]]":
    """Each word with how many texts say it, all in one statement: what is hidden is looked up once."""
    lite = unit.connection.dialect.name == "sqlite"
    index, says, id = (_FTS, _says, _FTS.c.rowid) if lite else (_GIN, _says_gin, _GIN.c.id)
    shut = sa.select(_T.id).join_from(article_text, article).where(sa.not_(sa.and_(*theirs))).cte("shut")
    outside = id.not_in(sa.select(shut.c.id))
    return sa.union_all(
        *(
            sa.select(sa.literal(word), sa.func.count()).select_from(index).where(says(sa.literal(one)), outside)
            for word, one in said.items()
        )
    )


def _ranked(
    unit: Unit, reader: Reader, asked: Sequence[str], language: str, most: int, folder: str, how: str
) -> list[tuple[int, str, float]]:
    """Article, language and score: of the language that is asked for, and where that is not enough of the others."""
    found: dict[int, tuple[int, str, float]] = {}
    among = (*articles.readable(reader), *articles.inside(folder))
    for spoken in (language, *(one for one in LANGUAGES if one != language)):
        rows: Sequence[Any] = ()
        for reach in _reaches(unit, how):
            best = _best(unit, asked, spoken, how, reach)
            rows = unit.execute(_known(best, among, most)).all()
            if len(rows) >= most or (reach == "best" and _whole(unit, best, among)):
                break
        for id, score in rows:
            found.setdefault(id, (id, spoken, float(score)))
        if len(found) >= most:
            break
    return list(found.values())[:most]


def _reaches(unit: Unit, how: str) -> tuple[Reach, ...]:
    """PostgreSQL ranks a text in the time in which SQLite ranks three: there titles and keywords are looked through first."""
    heads = unit.connection.dialect.name == "postgresql" and how == "all"
    return ("heads", "best", "all") if heads else ("best", "all")


def _whole(unit: Unit, best: Any, among: Sequence[sa.ColumnElement[bool]]) -> bool:
    """Whether the best are all that there are, or all that could be shown."""
    return not among or int(unit.execute(sa.select(sa.func.count()).select_from(best)).scalar_one()) < LOOKED_AT


def _known(best: Any, among: Sequence[sa.ColumnElement[bool]], most: int) -> "sa.Select[Any]":
    return (
        sa.select(_T.article_id, best.c.score)
        .select_from(best)
        .join(article_text, _T.id == best.c.id)
        .join(article, _A.id == _T.article_id)
        .where(*among)
        .order_by(best.c.score.desc(), _T.id)
        .limit(most)
    )


def _best(unit: Unit, asked: Sequence[str], language: str, how: str, reach: Reach) -> Any:
    """The texts of one language that say the words: number in the index and score."""
    if unit.connection.dialect.name == "sqlite":
        words = [f'"{word}"' for word in asked[:-1]] + [f'"{asked[-1]}"*']
        said = (" AND " if how == "all" else " OR ").join(words)
        score: Any = -sa.func.bm25(sa.literal_column("article_search"), *WEIGHTS, 0.0)
        wanted = sa.literal_column("article_search").op("MATCH")(
            f'spoken : "{language}" AND {{title keywords body}} : ({said})'
        )
        query = sa.select(_FTS.c.rowid.label("id"), score.label("score")).select_from(_FTS).where(wanted)
    else:
        query = _tsquery(asked, language, how, reach)
    return (query if reach == "all" else query.order_by(sa.desc("score")).limit(LOOKED_AT)).subquery("best")


def _tsquery(asked: Sequence[str], language: str, how: str, reach: Reach) -> Any:
    lexemes = [f"'{word}'" for word in asked[:-1]] + [f"'{asked[-1]}':*"]
    said = (" & " if how == "all" else " | ").join(lexemes)
    question = sa.cast(sa.literal(f"'{_spoken(language)}' & ({said})"), _Tsquery())
    among = sa.select(_GIN.c.id, _GIN.c.words).where(_GIN.c.words.op("@@")(question))
    if reach == "heads":
        heads = sa.func.ts_filter(_GIN.c.words, sa.literal_column("'{a,b}'"))
        spoken = _GIN.c.words.op("@@")(sa.cast(sa.literal(f"'{_spoken(language)}'"), _Tsquery()))
        among = sa.select(_GIN.c.id, _GIN.c.words).where(heads.op("@@")(sa.cast(sa.literal(said), _Tsquery())), spoken)
    some = (among if reach == "all" else among.limit(RANKED)).subquery("some")
    weights: Any = sa.literal_column(f"'{{{WEIGHTS[2] / 8}, {WEIGHTS[2] / 8}, {WEIGHTS[1] / 8}, 1.0}}'::float4[]")
    return sa.select(some.c.id, sa.func.ts_rank(weights, some.c.words, question).label("score"))


def _spoken(language: str) -> str:
    """What stands for a language among the words of PostgreSQL's index: no word of a text has a colon in it."""
    return f"language:{language}"


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
