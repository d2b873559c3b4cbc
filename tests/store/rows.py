"""A few rows that most tests of the store begin with."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from inbox.domain.conversations import Conversation, apply
from inbox.domain.events import HOUSE, Event, Opened
from inbox.domain.happenings import Address
from inbox.domain.ids import (
    ArrivalId,
    ChannelName,
    ContactId,
    ConversationId,
    DeliveryId,
    MessageId,
    NetworkKey,
    PromiseId,
)
from inbox.domain.messages import Direction
from inbox.domain.outgoing import FrozenPart, Purpose
from inbox.domain.people import Contact, Identity
from inbox.domain.promises import Promise, PromiseKind
from inbox.store import arrivals, channels, conversations, deliveries, events, messages, people, promises
from inbox.store.arrivals import Waiting
from inbox.store.messages import Said
from inbox.store.store import Store
from inbox.store.unit import Unit

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
MAIL, CHAT = ChannelName("mail"), ChannelName("chat")


def later(**units: float) -> datetime:
    """An instant after NOW."""
    return NOW + timedelta(**units)


def contact(unit: Unit, address: str = "ali@example.org") -> ContactId:
    """The contact of an address, and the channel that they write to."""
    channels.ensure(unit, MAIL, "email")
    return meet(unit, address)[0].id


def meet(unit: Unit, address: str, name: str = "", language: str | None = None) -> tuple[Contact, Identity]:
    """Whoever writes from this address, known or not."""
    return people.meet(unit, "email", Address(address, name), people.known(unit, "email", address), language, NOW)


def conversation(unit: Unit, reference: str = "K7Q2", channel: ChannelName = MAIL) -> ConversationId:
    """A conversation that was just opened."""
    who = contact(unit)
    id = conversations.draft(unit, reference, channel, who)
    assert id is not None
    opened = Event(
        id, 1, NOW, HOUSE, "mail", Opened("opened", reference, channel, who, None, "کاغذ", "fa", follows=None)
    )
    events.append(unit, [opened])
    conversations.save(unit, apply(Conversation(id), opened), None, None)
    return id


def said(unit: Unit, /, matter: ConversationId, text: str = "Hello", **more: object) -> MessageId:
    """Something that we said in it."""
    values: dict[str, object] = {"direction": Direction.OUTBOUND, "text": text, "channel": MAIL, **more}
    return messages.add_ours(unit, matter, Said(**values), NOW)  # type: ignore[arg-type]  # one table for all


def promised(unit: Unit, /, matter: ConversationId, **more: object) -> Promise:
    """An answer that was promised in it for four hours after NOW."""
    values: dict[str, object] = {"due_at": later(hours=4), "basis": "policy", "percentile": 0.85, **more}
    told = Promise(
        id=PromiseId(0),
        conversation=matter,
        message=said(unit, matter),
        kind=PromiseKind.ANSWER,
        told_at=NOW,
        due_at=NOW,
        text="16:30",
        basis="",
        percentile=None,
        sample_size=30,
        inputs="{}",
    )
    return promises.add(unit, replace(told, **values))  # type: ignore[arg-type]  # one table for all


def waiting(unit: Unit, after: int = 0, most: int = 1000, braked: Sequence[ChannelName] = ()) -> list[Waiting]:
    """Arrivals without a verdict, of two channels that are configured."""
    return arrivals.pending(unit, ArrivalId(after), most, (MAIL, CHAT), braked)


def part(number: int = 0, lane: str = "ali@example.org", key: str = "", body: bytes = b"Hello") -> FrozenPart:
    """A frozen part."""
    return FrozenPart(number, NetworkKey(key), lane, "support@example.org", (lane,), body)


def queued(
    store: Store,
    reference: str = "K7Q2",
    *,
    purpose: Purpose = Purpose.REPLY,
    parts: Sequence[FrozenPart] = (),
    at: datetime = NOW,
    not_before: datetime | None = None,
) -> list[DeliveryId]:
    """A message in a conversation (a new one where there is none of that reference) whose parts are queued."""

    def work(unit: Unit) -> list[DeliveryId]:
        matter = conversations.by_reference(unit, reference) or conversation(unit, reference)
        message = said(unit, matter, purpose=purpose.value)
        frozen = list(parts) or [part()]
        digests = ["-"] * len(frozen)
        cause = f"{purpose.value} {message}"
        deliveries.queue(unit, message, matter, MAIL, purpose, frozen, digests, cause, at, not_before=not_before)
        return [d.id for d in deliveries.of_messages(unit, [message])]

    return store.write_now(work)
