"""Every table with its constraints and indexes: the guarantees of the house stand here, not in code."""

from inbox.store.tables.arriving import arrival, arrival_raw, blob, channel, fragment
from inbox.store.tables.columns import metadata
from inbox.store.tables.leaving import delivery, delivery_body, recipient
from inbox.store.tables.matters import (
    attachment,
    awaited,
    collecting,
    conversation,
    edit,
    event,
    message,
    message_key,
    participant,
    thread,
)
from inbox.store.tables.owed import ARMED, clock, decision, promise, revision
from inbox.store.tables.people import (
    absence,
    agent,
    contact,
    generation,
    identity,
    membership,
    organization,
    shift,
    team,
)
from inbox.store.tables.running import idempotency, lease, link, session, site

__all__ = [
    "ARMED",
    "absence",
    "agent",
    "arrival",
    "arrival_raw",
    "attachment",
    "awaited",
    "blob",
    "channel",
    "clock",
    "collecting",
    "contact",
    "conversation",
    "decision",
    "delivery",
    "delivery_body",
    "edit",
    "event",
    "fragment",
    "generation",
    "idempotency",
    "identity",
    "lease",
    "link",
    "membership",
    "message",
    "message_key",
    "metadata",
    "organization",
    "participant",
    "promise",
    "recipient",
    "revision",
    "session",
    "shift",
    "site",
    "team",
    "thread",
]
