"""The projection and the tables of states: every move can be made, versions have no gap, what a person set is pinned."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.domain import events as ev
from inbox.domain.conversations import MOVES, Conversation, Priority, State, apply
from inbox.domain.deliveries import FOLLOWS, DeliveryState
from inbox.domain.deliveries import MOVES as DELIVERY_MOVES
from inbox.domain.events import HOUSE, Actor, Event, Payload
from inbox.domain.ids import AgentId, ChannelName, ContactId, ConversationId, DeliveryId, MessageId, TeamId
from inbox.domain.promises import PROMISE_MOVES, PromiseState
from tests.store.drawing import payloads

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
REZA = Actor("agent", 7, "Reza")
ID = ConversationId(1)


def after(*payloads: Payload, start: Conversation | None = None, actor: Actor = HOUSE) -> Conversation:
    """A conversation after these facts, a minute apart."""
    now = start or Conversation(ID)
    for payload in payloads:
        at = NOW + timedelta(minutes=now.version)
        now = apply(now, Event(ID, now.version + 1, at, actor, "web", payload))
    return now


def opened(*, history: bool = False) -> ev.Opened:
    return ev.Opened("opened", "K7Q2", ChannelName("mail"), ContactId(3), None, "Parcel", "en", history=history)


def received(minute: int = 0, automatic: str | None = None) -> ev.Received:
    return ev.Received("received", MessageId(1), ContactId(3), "Hello", NOW + timedelta(minutes=minute), automatic)


def moved(state: State) -> ev.StateSet:
    return ev.StateSet("state_set", state.value)


REPLIED = ev.Replied("replied", MessageId(5), AgentId(7), "There.")


def settled(state: str, message: int = 5) -> ev.DeliverySettled:
    return ev.DeliverySettled("delivery_settled", DeliveryId(1), MessageId(message), state)


# -- tables of states --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("before", "to"), [(b, t) for b, ts in MOVES.items() for t in sorted(ts)])
def test_every_move_of_the_table_can_be_made(before: State, to: State) -> None:
    start = after(opened(), received(), *([] if before is State.OPEN else [moved(before)]))
    assert (start.state, after(moved(to), start=start).state) == (before, to)


@pytest.mark.parametrize("table", [MOVES, DELIVERY_MOVES, PROMISE_MOVES])
def test_every_state_stands_in_its_table_and_can_be_reached(table: dict[State, frozenset[State]]) -> None:
    states = type(next(iter(table)))
    first = next(iter(states))
    reached, look = {first}, [first]
    while look:
        found = table[look.pop()] - reached
        reached |= found
        look += found
    assert reached == set(table) == set(states)


def test_what_follows_a_part_is_a_move_that_a_queued_one_may_make() -> None:
    assert set(FOLLOWS.values()) <= DELIVERY_MOVES[DeliveryState.QUEUED]
    assert DeliveryState.SENT not in FOLLOWS


def test_a_delivery_that_was_cancelled_or_dropped_is_over() -> None:
    over = [state for state, moves in DELIVERY_MOVES.items() if not moves]
    assert over == [DeliveryState.CANCELLED, DeliveryState.DROPPED]
    assert DELIVERY_MOVES[DeliveryState.SENT] == {DeliveryState.FAILED}


def test_a_promise_is_judged_once_unless_what_decided_did_not_go_out_or_did_after_all() -> None:
    assert PROMISE_MOVES[PromiseState.KEPT] == PROMISE_MOVES[PromiseState.WITHDRAWN] == {PromiseState.OPEN}
    assert not PROMISE_MOVES[PromiseState.LATE]


# -- versions ----------------------------------------------------------------------------------------------------------
@given(
    st.lists(
        payloads().filter(lambda p: p.kind not in ("state_set", "priority_set", "undone", "taken_over")), max_size=12
    )
)
def test_versions_count_from_one_without_a_gap(facts: list[Payload]) -> None:
    found = after(*facts)
    assert found.version == len(facts)
    assert (found.changed_at is None) is (not facts)


@given(st.integers(-3, 5).filter(lambda n: n != 1))
def test_a_version_that_does_not_follow_is_refused(version: int) -> None:
    with pytest.raises(ValueError, match="cannot follow"):
        apply(Conversation(ID), Event(ID, version, NOW, HOUSE, "", opened()))


@given(
    st.lists(
        payloads().filter(lambda p: p.kind not in ("state_set", "priority_set", "undone", "taken_over")), max_size=12
    )
)
def test_the_same_facts_come_to_the_same_conversation(facts: list[Payload]) -> None:
    half = len(facts) // 2
    assert after(*facts) == after(*facts[half:], start=after(*facts[:half]))


# -- what is pinned ----------------------------------------------------------------------------------------------------
PINNING = [
    (ev.PrioritySet("priority_set", "high"), "priority"),
    (ev.Assigned("assigned", AgentId(7)), "assignee"),
    (ev.TeamSet("team_set", TeamId(2)), "team"),
    (ev.PolicySet("policy_set", "vip"), "policy"),
    (ev.FieldSet("field_set", "order", "7"), "field.order"),
]


@pytest.mark.parametrize(("payload", "field"), PINNING)
def test_what_a_person_sets_is_pinned_and_what_a_rule_sets_is_not(payload: Payload, field: str) -> None:
    start = after(opened(), received())
    assert after(payload, payload, start=start, actor=REZA).pinned == (field,)
    assert after(payload, start=start, actor=Actor("rule", name="vip")).pinned == ()


@given(st.permutations(PINNING))
def test_pins_come_in_one_order_and_go_when_it_reopens(order: list[tuple[Payload, str]]) -> None:
    start = after(opened(), received(), *(payload for payload, _ in order), actor=REZA)
    assert start.pinned == tuple(sorted(field for _, field in order))
    assert after(moved(State.WAITING), moved(State.OPEN), start=start).pinned == start.pinned
    assert after(moved(State.DONE), moved(State.OPEN), start=start).pinned == ()


# -- who waits ---------------------------------------------------------------------------------------------------------
def test_the_oldest_unanswered_message_is_what_a_customer_waits_on() -> None:
    start = after(opened(), received(1), received(5))
    assert start.waiting_since == NOW + timedelta(minutes=1)
    assert after(REPLIED, start=start).waiting_since is None


@pytest.mark.parametrize("fact", [received(9, "auto-reply"), ev.Noted("noted", MessageId(9), "x")])
def test_machines_and_notes_wait_for_nobody(fact: Payload) -> None:
    assert after(opened(), fact).waiting_since is None


@pytest.mark.parametrize("state", ["failed", "cancelled", "dropped"])
def test_an_answer_that_did_not_go_out_leaves_the_customer_waiting_as_before(state: str) -> None:
    start = after(opened(), received(1), REPLIED)
    assert after(settled(state), start=start).waiting_since == NOW + timedelta(minutes=1)
    assert after(settled(state, message=4), start=start).waiting_since is None, "another message's fate"


@pytest.mark.parametrize("state", ["sent", "unknown", "parked"])
def test_an_answer_that_may_have_arrived_answers(state: str) -> None:
    assert after(opened(), received(1), REPLIED, settled(state)).waiting_since is None


@pytest.mark.parametrize("state", [State.DONE, State.SPAM])
def test_what_is_over_waits_for_nobody(state: State) -> None:
    found = after(opened(), received(1), moved(state))
    assert (found.waiting_since, found.done_at is not None) == (None, state is State.DONE)


def test_snoozing_has_an_end_that_goes_with_it() -> None:
    until = NOW + timedelta(days=1)
    asleep = after(opened(), received(), ev.StateSet("state_set", "snoozed", until))
    assert asleep.snoozed_until == until
    assert after(moved(State.OPEN), start=asleep).snoozed_until is None


# -- the ticket --------------------------------------------------------------------------------------------------------
def test_tags_and_fields_add_up_and_go() -> None:
    found = after(
        opened(),
        ev.Tagged("tagged", ("b", "a", "b")),
        ev.Tagged("tagged", ("c",), ("b",)),
        ev.FieldSet("field_set", "z", "1"),
        ev.FieldSet("field_set", "a", "2"),
        ev.FieldSet("field_set", "z", None),
    )
    assert (found.tags, found.fields) == (("a", "c"), (("a", "2"),))


def test_what_was_merged_says_where_it_went() -> None:
    assert after(opened(), received(), ev.Merged("merged", ConversationId(9), ConversationId(9))).merged_into == 9
    assert after(opened(), ev.Merged("merged", ConversationId(9))).merged_into is None


def test_what_another_one_goes_into_owes_its_answer_too() -> None:
    since = NOW - timedelta(hours=3)
    took = ev.Merged("merged", ConversationId(9), messages=2, waiting_since=since, acknowledged=True)
    found = after(opened(), received(), took)
    assert (found.messages, found.waiting_since, found.acknowledged) == (3, since, True)
    younger = ev.Merged("merged", ConversationId(9), waiting_since=NOW + timedelta(days=9))
    assert after(opened(), received(), younger).waiting_since == after(opened(), received()).waiting_since


def test_priorities_have_their_weight() -> None:
    assert [p.weight for p in Priority] == [0, 1, 2, 3]
    assert [p.value for p in Priority] == ["low", "normal", "high", "urgent"]


# -- old mail that is brought in ---------------------------------------------------------------------------------------
def old(excerpt: str, *, ours: bool = False) -> ev.Received | ev.Replied:
    if ours:
        return ev.Replied("replied", MessageId(8), None, excerpt, history=True)
    return ev.Received("received", MessageId(8), ContactId(3), excerpt, NOW, history=True)


@pytest.mark.parametrize("ours", [False, True])
def test_old_mail_moves_nothing_in_a_living_conversation(ours: bool) -> None:
    start = after(opened(), received())
    event = Event(ID, start.version + 1, NOW - timedelta(days=9), HOUSE, "mail", old("Long ago", ours=ours))
    told = apply(start, event)
    assert (told.state, told.waiting_since, told.excerpt) == (start.state, start.waiting_since, "Hello")
    assert (told.messages, told.changed_at, told.done_at) == (2, start.changed_at, None)


@pytest.mark.parametrize("ours", [False, True])
def test_a_conversation_of_old_mail_was_over_with_the_last_of_it(ours: bool) -> None:
    told = after(opened(history=True), old("One"), old("Two", ours=ours))
    assert (told.state, told.done_at, told.excerpt) == (State.DONE, NOW + timedelta(minutes=2), "Two")
