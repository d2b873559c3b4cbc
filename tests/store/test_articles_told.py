"""Who is told of articles: of a review that is asked for, of what was published, of what is overdue; each once, and where they like it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from inbox.domain.acts import By
from inbox.domain.articles import About, Article, Words
from inbox.domain.attention import Kind, Likes, Place
from inbox.domain.ids import AgentId
from inbox.domain.people import Agent
from inbox.domain.scope import Scope
from inbox.pipeline import articles as verbs
from inbox.pipeline.articles import Editor
from inbox.pipeline.articles_told import EVERY, tell_of_overdue
from inbox.store import article_notices, articles, articles_nudged, notifications, preferences
from inbox.store import tables as t
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.store.rows import NOW


@pytest.fixture
def cast(store: Store) -> dict[str, Editor]:
    """One who writes, two who can publish, and one who could and is disabled."""

    def add(unit: Unit, handle: str, **values: Any) -> Editor:
        id = AgentId(unit.insert(t.agent, handle=handle, name=handle.capitalize(), **values))
        return Editor.of(Agent(id, handle, handle, lead=bool(values.get("lead"))), By("agent", id))

    def people(unit: Unit) -> dict[str, Editor]:
        made = {"omid": add(unit, "omid"), "sara": add(unit, "sara", lead=True), "kian": add(unit, "kian", lead=True)}
        return made | {"gone": add(unit, "gone", lead=True, disabled=True)}

    return store.write_now(people)


def play(store: Store, work: Callable[[Unit], None]) -> None:
    store.write_now(work)


def written(unit: Unit, who: Editor, **about: Any) -> Article:
    return verbs.create(unit, who, replace(About(""), **about), "en", Words("Refunds", "Two weeks."), NOW)


def told(unit: Unit, who: Editor) -> list[tuple[str, int]]:
    assert who.id is not None
    return [(one.kind, one.count) for one in article_notices.listing(unit, who.id, NOW - timedelta(days=1))]


def test_whoever_can_publish_is_told_that_a_review_is_asked_for_and_the_writer_that_it_was_published(
    store: Store, cast: dict[str, Editor]
) -> None:
    def work(unit: Unit) -> None:
        made = written(unit, cast["omid"])
        verbs.ask(unit, cast["omid"], made.id, "en", NOW)
        verbs.ask(unit, cast["omid"], made.id, "en", NOW)
        asked = [("review-asked", 1)]
        assert {name: told(unit, who) for name, who in cast.items()} == {
            "omid": [],
            "sara": asked,
            "kian": asked,
            "gone": [],
        }
        sara = cast["sara"].id
        assert sara is not None
        assert notifications.unread(unit, Scope.of_agent(sara)) == 1
        assert article_notices.read(unit, sara, NOW, about=made.id) == 1
        assert notifications.unread(unit, Scope.of_agent(sara)) == 0
        verbs.publish(unit, cast["sara"], made.id, "en", NOW)
        assert told(unit, cast["omid"]) == [("article-published", 1)]
        assert told(unit, cast["sara"]) == asked, "whoever does it is not told of it"

    play(store, work)


def test_an_owner_who_can_publish_is_told_alone(store: Store, cast: dict[str, Editor]) -> None:
    def work(unit: Unit) -> None:
        made = written(unit, cast["omid"], owner="kian")
        verbs.ask(unit, cast["omid"], made.id, "en", NOW)
        assert (told(unit, cast["kian"]), told(unit, cast["sara"])) == ([("review-asked", 1)], [])

    play(store, work)


def test_who_likes_to_be_told_nowhere_is_not(store: Store, cast: dict[str, Editor]) -> None:
    def work(unit: Unit) -> None:
        sara, kian = cast["sara"].id, cast["kian"].id
        assert sara is not None
        assert kian is not None
        preferences.put(unit, sara, Likes(notices={kind: frozenset() for kind in Kind}))
        preferences.put(unit, kian, Likes(notices={kind: frozenset({Place.BOT}) for kind in Kind}))
        made = written(unit, cast["omid"])
        verbs.ask(unit, cast["omid"], made.id, "en", NOW)
        assert told(unit, cast["sara"]) == []
        assert notifications.unread(unit, Scope.of_agent(kian)) == 0, "by bot alone"
        assert [one.agent for one in article_notices.by_bot(unit, "telegram", NOW)] == [kian]

    play(store, work)


def test_an_owner_is_told_once_a_week_of_all_that_is_overdue(store: Store, cast: dict[str, Editor]) -> None:
    day = date(2026, 11, 30)
    over = NOW.replace(day=1, month=12, hour=12, minute=0)

    def work(unit: Unit) -> None:
        made = [written(unit, cast["sara"], slug=f"refunds-{n}", owner="omid", review_on=day) for n in range(3)]
        written(unit, cast["sara"], slug="nobodys", review_on=day)
        assert articles_nudged.next_due(unit) == over
        assert tell_of_overdue(unit, over - timedelta(seconds=1)) == 0
        assert tell_of_overdue(unit, over) == 4
        assert tell_of_overdue(unit, over) == 0
        assert told(unit, cast["omid"]) == [("review-overdue", 3)], "one word for all of them"
        verbs.change(unit, cast["sara"], made[0].id, replace(made[0].about, review_on=date(2027, 6, 1)), over)
        assert articles_nudged.next_due(unit) == over + EVERY
        assert tell_of_overdue(unit, over + EVERY) == 3
        assert told(unit, cast["omid"]) == [("review-overdue", 2), ("review-overdue", 3)]
        assert told(unit, cast["sara"]) == []
        for one in articles.every(unit):
            verbs.change(unit, cast["sara"], one.id, replace(one.about, review_on=None), over)
        assert articles_nudged.next_due(unit) is None

    play(store, work)
