"""Articles as their readers see them: what is published, and for them; everything else is as if it were not there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.articles import Article, File, Reader, Words
from inbox.domain.ids import ArticleId
from inbox.store import articles, articles_enclosed, articles_found
from inbox.store.tables import article, article_text, article_version
from inbox.store.unit import Unit

_A, _T, _V = article.c, article_text.c, article_version.c


@dataclass(frozen=True, slots=True)
class Seen:
    """An article with what it says to readers in each language, and its files."""

    article: Article
    words: Mapping[str, Words]
    files: tuple[File, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """Those in which it can be read."""
        return tuple(sorted(self.words))

    def published_at(self, language: str) -> datetime:
        """Since when it says what it says in a language."""
        text = self.article.text(language)
        return (text.published_at if text is not None else None) or self.article.changed_at


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a list of what can be read."""

    id: ArticleId
    folder: str
    slug: str
    language: str
    title: str
    published_at: datetime


def entry_of(hit: articles_found.Hit) -> Entry:
    """What was found, as a line of a list."""
    one = hit.article
    return Entry(one.id, one.about.folder, one.slug, hit.language, hit.words.title, one.changed_at)


def find(unit: Unit, reader: Reader, slug: str) -> Seen | None:
    """The article of an address, of one that it had too; None where it is not there for this reader."""
    found = articles.find(unit, slug)
    if found is None:
        return None
    theirs = sa.select(_A.id).where(_A.id == found.id, *articles.readable(reader))
    said = articles_found.published(unit, [found.id])
    if not said or unit.execute(theirs).first() is None:
        return None
    words = {language: spoken for (_, language), spoken in said.items()}
    return Seen(found, words, tuple(articles_enclosed.files(unit, found.id)))


def places(unit: Unit, reader: Reader, slugs: Sequence[str]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Of these addresses those that a reader can go to: where each leads, and the languages that there are."""
    there = articles.slugs(unit, slugs)
    if not there:
        return {}
    query = (
        sa.select(_A.slug, _T.language)
        .join_from(article, article_text, _T.article_id == _A.id)
        .where(_A.slug.in_(sorted(set(there.values()))), _T.published.is_not(None), *articles.readable(reader))
        .order_by(_T.language)
    )
    spoken: dict[str, tuple[str, ...]] = {}
    for slug, language in unit.execute(query):
        spoken[slug] = (*spoken.get(slug, ()), language)
    return {was: (now, spoken[now]) for was, now in there.items() if now in spoken}


def entries(
    unit: Unit, reader: Reader, *, folder: str | None = None, language: str = "", newest: bool = False, most: int = 500
) -> list[Entry]:
    """What a reader can read: in that folder alone, in that language alone, the newest first, if asked to."""
    among = [*articles.readable(reader), *([] if folder is None else [_A.folder == folder])]
    order = (_T.published_at.desc(), _T.id) if newest else (_A.folder, _A.slug, _T.language)
    query = (
        sa.select(_A.id, _A.folder, _A.slug, _T.language, _V.title, _T.published_at)
        .join_from(article, article_text, _T.article_id == _A.id)
        .join(article_version, sa.and_(_V.text_id == _T.id, _V.number == _T.published))
        .where(*among, *([_T.language == language] if language else []))
        .order_by(*order)
        .limit(most)
    )
    return [Entry(ArticleId(row[0]), *row[1:]) for row in unit.execute(query)]


def one_each(found: Sequence[Entry], language: str) -> list[Entry]:
    """Each article once, in a language where it is written in it."""
    best: dict[ArticleId, Entry] = {}
    for one in found:
        if one.id not in best or one.language == language:
            best[one.id] = one
    return list(best.values())


def of(unit: Unit, reader: Reader, ids: Sequence[ArticleId], language: str) -> list[Entry]:
    """These articles in their order, each once."""
    query = (
        sa.select(_A.id, _A.folder, _A.slug, _T.language, _V.title, _T.published_at)
        .join_from(article, article_text, _T.article_id == _A.id)
        .join(article_version, sa.and_(_V.text_id == _T.id, _V.number == _T.published))
        .where(_A.id.in_(list(ids)), *articles.readable(reader))
        .order_by(_T.language)
    )
    known = {one.id: one for one in one_each([Entry(ArticleId(r[0]), *r[1:]) for r in unit.execute(query)], language)}
    return [known[id] for id in ids if id in known]
