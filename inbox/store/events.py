"""The event log: append, and read back as the typed facts they were."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from pydantic import ConfigDict, TypeAdapter

from inbox.domain.conversations import Conversation, apply
from inbox.domain.events import Actor, Event, Payload
from inbox.domain.ids import ConversationId, EventId
from inbox.ports.wake import AGENTS
from inbox.store.prepared import Prepared
from inbox.store.tables import event
from inbox.store.unit import Unit

PAYLOADS: TypeAdapter[Payload] = TypeAdapter(Payload, config=ConfigDict(defer_build=True))


def append(unit: Unit, events: Sequence[Event]) -> None:
    """Store them. A version that is taken raises: someone else spoke first, and the unit is run again. Wakes AGENTS."""
    unit.add(event, *(_row(e) for e in events))
    unit.wake(AGENTS)


def _row(e: Event) -> dict[str, Any]:
    return {
        "conversation_id": e.conversation,
        "version": e.version,
        "at": e.at,
        "actor_kind": e.actor.kind,
        "actor_id": e.actor.id,
        "actor_name": e.actor.name,
        "via": e.via,
        "kind": e.payload.kind,
        "payload": told(e),
    }


_C = event.c
_FIELDS = tuple(
    _C[n]
    for n in (
        "id",
        "conversation_id",
        "version",
        "at",
        "actor_kind",
        "actor_id",
        "actor_name",
        "via",
        "kind",
        "payload",
    )
)


def _event(row: Sequence[Any]) -> Event:
    id, conversation, version, at, kind, actor, name, via, payload_kind, payload = row
    return Event(
        ConversationId(conversation),
        version,
        at,
        Actor(kind, actor, name),
        via,
        PAYLOADS.validate_python({"kind": payload_kind, **payload}),
        EventId(id),
    )


_OF = Prepared(
    sa.select(*_FIELDS)
    .where(_C.conversation_id == sa.bindparam("matter"), _C.version > sa.bindparam("after"))
    .order_by(_C.version)
)


def of(unit: Unit, conversation: ConversationId, after: int = 0) -> list[Event]:
    """The events of one conversation behind a version, in order."""
    return [_event(row) for row in unit.run(_OF, matter=conversation, after=after)]


def page(unit: Unit, conversation: ConversationId, after: int, most: int) -> list[Event]:
    """The same, so many at most."""
    query = sa.select(*_FIELDS).where(_C.conversation_id == conversation, _C.version > after)
    return [_event(row) for row in unit.execute(query.order_by(_C.version).limit(most))]


def among(
    unit: Unit, conversations: Sequence[int], kinds: Sequence[str], most: int, before: int | None = None
) -> list[Event]:
    """Events of these kinds in several conversations, the newest first; `before`: those with smaller ids alone."""
    query = sa.select(*_FIELDS).where(_C.conversation_id.in_(list(conversations)), _C.kind.in_(list(kinds)))
    if before is not None:
        query = query.where(_C.id < before)
    return [_event(row) for row in unit.execute(query.order_by(_C.id.desc()).limit(most))]


def told(event: Event) -> dict[str, Any]:
    """The facts of an event as JSON, its kind apart, as they are stored."""
    payload = PAYLOADS.dump_python(event.payload, mode="json", exclude_defaults=True)
    payload.pop("kind")
    return dict(payload)


def since(unit: Unit, after: EventId, most: int = 500) -> list[Event]:
    """The change feed: events of all conversations behind an id, in the order of ids.

    On PostgreSQL ids are drawn before their transaction commits, so a smaller one may appear later: only what lies
    below the oldest running transaction is read, and nobody who follows the feed can miss an event.
    """
    query = sa.select(*_FIELDS).where(_C.id > after).order_by(_C.id).limit(most)
    if unit.connection.dialect.name == "postgresql":
        query = query.where(_C.transaction < sa.text("pg_snapshot_xmin(pg_current_snapshot())::text::bigint"))
    return [_event(row) for row in unit.execute(query)]


def projected(unit: Unit, conversation: ConversationId) -> Conversation:
    """The conversation computed from its events alone."""
    result = Conversation(conversation)
    for e in of(unit, conversation):
        result = apply(result, e)
    return result
