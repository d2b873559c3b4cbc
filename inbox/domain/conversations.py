"""A conversation: one matter, as the projection of its events, and the table of its states."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from inbox.domain import events as ev
from inbox.domain.call_events import CallUnanswered, Warned
from inbox.domain.ids import (
    AgentId,
    ChannelName,
    ContactId,
    ContractId,
    ConversationId,
    MessageId,
    OrganizationId,
    TeamId,
)
from inbox.domain.rule_events import RuleReplied


class State(StrEnum):
    """Whose turn it is. Only a customer's message or a person moves it; spam never reopens by itself."""

    OPEN = "open"
    WAITING = "waiting"
    SNOOZED = "snoozed"
    DONE = "done"
    SPAM = "spam"


_ALL = frozenset(State)
MOVES: dict[State, frozenset[State]] = {
    State.OPEN: _ALL - {State.OPEN},
    State.WAITING: _ALL - {State.WAITING},
    State.SNOOZED: _ALL,
    State.DONE: frozenset({State.OPEN, State.WAITING, State.SPAM}),
    State.SPAM: frozenset({State.OPEN}),
}
"""`snoozed -> snoozed` sets another time. `done` opens again within `reopen_within`, and waits when we
write once more; `spam` opens only by a person."""


class Priority(StrEnum):
    """How urgent, the least first."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"

    @property
    def weight(self) -> int:
        """0 for low up to 3 for urgent."""
        return list(Priority).index(self)


@dataclass(frozen=True, slots=True)
class Conversation:
    """What the events of one conversation add up to at `version`."""

    id: ConversationId
    version: int = 0
    reference: str = ""
    channel: ChannelName = ChannelName("")
    contact: ContactId = ContactId(0)
    organization: OrganizationId | None = None
    subject: str = ""
    excerpt: str = ""
    language: str | None = None
    state: State = State.OPEN
    priority: Priority = Priority.NORMAL
    assignee: AgentId | None = None
    team: TeamId | None = None
    policy: str = ""
    tags: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    pinned: tuple[str, ...] = ()
    """Fields that a person set: rules leave them alone until the conversation reopens."""
    follows: ConversationId | None = None
    merged_into: ConversationId | None = None
    opened_at: datetime | None = None
    changed_at: datetime | None = None
    waiting_since: datetime | None = None
    """Received instant of the oldest message that a person has not answered; None when we owe nothing."""
    answered_by: MessageId | None = None
    """The latest reply, provisional until it is sent, and `answered_from`: the `waiting_since` that it ended."""
    answered_from: datetime | None = None
    snoozed_until: datetime | None = None
    replied_at: datetime | None = None
    """When an agent last answered, and `acted_at`: when a customer or an agent last did anything. Old mail does not count, nor ratings."""
    acted_at: datetime | None = None
    done_at: datetime | None = None
    acknowledged: bool = False
    messages: int = 0
    history: bool = False
    contract: ContractId | None = None
    """Under which it stands."""
    request: bool = False
    """Whether it counts for the quota of that."""


Changes = dict[str, object]
"""What an event changes of a conversation, by field."""


def apply(now: Conversation, event: ev.Event) -> Conversation:
    """The projection: this conversation after one more event. Pure; `inbox verify` folds it over the whole log."""
    if event.version != now.version + 1:
        raise ValueError(f"event {event.version} cannot follow version {now.version}")
    changes = _changes(now, event)
    if event.actor.kind == "agent":
        changes |= _pin(now, event.payload)
    silent = isinstance(event.payload, ev.Rated) or getattr(event.payload, "history", False)
    if event.actor.kind in ("contact", "agent") and not silent:
        changes["acted_at"] = event.at
        changes["history"] = False  # somebody has taken it up again: from now on it is a matter like any other
    changed = max(event.at, now.changed_at or event.at)  # old mail that is brought in makes nothing older
    return replace(now, **changes, version=event.version, changed_at=changed)  # type: ignore[arg-type]  # by field


def _changes(now: Conversation, event: ev.Event) -> Changes:
    match event.payload:
        case ev.Opened() as p:
            return _opened(event.at, p)
        case ev.Received(history=True) | ev.Replied(history=True) as p:
            return _remembered(now, event.at, p)
        case ev.Received() as p:
            return _received(now, p)
        case ev.Replied() as p:
            return {**_replied(now, p), "replied_at": event.at}
        case ev.Acknowledged():
            return {"messages": now.messages + 1, "acknowledged": True}
        case ev.Edited(listed=True, excerpt=words):
            return {"excerpt": words}
        case CallUnanswered(excerpt=words):
            return {"messages": now.messages + 1, "excerpt": words}
        case ev.Noted() | ev.Noticed() | ev.PassedOn() | RuleReplied() | Warned():
            return {"messages": now.messages + 1}
        case ev.StateSet() as p:
            return _moved(now, event.at, p)
        case ev.DeliverySettled() as p:
            return _settled(now, p)
        case ev.Merged() as p:
            return _merged(now, p)
        case ev.SplitOff() as p:
            left = max(0, now.messages - len(p.messages))
            return {"messages": left, "excerpt": p.excerpt, "waiting_since": p.waiting_since}
        case ev.TakenOver() as p:
            return _as_there(p)
        case ev.Undone() as p:
            return _as_before(p)
        case _:
            return _ticket(now, event.payload)


def _opened(at: datetime, p: ev.Opened) -> Changes:
    return {
        "reference": p.reference,
        "channel": p.channel,
        "contact": p.contact,
        "organization": p.organization,
        "subject": p.subject,
        "language": p.language,
        "follows": p.follows,
        "opened_at": at,
        "history": p.history,
        "state": State.DONE if p.history else State.OPEN,
        "done_at": at if p.history else None,
    }


def _received(now: Conversation, p: ev.Received) -> Changes:
    counted: Changes = {"excerpt": p.excerpt, "messages": now.messages + 1}
    if p.automatic is not None or p.outside or now.state is State.SPAM:
        return counted
    return {**counted, "waiting_since": now.waiting_since or p.received_at}


def _remembered(now: Conversation, at: datetime, p: ev.Received | ev.Replied) -> Changes:
    """Old mail moves nothing. A conversation of old mail alone was over when the last of it was written."""
    latest = now.changed_at is None or at >= now.changed_at
    over = now.history and now.state is State.DONE and latest
    return {
        "messages": now.messages + 1,
        "excerpt": p.excerpt if latest else now.excerpt,
        "done_at": at if over else now.done_at,
    }


def _replied(now: Conversation, p: ev.Replied) -> Changes:
    """A reply ends the waiting; one more reply to a question that is answered already ends nothing, and fails for itself."""
    told: Changes = {"excerpt": p.excerpt, "messages": now.messages + (p.spoken != "in")}
    if now.waiting_since is None:
        return told
    return {**told, "waiting_since": None, "answered_by": p.message, "answered_from": now.waiting_since}


def _settled(now: Conversation, p: ev.DeliverySettled) -> Changes:
    """A reply that did not go out answered nothing: the customer waits as they did before it."""
    if p.copy or p.message != now.answered_by or p.state not in ("failed", "cancelled", "dropped"):
        return {}
    return {"waiting_since": now.answered_from or now.waiting_since, "answered_by": None, "answered_from": None}


def _merged(now: Conversation, p: ev.Merged) -> Changes:
    if p.into is not None:
        return {"merged_into": p.into, "waiting_since": None}
    return {
        "messages": now.messages + p.messages,
        "waiting_since": min((at for at in (now.waiting_since, p.waiting_since) if at is not None), default=None),
        "acknowledged": now.acknowledged or p.acknowledged,
    }


def _as_before(p: ev.Undone) -> Changes:
    """What an undone act had changed, and the rest as it is."""
    return {
        "state": State(p.state),
        "priority": Priority(p.priority),
        "assignee": p.assignee,
        "team": p.team,
        "tags": p.tags,
        "fields": p.fields,
        "pinned": p.pinned,
        "snoozed_until": p.snoozed_until,
        "waiting_since": p.waiting_since,
        "done_at": p.done_at,
    }


def _as_there(p: ev.TakenOver) -> Changes:
    """How it stands at the help desk that it was taken over from."""
    return {
        "state": State(p.state),
        "priority": Priority(p.priority),
        "assignee": p.assignee,
        "team": p.team,
        "tags": p.tags,
        "fields": p.fields,
        "waiting_since": p.waiting_since,
        "done_at": p.done_at,
    }


def _moved(now: Conversation, at: datetime, p: ev.StateSet) -> Changes:
    state = State(p.state)
    reopened = state is State.OPEN and now.state in (State.DONE, State.SPAM)
    over = state in (State.DONE, State.SPAM)
    return {
        "state": state,
        "snoozed_until": p.until if state is State.SNOOZED else None,
        "done_at": at if state is State.DONE else None,
        "waiting_since": None if over else now.waiting_since,
        "pinned": () if reopened else now.pinned,
    }


def _ticket(now: Conversation, payload: ev.Payload) -> Changes:
    match payload:
        case ev.PrioritySet(priority=priority):
            return {"priority": Priority(priority)}
        case ev.Assigned(agent=agent):
            return {"assignee": agent}
        case ev.TeamSet(team=team):
            return {"team": team}
        case ev.PolicySet(policy=policy):
            return {"policy": policy}
        case ev.ContactSet(contact=contact, organization=organization):
            return {"contact": contact, "organization": organization}
        case ev.ContactChanged(contact=contact, organization=organization) if contact == now.contact:
            return {"organization": organization}
        case ev.ContractSet(contract=contract, request=request):
            return {"contract": contract, "request": request}
        case ev.SubjectSet(subject=subject):
            return {"subject": subject}
        case ev.Tagged(added=added, removed=removed):
            kept = [t for t in now.tags if t not in removed]
            return {"tags": tuple(dict.fromkeys([*kept, *added]))}
        case ev.Chosen(name=name) if f"field.{name}" in now.pinned:
            return {}
        case ev.FieldSet(name=name, value=value) | ev.Chosen(name=name, value=value):
            fields = {**dict(now.fields), name: value}
            return {"fields": tuple((n, v) for n, v in sorted(fields.items()) if v is not None)}
        case _:
            return {}


_PINS = {"priority_set": "priority", "assigned": "assignee", "team_set": "team", "policy_set": "policy"}


def _pin(now: Conversation, payload: ev.Payload) -> Changes:
    name = f"field.{payload.name}" if isinstance(payload, ev.FieldSet) else _PINS.get(payload.kind)
    return {"pinned": tuple(sorted({*now.pinned, name}))} if name else {}
