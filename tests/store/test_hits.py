"""How often rules matched: counted by rule and window, from an index and nothing else; on both databases."""

from datetime import timedelta
from importlib import import_module

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from inbox.domain import events as ev
from inbox.domain.ids import ConversationId
from inbox.store import decisions, events, hits
from inbox.store.hits import Hits
from inbox.store.store import Store
from inbox.store.tables import rule_hit
from inbox.store.unit import Unit
from tests.store.rows import NOW, conversation


def _fill(unit: Unit) -> None:
    matter = conversation(unit, "K2")
    for version, (days, rules) in enumerate(
        ((40, ("old", "both")), (20, ("both",)), (2, ("both", "سریع")), (1, ())), 2
    ):
        at = NOW - timedelta(days=days)
        id = decisions.add(unit, matter, None, "r", "{}", at, rules)
        told = ev.Decided("decided", id, "r", rules)
        events.append(unit, [ev.Event(ConversationId(matter), version, at, ev.HOUSE, "test", told)])


def test_hits_are_counted_by_rule_and_window(store: Store) -> None:
    store.write_now(_fill)
    found = store.read_now(hits.of, ("old", "both", "سریع", "never"), NOW)
    ago = {days: NOW - timedelta(days=days) for days in (2, 40)}
    assert found == {
        "old": Hits(last=ago[40]),
        "both": Hits(1, 2, ago[2]),
        "سریع": Hits(1, 1, ago[2]),
        "never": Hits(),
    }


def test_the_migration_fills_in_what_the_events_say(store: Store) -> None:
    store.write_now(_fill)
    every = sa.select(rule_hit).order_by(*rule_hit.primary_key.columns)
    with store.engine.begin() as connection:
        before = connection.execute(every).all()
        connection.execute(sa.delete(rule_hit))
        with Operations.context(MigrationContext.configure(connection)):
            import_module("inbox.store.migrations.versions.0011_rule_hits")._fill()
        assert connection.execute(every).all() == before
    assert len(before) == 5
