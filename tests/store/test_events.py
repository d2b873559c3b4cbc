"""The event log: every kind of fact comes back as it was, versions have no gap, and the change feed misses nothing."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from sqlalchemy import exc

from inbox.domain import events as ev
from inbox.domain.entropy import Entropy
from inbox.domain.events import Actor, Event
from inbox.domain.ids import ConversationId, EventId, MessageId
from inbox.store import conversations, events
from inbox.store import tables as t
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.store.drawing import payloads
from tests.store.race import race
from tests.store.rows import NOW, conversation

SARA = Actor("agent", 7, "سارا")


def noted(matter: ConversationId, version: int, text: str = "note") -> Event:
    return Event(matter, version, NOW + timedelta(seconds=version), SARA, "web", ev.Noted("noted", MessageId(1), text))


def tell(unit: Unit, matter: ConversationId, text: str = "note") -> int:
    """One more fact, as a turn tells it: under the conversation's lock, at its next version."""
    c = conversations.load(unit, matter)
    event = noted(matter, c.version + 1, text)
    events.append(unit, [event])
    unit.execute(sa.update(t.conversation).where(t.conversation.c.id == matter).values(version=event.version))
    return event.version


# -- one conversation --------------------------------------------------------------------------------------------------
def test_the_log_gives_back_what_was_told_behind_a_version(store: Store) -> None:
    matter = store.write_now(conversation)
    told = [noted(matter, version, f"متن {version}") for version in (2, 3, 4)]
    store.write_now(events.append, told)
    found = store.read_now(events.of, matter, 1)
    assert [(e.version, e.at, e.actor, e.via, e.payload) for e in found] == [
        (e.version, e.at, e.actor, e.via, e.payload) for e in told
    ]
    assert [e.version for e in store.read_now(events.of, matter, 3)] == [4]
    assert store.read_now(events.of, ConversationId(99)) == []


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(payload=payloads())
def test_every_payload_survives_the_store(copied: Store, payload: ev.Payload) -> None:
    """Whatever kind, whatever letters, as JSON on both databases."""

    def work(unit: Unit) -> Event:
        matter = conversation(unit, unit.entropy.token("reference"))
        events.append(unit, [Event(matter, 2, NOW, SARA, "web", payload)])
        return events.of(unit, matter, 1)[0]

    assert copied.write_now(work).payload == payload


def test_a_version_that_is_taken_is_refused_by_the_database(store: Store) -> None:
    matter = store.write_now(conversation)
    store.write_now(events.append, [noted(matter, 2)])
    with pytest.raises(exc.IntegrityError):
        store.write_now(events.append, [noted(matter, 2, "too late")])
    assert len(store.read_now(events.of, matter)) == 2


def test_two_who_speak_at_once_get_two_versions(store: Store, other: Store) -> None:
    matter = store.write_now(conversation)
    versions = race((store, lambda u: tell(u, matter, "one")), (other, lambda u: tell(u, matter, "two")))
    assert sorted(versions) == [2, 3]
    assert [e.version for e in store.read_now(events.of, matter)] == [1, 2, 3]


def test_the_projection_is_what_the_row_says(store: Store) -> None:
    matter = store.write_now(conversation)
    assert store.read_now(events.projected, matter) == store.read_now(conversations.peek, matter)


# -- the change feed ---------------------------------------------------------------------------------------------------
def test_the_feed_gives_everything_once_and_in_order(store: Store) -> None:
    one, two = store.write_now(conversation, "K2"), store.write_now(conversation, "K3")
    for n in range(4):
        store.write_now(tell, (one, two)[n % 2])
    seen: list[Event] = []
    while batch := store.read_now(events.since, seen[-1].id or EventId(0) if seen else EventId(0), 2):
        assert len(batch) <= 2
        seen += batch
    assert [(e.conversation, e.version) for e in seen] == [(one, 1), (two, 1), (one, 2), (two, 2), (one, 3), (two, 3)]


def test_a_follower_misses_nothing_that_commits_out_of_order(store: Store, other: Store) -> None:
    """The first writer draws its id, the second draws a later one and commits first: nobody may step past the gap."""
    one, two = store.write_now(conversation, "K2"), store.write_now(conversation, "K3")
    start = store.read_now(events.since, EventId(0))[-1].id or EventId(0)
    drawn, go_on = threading.Event(), threading.Event()

    def slow(unit: Unit) -> int:
        version = tell(unit, one, "slow")
        drawn.set()
        assert go_on.wait(10)
        return version

    slow_one = store._writer.submit(lambda: store._one(Entropy.fresh(), slow))
    assert drawn.wait(10)
    if not store.sqlite:  # on a file the second has to wait for the first
        assert other.write_now(tell, two, "quick") == 2
    assert other.read_now(events.since, start) == [], "what is behind an open transaction is not shown yet"
    go_on.set()
    assert slow_one.result(10) == 2
    if store.sqlite:
        other.write_now(tell, two, "quick")
    found = other.read_now(events.since, start)
    assert [e.payload.excerpt for e in found if isinstance(e.payload, ev.Noted)] == ["slow", "quick"]
