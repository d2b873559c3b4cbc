"""Who attends to what, on both databases: presence by pages, one look for all who listen, and what each agent likes."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest

from inbox.domain import events as ev
from inbox.domain.attention import Doing, Kind, Likes, Place, Quiet
from inbox.domain.ids import AgentId, ConversationId, EventId, TeamId
from inbox.domain.scope import Scope
from inbox.store import attending, events, preferences, presence
from inbox.store import tables as t
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.web.sites import contact, conversation, tell

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
SARA, OMID = AgentId(1), AgentId(2)


@pytest.fixture
def store(url: str, tmp_path: object) -> Iterator[Store]:
    """Two agents, two conversations, the second of a team."""
    made = Store(url, tmp_path)  # type: ignore[arg-type]  # a path
    made.write_now(_rows)
    yield made
    made.close()


def _rows(unit: Unit) -> None:
    unit.add(t.channel, {"name": "support", "kind": "email"})
    unit.insert(t.agent, handle="sara", name="Sara")
    unit.insert(t.agent, handle="omid", name="")
    unit.insert(t.team, name="orders", title="Orders")
    who = contact(unit, "Lena", "lena@example.org")
    conversation(unit, "K7Q2", who)
    conversation(unit, "M4TR", who, team_id=1)


ONE, TWO = ConversationId(1), ConversationId(2)


def beat(store: Store, tab: str, agent: AgentId, matter: ConversationId, doing: Doing, at: datetime = NOW) -> None:
    store.write_now(presence.beat, tab, agent, matter, doing, at)


def here(store: Store, at: datetime = NOW) -> set[tuple[str, str, str]]:
    return {(one.reference, one.name, one.doing.value) for one in store.read_now(presence.here, at)}


def test_of_several_pages_of_one_agent_what_counts_most_is_told(store: Store) -> None:
    beat(store, "a", SARA, ONE, Doing.AWAY)
    beat(store, "b", SARA, ONE, Doing.WRITING)
    beat(store, "c", SARA, TWO, Doing.VIEWING)
    beat(store, "d", OMID, ONE, Doing.VIEWING)
    assert here(store) == {("K7Q2", "Sara", "writing"), ("M4TR", "Sara", "viewing"), ("K7Q2", "omid", "viewing")}
    store.write_now(presence.leave, "b", SARA)
    assert ("K7Q2", "Sara", "away") in here(store)


def test_a_page_shows_one_conversation_and_is_its_agents_own(store: Store) -> None:
    beat(store, "a", SARA, ONE, Doing.VIEWING)
    beat(store, "a", SARA, TWO, Doing.VIEWING)
    store.write_now(presence.leave, "a", OMID)
    assert here(store) == {("M4TR", "Sara", "viewing")}


def test_what_was_said_thirty_seconds_ago_counts_for_nothing(store: Store) -> None:
    beat(store, "a", SARA, ONE, Doing.VIEWING)
    assert here(store, NOW + presence.LASTS - timedelta(seconds=1)) != set()
    assert here(store, NOW + presence.LASTS) == set()


def test_only_news_wakes_those_who_listen(store: Store) -> None:
    woken: list[bool] = []

    def work(unit: Unit, doing: Doing, at: datetime) -> None:
        presence.beat(unit, "a", SARA, ONE, doing, at)
        woken.append("agents" in unit.wakes)

    for doing, seconds in ((Doing.VIEWING, 0), (Doing.VIEWING, 15), (Doing.WRITING, 16), (Doing.WRITING, 60)):
        store.write_now(work, doing, NOW + timedelta(seconds=seconds))
    assert woken == [True, False, True, True]


def test_one_look_tells_what_is_behind_an_event_within_each_scope(store: Store) -> None:
    def work(unit: Unit) -> None:
        tell(unit, ONE, 0, ev.StateSet("state_set", "open"))
        tell(unit, TWO, 0, ev.StateSet("state_set", "open"))
        tell(unit, ONE, 1, ev.StateSet("state_set", "done"))

    before = store.read_now(attending.latest)
    store.write_now(work)
    whole, narrow = Scope.of_agent(SARA), Scope.of_agent(OMID, frozenset({TeamId(1)}))
    beat(store, "a", SARA, ONE, Doing.VIEWING)
    look = store.read_now(attending.look, before, {whole, narrow}, (), NOW)
    assert {(one.reference, one.version) for one in look.changed} == {("K7Q2", 2), ("M4TR", 1)}
    assert [look.sees(whole, id) for id in (ONE, TWO)] == [True, True]
    assert [look.sees(narrow, id) for id in (ONE, TWO)] == [False, True]
    assert look.upto == store.read_now(attending.latest)
    assert store.read_now(attending.look, look.upto, {whole}, (), NOW).changed == ()


def test_too_much_for_one_look_is_told_by_the_next(store: Store) -> None:
    def work(unit: Unit) -> None:
        for n in range(5):
            tell(unit, ONE, n, ev.StateSet("state_set", "open"))

    store.write_now(work)
    first = store.read_now(attending.look, EventId(0), set(), (), NOW, 3)
    assert first.more
    second = store.read_now(attending.look, first.upto, set(), (), NOW, 3)
    assert (second.more, [one.version for one in second.changed]) == (False, [5])
    assert len(store.read_now(events.of, ONE)) == 5


def test_what_was_chosen_is_kept_and_can_be_chosen_anew(store: Store) -> None:
    assert store.read_now(preferences.of, SARA) == Likes()
    quiet = Quiet(time(20), time(8, 30), frozenset({5, 6}), "Asia/Tehran")
    everything = {kind: frozenset(Place) for kind in Kind}
    for likes in (
        Likes("dark", False, everything, quiet),
        Likes("light", True, {**everything, Kind.LATE: frozenset()}),
    ):
        store.write_now(preferences.put, SARA, likes)
        assert store.read_now(preferences.of, SARA) == likes
    assert store.read_now(preferences.of, OMID) == Likes()
