"""Which events move clocks, and which do not."""

from datetime import UTC, datetime, timedelta

from inbox.domain import events as ev
from inbox.domain.ids import (
    AgentId,
    ChannelName,
    ContactId,
    ConversationId,
    DecisionId,
    DeliveryId,
    MessageId,
)
from inbox.sla.board import ClockFact, Kind
from inbox.sla.facts import facts_of

T0 = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
RECEIVED = T0 - timedelta(minutes=20)  # by the network; we fetched it later


def log(*payloads: ev.Payload) -> list[ev.Event]:
    """The payloads as events, a minute apart."""
    at = [T0 + n * timedelta(minutes=1) for n in range(len(payloads))]
    return [ev.Event(ConversationId(1), n + 1, at[n], ev.HOUSE, "test", p) for n, p in enumerate(payloads)]


def kinds(*payloads: ev.Payload) -> list[Kind]:
    return [fact.kind for fact in facts_of(log(*payloads))]


def received(automatic: str | None = None, history: bool = False) -> ev.Received:
    return ev.Received(
        kind="received",
        message=MessageId(1),
        contact=ContactId(1),
        excerpt="hello",
        received_at=RECEIVED,
        automatic=automatic,
        history=history,
    )


def settled(state: str, delivery: int = 1) -> ev.DeliverySettled:
    return ev.DeliverySettled("delivery_settled", DeliveryId(delivery), MessageId(7), state)


def state(to: str) -> ev.StateSet:
    return ev.StateSet("state_set", to)


REPLIED = ev.Replied("replied", MessageId(7), AgentId(1), "hi")


def test_a_conversation_becomes_facts_with_its_instants() -> None:
    events = log(
        ev.Opened("opened", "K7Q2", ChannelName("mail"), ContactId(1), None, "down", "en"),
        received(),
        ev.PolicySet("policy_set", "standard"),
        ev.PrioritySet("priority_set", "urgent"),
        ev.Decided("decided", DecisionId(1), "rev", ()),
        ev.Acknowledged("acknowledged", MessageId(2)),
        ev.Noted("noted", MessageId(3), "psst"),
        REPLIED,
        settled("sent"),
    )
    from_facts = list(facts_of(events))
    assert [f.kind for f in from_facts] == [
        Kind.CUSTOMER_WROTE,
        Kind.POLICY_CHANGED,
        Kind.PRIORITY_CHANGED,
        Kind.ACKNOWLEDGED,
        Kind.NOTED,
        Kind.AGENT_REPLIED,
        Kind.REPLY_SENT,
    ]
    assert (from_facts[0].at, from_facts[1].policy, from_facts[2].priority) == (RECEIVED, "standard", "urgent")
    assert {f.reply for f in from_facts[-2:]} == {"7"}


def test_machines_and_old_mail_start_no_clock() -> None:
    assert kinds(received(automatic="vacation"), received(history=True)) == []


def test_states_become_pauses_and_endings_but_a_snooze_moves_nothing() -> None:
    moves = [state(to) for to in ("waiting", "open", "snoozed", "open", "waiting", "done", "open", "spam", "open")]
    assert kinds(*moves) == [
        Kind.WAITING_STARTED,
        Kind.WAITING_ENDED,
        Kind.WAITING_STARTED,
        Kind.WAITING_ENDED,
        Kind.DONE,
        Kind.REOPENED,
        Kind.SPAM,
        Kind.REOPENED,
    ]
    assert kinds(state("waiting"), state("snoozed")) == [Kind.WAITING_STARTED, Kind.WAITING_ENDED]
    assert kinds(state("done"), state("spam"), state("waiting")) == [
        Kind.DONE,
        Kind.SPAM,
        Kind.REOPENED,
        Kind.WAITING_STARTED,
    ]


def test_a_message_ends_a_wait_when_it_reached_us_and_not_when_we_looked_at_it() -> None:
    for over, back in (("waiting", Kind.WAITING_ENDED), ("done", Kind.REOPENED)):
        facts = list(facts_of(log(state(over), received(), state("open"))))
        assert [(f.at, f.kind) for f in facts[1:]] == [(RECEIVED, Kind.CUSTOMER_WROTE), (RECEIVED, back)]
        by_hand = list(facts_of(log(received(), state(over), state("open"))))
        assert (by_hand[-1].at, by_hand[-1].kind) == (T0 + timedelta(minutes=2), back)


def test_a_reply_has_failed_as_long_as_one_of_its_deliveries_has() -> None:
    told = kinds(REPLIED, settled("sent", 1), settled("failed", 2), settled("dropped", 1), settled("sent", 1))
    assert told == [Kind.AGENT_REPLIED, Kind.REPLY_SENT, Kind.REPLY_FAILED]
    again = kinds(REPLIED, settled("failed", 2), settled("sent", 1), settled("sent", 2))
    assert again == [Kind.AGENT_REPLIED, Kind.REPLY_FAILED, Kind.REPLY_SENT]


def test_a_delivery_of_unknown_outcome_is_neither_sent_nor_failed() -> None:
    assert kinds(REPLIED, settled("unknown"), settled("parked")) == [Kind.AGENT_REPLIED]


def test_merging_ends_the_one_and_hands_its_waiting_customer_to_the_other() -> None:
    into = ev.Merged("merged", ConversationId(2), into=ConversationId(2))
    assert kinds(into) == [Kind.MERGED]
    assert kinds(ev.Merged("merged", ConversationId(2))) == []
    since = T0 - timedelta(hours=2)
    took = ev.Merged("merged", ConversationId(2), waiting_since=since)
    assert list(facts_of(log(took))) == [ClockFact(since, Kind.CUSTOMER_WROTE)]
