"""Telling of articles: whoever can publish is told that a review is asked for, the writer what was published, owners what is overdue."""

from datetime import datetime, timedelta

from inbox.domain.articles import Article
from inbox.domain.ids import AgentId, ArticleId
from inbox.domain.people import Roster
from inbox.store import article_notices, articles, articles_nudged, people
from inbox.store.unit import Unit

EVERY = timedelta(days=7)
"""So often an owner is told again of reviews that are overdue."""
AT_ONCE = 200


def tell_of_review(unit: Unit, id: ArticleId, language: str, by: AgentId | None, now: datetime) -> None:
    """The article's owner where they can publish, else everybody who can; not whoever asks."""
    roster = people.roster(unit)
    owner = roster.agent(articles.one(unit, id).about.owner)
    leaders = [agent for agent in roster.agents if agent.leads and not agent.disabled and agent.id != by]
    whom = [agent.id for agent in leaders if owner is not None and agent.id == owner.id] or [one.id for one in leaders]
    article_notices.add(unit, whom, (id, language), "review-asked", by, now)


def tell_of_publishing(
    unit: Unit, id: ArticleId, language: str, number: int, by: AgentId | None, now: datetime
) -> None:
    """Who wrote what readers see now, and who asked for the review; not whoever published it."""
    version = articles.version(unit, id, language, number)
    asked = [
        one.by
        for one in articles.happened(unit, id)
        if (one.language, one.number, one.deed) == (language, number, "asked")
    ]
    writers = dict.fromkeys([version.by if version is not None else None, *asked])
    there = {agent.id for agent in people.roster(unit).agents if not agent.disabled}
    whom = [one for one in writers if one is not None and one != by and one in there]
    if whom:
        article_notices.add(unit, whom, (id, language), "article-published", by, now)


def tell_of_overdue(unit: Unit, now: datetime) -> int:
    """Owners of articles whose review became overdue, or still is a week after they were told: each of them once, however many there
    are. How many articles were looked at; run again at once, it finds nothing."""
    due = articles_nudged.due(unit, now, AT_ONCE)
    theirs: dict[str, list[Article]] = {}
    for one in articles.several(unit, due):
        theirs.setdefault(one.about.owner, []).append(one)
    roster = people.roster(unit) if due else Roster()
    for handle, found in theirs.items():
        owner = roster.agent(handle) if handle else None
        if owner is not None and not owner.disabled:
            first = (found[0].id, found[0].best(owner.language).language if found[0].texts else "")
            article_notices.add(unit, [owner.id], first, "review-overdue", None, now, count=len(found))
    articles_nudged.again(unit, due, now + EVERY)
    return len(due)
