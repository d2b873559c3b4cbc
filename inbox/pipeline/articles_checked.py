"""What is not well with the articles: reviews that are overdue, languages that are lacking, links that lead nowhere, no owner."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from inbox.domain.articles import LANGUAGES, Article
from inbox.knowledge.markup import markup
from inbox.store import articles, articles_enclosed, articles_found, people
from inbox.store.unit import Unit

AT_ONCE = 400

What = Literal["overdue", "language", "link", "file", "owner", "nobody"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing; `language` is that of the text in which it is, `detail` says which."""

    article: Article
    what: What
    language: str = ""
    detail: str = ""


def check(unit: Unit, today: date) -> list[Finding]:
    """All of it, article by article. What is only a draft may lead nowhere yet."""
    every = articles.every(unit)
    handles = {agent.handle for agent in people.roster(unit).agents if not agent.disabled}
    found: list[Finding] = []
    for at in range(0, len(every), AT_ONCE):
        found += _some(unit, every[at : at + AT_ONCE], handles, today)
    return found


def _some(unit: Unit, some: list[Article], handles: set[str], today: date) -> Iterator[Finding]:
    said = articles_found.published(unit, [one.id for one in some])
    files = articles_enclosed.of_several(unit, [one.id for one in some])
    leads = {key: markup().mentioned(words.body) for key, words in said.items()}
    there = articles.slugs(unit, sorted({slug for mentioned in leads.values() for slug in mentioned.articles}))
    for one in some:
        spoken = {language for id, language in said if id == one.id}
        if one.overdue(today):
            yield Finding(one, "overdue", detail=str(one.about.review_on))
        if not one.about.owner:
            yield Finding(one, "nobody")
        elif one.about.owner not in handles:
            yield Finding(one, "owner", detail=one.about.owner)
        names = {file.name for file in files.get(one.id, ())}
        for language in sorted(spoken):
            mentioned = leads[one.id, language]
            for slug in mentioned.articles:
                if slug not in there:
                    yield Finding(one, "link", language, slug)
            for name in mentioned.files:
                if name not in names:
                    yield Finding(one, "file", language, name)
        for language in LANGUAGES:
            if spoken and language not in spoken:
                yield Finding(one, "language", detail=language)
