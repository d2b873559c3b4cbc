"""The demo's past, filled in once: it went the real path, it looks as it should, and nothing left the machine."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from inbox.cli.seeds import plant, read
from inbox.demo.customers import PLAYERS, Customers
from inbox.demo.filling import fill, wanted
from inbox.demo.laying import PEOPLE, URL, lay
from inbox.demo.network import DOWN, Networks, networks
from inbox.demo.script import script, span
from inbox.demo.stage import Stage
from inbox.domain.acts import By
from inbox.domain.articles import STRANGER, Standing
from inbox.domain.ids import ConversationId
from inbox.domain.problems import Problem
from inbox.domain.scope import Scope
from inbox.pipeline import articles_checked
from inbox.pipeline.verify import Difference, differences
from inbox.settings import Settings, load
from inbox.site import Site
from inbox.store import articles, articles_counted, conversations, found
from inbox.store import tables as t
from inbox.store.store import Store
from inbox.text import queries

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@dataclass
class Demo:
    """A filled site, its networks and its store."""

    site: Site
    settings: Settings
    networks: Networks
    store: Store

    def count(self, table: str, column: str) -> Counter[str]:
        """How many rows have which value."""
        rows = self.store.read_now(lambda unit: list(unit.execute(t.metadata.tables[table].select())))
        return Counter(str(getattr(row, column)) for row in rows)


def filled(folder: Path) -> Demo:
    """A demo of a Thursday at noon."""
    site = Site(folder)
    made, adapters = networks()
    lay(site, 0)
    settings = load(site, adapters)
    store = Store(URL, site.root)
    store.write_now(plant, read(PEOPLE), ZoneInfo("Asia/Tehran"), By("owner", via="command"), NOW)
    asyncio.run(fill(site, settings, made, script(), NOW))
    return Demo(site, settings, made, store)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Filled once."""
    made = filled(tmp_path_factory.mktemp("demo") / "site")
    yield made
    made.store.close()


def test_forty_people_and_their_conversations_stand_at_every_stage(demo: Demo) -> None:
    states = demo.count("conversation", "state")
    statements = demo.count("statement", "contract_id").total()
    assert states.total() - statements == len(script().talks) == 52
    assert set(states) == {"open", "waiting", "snoozed", "done", "spam"}
    assert set(demo.count("conversation", "language")) == {"en", "fa"}
    assert set(demo.count("conversation", "channel")) == set(demo.settings.channels) - {
        "portal",
        "phone",
    }  # nobody came in yet
    assert set(demo.count("delivery", "state")) >= {"sent", "failed", "unknown"}
    assert set(demo.count("promise", "state")) >= {"kept", "late", "open"}
    assert demo.count("outage", "tag") == {"payment": 1}
    assert demo.count("message", "direction")["note"] >= 3
    assert demo.count("macro_use", "macro").total() == 2
    assert demo.count("attachment", "state").total() >= 3
    assert set(demo.count("arrival", "verdict")) == {"accepted"}


def test_people_have_a_past_notes_and_organizations_and_agents_keep_views(demo: Demo) -> None:
    assert len(demo.count("contact", "id")) == 41  # one of them owns something and has not written yet
    assert max(demo.count("conversation", "contact_id").values()) == 3
    assert set(demo.count("organization", "name")) == {"Café Rossi", "Lee & Partners", "کافهٔ جعفری", "بازرگانی مرادی"}
    assert demo.count("person_note", "id").total() == 3
    assert demo.count("phone_call", "outcome") == {"answered": 1}


def test_some_have_a_contract_and_each_its_statement(demo: Demo) -> None:
    assert set(demo.count("contract", "name")) == {"Rossi", "Lee office", "کافهٔ جعفری"}
    assert set(demo.count("statement", "contract_id")) == {"1", "2", "3"}
    under = demo.count("conversation", "contract_id")
    assert sum(under[number] for number in ("1", "2", "3")) == 8
    views = demo.count("saved_view", "query")
    for query in views:
        answer = demo.store.read_now(found.answer, Scope.house(), queries.read(query), NOW, ZoneInfo("Asia/Tehran"))
        assert answer.rows, query
        assert answer.bad == (), query


