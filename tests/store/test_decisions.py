"""Stored decisions: read page by page and by window, and the waits that a rehearsal is made of; on both databases."""

from datetime import timedelta

import pytest

from inbox.domain.ids import AgentId, ChannelName, ConversationId
from inbox.domain.people import Agent
from inbox.sla.clocks import ClockState, Ending
from inbox.sla.policy import Metric
from inbox.store import channels, clocks, decisions, people
from inbox.store.decisions import START, Past, Stretch, Window
from inbox.store.episodes import episodes
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.store.rows import CHAT, MAIL, NOW, conversation, later, said

WHOLE = Window(NOW, later(days=1))


@pytest.fixture
def filled(store: Store) -> Store:
    """Three conversations whose decisions were made in turns, the third on another channel."""
    store.write_now(_fill)
    return store


def _fill(unit: Unit) -> None:
    channels.ensure(unit, CHAT, "chat")
    matters = [conversation(unit, name, channel) for name, channel in (("K2", MAIL), ("K3", MAIL), ("K4", CHAT))]
    for turn in range(3):
        for matter in matters:
            decisions.add(unit, matter, None, "r", f"{matter} {turn}", later(hours=turn))


def read(store: Store, window: Window, most: int) -> list[Past]:
    found: list[Past] = []
    after = START
    while page := store.read_now(decisions.page, window, after, most):
        assert len(page) <= most
        found += page
        after = (page[-1].conversation, page[-1].id)
    return found


@pytest.mark.parametrize("most", [1, 2, 3, 100])
def test_pages_hold_each_decision_once_those_on_one_conversation_together(filled: Store, most: int) -> None:
    found = read(filled, WHOLE, most)
    assert [one.body.split()[1] for one in found] == ["0", "1", "2"] * 3
    assert [one.reference for one in found] == ["K2"] * 3 + ["K3"] * 3 + ["K4"] * 3


def test_a_window_ends_before_its_end_and_may_be_one_channel(filled: Store) -> None:
    assert len(read(filled, Window(later(hours=1), later(hours=2)), 10)) == 3
    assert {one.reference for one in read(filled, Window(NOW, later(days=1), CHAT), 10)} == {"K4"}
    assert read(filled, Window(NOW, later(days=1), ChannelName("nowhere")), 10) == []


def test_a_stretch_is_of_some_conversations(filled: Store) -> None:
    last = filled.read_now(decisions.last_conversation)
    assert last == 3
    for size in (1, 2, 3, 5):
        found: list[Past] = []
        for after in range(0, last, size):
            stretch = Stretch(ConversationId(after), ConversationId(after + size))
            found += filled.read_now(decisions.page, WHOLE, START, 100, stretch)
        assert found == read(filled, WHOLE, 100)
    behind = filled.read_now(decisions.page, WHOLE, (ConversationId(2), found[4].id), 100, Stretch(ConversationId(1)))
    assert behind == found[5:]


def test_the_latest_are_those_of_the_end(filled: Store) -> None:
    found = filled.read_now(decisions.latest, 4)
    assert [(one.reference, one.body.split()[1]) for one in found] == [
        ("K2", "2"),
        ("K3", "2"),
        ("K4", "1"),
        ("K4", "2"),
    ]


def test_revisions_by_when_they_went_live_and_by_their_beginning(store: Store) -> None:
    for place, digest in enumerate(("abcd12", "abff34", "ab%d56")):
        store.write_now(decisions.put_revision, digest, {"rules/10-a.toml": digest}, later(hours=place))
    store.write_now(decisions.put_revision, "abcd12", {}, later(hours=9))
    found = store.read_now(decisions.revisions)
    assert [(one.digest, one.live_at, one.files) for one in found] == [
        ("abcd12", later(hours=9), {"rules/10-a.toml": "abcd12"}),
        ("ab%d56", later(hours=2), {"rules/10-a.toml": "ab%d56"}),
        ("abff34", later(hours=1), {"rules/10-a.toml": "abff34"}),
    ]
    assert [one.digest for one in store.read_now(decisions.revisions, 1)] == ["abcd12"]
    assert [one.digest for one in store.read_now(decisions.like, "ab%")] == ["ab%d56"]
    assert len(store.read_now(decisions.like, "ab")) == 3


def test_the_waits_of_a_window_with_who_ended_them(store: Store) -> None:
    def fill(unit: Unit) -> None:
        channels.ensure(unit, CHAT, "chat")
        people.put_agent(unit, Agent(AgentId(0), "sara", "Sara"))
        (sara,) = people.roster(unit).agents
        first, second = conversation(unit), conversation(unit, "K8", CHAT)
        reply = str(said(unit, first, agent=sara.id))
        begun = ClockState(Metric.FIRST_REPLY, 1, NOW)
        states = (
            ClockState(Metric.FIRST_REPLY, 1, NOW, None, later(hours=1), (), later(hours=2), Ending.REPLY, reply, False, later(hours=1)),
            ClockState(Metric.NEXT_REPLY, 1, later(hours=3), stopped_at=later(hours=4), ended=Ending.DONE),
            ClockState(Metric.RESOLUTION, 1, NOW),
        )  # fmt: skip
        clocks.put(unit, first, (), states, lambda _: None)
        clocks.put(unit, second, (), (begun,), lambda _: None)

    store.write_now(fill)
    found = store.read_now(episodes, WHOLE)
    told = [(one.reference, one.metric.value, one.answered_by is not None, one.missed, one.owed) for one in found]
    assert told == [
        ("K7Q2", "first_reply", True, True, True),
        ("K7Q2", "next_reply", False, False, False),
        ("K8", "first_reply", False, False, False),
    ]
    assert [one.stopped_at for one in found] == [later(hours=2), later(hours=4), None]
    assert [one.reference for one in store.read_now(episodes, Window(NOW, later(days=1), CHAT))] == ["K8"]
    late = store.read_now(episodes, Window(NOW + timedelta(hours=1), later(days=1)))
    assert [one.metric for one in late] == [Metric.NEXT_REPLY]
    assert [one.conversation for one in found] == [1, 1, 2]
    assert len({one.clock for one in found}) == 3
    assert store.read_now(episodes, WHOLE, Stretch(ConversationId(1), ConversationId(2))) == found[2:]
    assert store.read_now(episodes, WHOLE, Stretch(ConversationId(0), ConversationId(1))) == found[:2]
