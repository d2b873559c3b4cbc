"""Freshness: what there is to be done so that articles go on answering what people ask; and the acts that it leads to.

Counts are the database's; of each list the worst are read. Whoever is an agent sees them; those who lead act, and owners on reviews of
their own articles.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from inbox.domain.articles import Article
from inbox.domain.ids import ArticleId
from inbox.domain.people import Agent
from inbox.domain.problems import Problem
from inbox.domain.scope import Scope
from inbox.knowledge import canonical
from inbox.pipeline import articles as verbs
from inbox.pipeline.articles import Editor
from inbox.pipeline.articles_grouped import Group, grouped
from inbox.store import articles, articles_counted, articles_fresh, articles_uncovered, people
from inbox.store.articles_counted import Missed
from inbox.store.articles_fresh import Dead, Left, Unread
from inbox.store.unit import Unit

BACK = timedelta(days=90)
"""So far back is counted what people read, looked for and were answered."""
HALF_A_YEAR = timedelta(days=182)
"""After so long an article that is still right should be looked at again."""
LISTS = ("overdue", "left", "missed", "uncovered", "drafts", "links", "languages")
"""What there is, in the order in which it is shown."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """The worst of each list, and in `counts` how much there is of each; `more`: more conversations than were looked at are covered by no
    article. `articles`: those that are named; `behind`: by article the conversations of those who wrote all the same."""

    counts: Mapping[str, int]
    overdue: tuple[ArticleId, ...]
    left: tuple[Left, ...]
    behind: Mapping[int, list[tuple[str, str]]]
    missed: tuple[Missed, ...]
    uncovered: tuple[Group, ...]
    more: bool
    drafts: tuple[Unread, ...]
    links: tuple[Dead, ...]
    languages: tuple[tuple[ArticleId, str], ...]
    articles: Mapping[int, Article]


def waiting(unit: Unit, today: date, now: datetime) -> Mapping[str, int]:
    """How much there is of each but of what no article covers: cheap enough to stand beside the list of articles."""
    return articles_fresh.counts(unit, today, today - BACK, now - BACK, now)


def gather(unit: Unit, scope: Scope, today: date, now: datetime, most: int, only: str = "") -> Freshness:
    """All lists, or one of LISTS alone, `most` rows of each."""

    def wanted(name: str) -> int:
        return most if only in ("", name) else 0

    overdue = articles_fresh.overdue(unit, today, wanted("overdue"))
    left = articles_fresh.left(unit, today - BACK, wanted("left"))
    drafts = articles_fresh.unread(unit, now, wanted("drafts"))
    links = articles_fresh.dead(unit, wanted("links"))
    languages = articles_fresh.lacking(unit, wanted("languages"))
    named = [*overdue, *_ids(left), *_ids(drafts), *_ids(links), *(id for id, _ in languages)]
    looked = articles_uncovered.uncovered(unit, scope, now - BACK) if wanted("uncovered") else []
    teams = {team.id: team.title or team.name for team in people.roster(unit).teams}
    return Freshness(
        counts={**waiting(unit, today, now), "uncovered": len(looked)},
        overdue=tuple(overdue),
        left=tuple(left),
        behind=articles_fresh.behind(unit, scope, [one.id for one in left]),
        missed=tuple(articles_counted.missing(unit, now - BACK, wanted("missed"))),
        uncovered=tuple(grouped(looked, teams)),
        more=len(looked) == articles_uncovered.LOOKED_AT,
        drafts=tuple(drafts),
        links=tuple(links),
        languages=tuple(languages),
        articles={one.id: one for one in articles.several(unit, list(dict.fromkeys(named)))},
    )


def _ids(found: Iterable[Left | Unread | Dead]) -> list[ArticleId]:
    return [one.id for one in found]


# -- acts --------------------------------------------------------------------------------------------------------------
def review(unit: Unit, editor: Editor, agent: Agent | None, id: ArticleId, on: date, now: datetime) -> Article:
    """It was looked at, and should be again on that day. Raises Problem for whoever neither leads nor owns it."""
    was = articles.one(unit, id)
    if agent is None or agent.handle != was.about.owner:
        editor.must_lead()
    return verbs.change(unit, editor, id, replace(was.about, review_on=on), now)


def answered_by(unit: Unit, editor: Editor, slug: str, words: str, language: str, now: datetime) -> Article:
    """What was looked for in vain is answered by this article: the words become a keyword of its text in that language, else of the one
    that it has. Where readers see its newest version they see this one; a draft stays one. Raises Problem."""
    editor.must_lead()
    found = articles.find(unit, slug)
    if found is None or not found.texts:
        raise Problem("kb.no_article", slug=slug[:80])
    text = found.best(language)
    newest = articles.version(unit, found.id, text.language, text.latest)
    assert newest is not None
    keywords = (*newest.words.keywords, words)
    if len(newest.words.keywords) >= canonical.MOST_KEYWORDS:
        raise Problem("kb.too_many_keywords", most=canonical.MOST_KEYWORDS, slug=found.slug)
    verbs.save(unit, editor, found.id, text.language, replace(newest.words, keywords=keywords), now)
    if text.published == text.latest and articles.one(unit, found.id).best(text.language).latest != text.latest:
        verbs.publish(unit, editor, found.id, text.language, now)
    articles_counted.found_now(unit, words, language)
    return found


def forget(unit: Unit, editor: Editor, words: str, language: str) -> None:
    """Nobody has to write about that. Raises Problem."""
    editor.must_lead()
    articles_counted.found_now(unit, words, language)