def test_articles_are_there_for_everybody_and_for_agents_and_one_waits_for_a_review(demo: Demo) -> None:
    assert demo.count("article", "audience") == {"public": 12, "agents": 3}
    assert demo.count("article_text", "language") == {"en": 15, "fa": 13}
    waiting = demo.store.read_now(articles.listing, articles.Asked(standing=Standing.REVIEW))
    assert [one.slug for one in waiting] == ["refunds", "wholesale"]
    wrong = {one.what for one in demo.store.read_now(articles_checked.check, NOW.date())}
    assert wrong == {"overdue", "nobody", "link", "language"}
    assert demo.store.read_now(articles_counted.popular, STRANGER, NOW.date() - timedelta(days=30))


def test_the_same_script_gives_the_same_references(demo: Demo, tmp_path: Path) -> None:
    again = filled(tmp_path / "site")
    found = again.count("conversation", "reference")
    again.store.close()
    assert found == demo.count("conversation", "reference")


def test_some_are_late_and_some_will_be_soon(demo: Demo) -> None:
    rows = demo.store.read_now(lambda unit: list(unit.execute(t.conversation.select())))
    dues = [row.due_at for row in rows if row.state == "open" and row.due_at is not None]
    assert any(due < NOW for due in dues)
    assert any(NOW <= due < NOW + timedelta(hours=1) for due in dues)
    assert all(row.opened_at <= NOW for row in rows)


def test_its_rows_are_what_its_events_come_to(demo: Demo) -> None:
    async def verified() -> list[Difference]:
        stage = Stage(demo.site, demo.settings, demo.networks, NOW)
        read = stage.house.store.read_now
        try:
            ids = read(conversations.ids, ConversationId(0), 100)
            return [one for id in ids for one in read(differences, id, stage.book().terms, NOW)]
        finally:
            stage.close()

    assert asyncio.run(verified()) == []


def test_one_channel_is_down_once_it_runs(demo: Demo) -> None:
    assert demo.networks.of(DOWN) is demo.networks.down
    assert demo.networks.down is not demo.networks.all


async def test_a_customer_who_is_played_takes_the_real_path(demo: Demo) -> None:
    customers = Customers(demo.networks)
    emily = PLAYERS[0]
    stage = Stage(demo.site, demo.settings, demo.networks, NOW)
    try:
        customers.write(emily, emily.to[0], "Grinder", "Does it come with a brush?", answers=False, now=NOW)
        await stage.arrives(emily.channel)
        asked, acknowledged = customers.thread(emily)
        assert (asked.ours, asked.subject, asked.text) == (False, "Grinder", "Does it come with a brush?")
        assert acknowledged.ours
        assert "Mehregan Coffee" in acknowledged.text
        customers.write(emily, emily.to[0], "", "And filters?", answers=True, now=NOW)
        await stage.arrives(emily.channel)
        rows = stage.house.store.read_now(lambda unit: list(unit.execute(t.conversation.select())))
        assert len(rows) == 56, "the answer is in the same conversation"
    finally:
        stage.close()


def test_the_folder_must_be_empty(tmp_path: Path) -> None:
    (tmp_path / "something").write_text("mine")
    with pytest.raises(Problem, match=r"cli\.demo\.not_empty"):
        lay(Site(tmp_path), 0)
    assert [path.name for path in tmp_path.iterdir()] == ["something"]


def test_everyone_in_the_script_is_there() -> None:
    handles = {agent.handle for agent in read(PEOPLE).agent}
    steps = [step for talk in script().talks for step in talk.steps]
    assert {step.by for step in steps} <= handles | {"customer", "network"}
    for talk in script().talks:
        ago = [step.ago for step in talk.steps]
        assert ago == sorted(ago, reverse=True), talk.address
    assert len({talk.address for talk in script().talks}) == 40


def test_a_step_names_its_action() -> None:
    (macro,) = [s for talk in script().talks for s in talk.steps if s.what == "macro sent-today"]
    assert wanted(macro) == ("macro", {"name": "sent-today", "values": {"order": "48011", "tracking": "MX-552-019"}})
    assert span("2d3h5m") == timedelta(days=2, hours=3, minutes=5)
    with pytest.raises(ValueError, match="no span"):
        span("soon")


def test_ratings_stand_there_given_after_a_question_and_unasked(demo: Demo) -> None:
    rows = demo.store.read_now(lambda unit: list(unit.execute(t.survey.select())))
    rated = [row for row in rows if row.score is not None]
    assert len(rated) == 6
    assert {row.asked_at is not None for row in rated} == {True, False}
    assert demo.count("event", "kind")["rated"] == 6
