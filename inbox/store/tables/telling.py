"""What we tell many who did not ask: broadcasts, each contact of one once, and who wants none of that."""

import sqlalchemy as sa

from inbox.store.tables.columns import at, id_, json, metadata, number, partial, text, to
from inbox.store.types import Id

declined = sa.Table(
    "declined",
    metadata,
    sa.Column("contact_id", Id, sa.ForeignKey("contact.id"), primary_key=True),
    at("at"),
    text("how", None),
    to("agent_id", "agent", null=True),
)
"""Contacts who want nothing told that they did not ask about."""

broadcast = sa.Table(
    "broadcast",
    metadata,
    id_(),
    text("name", None),
    text("state", None),
    to("agent_id", "agent", null=True),
    at("made_at"),
    at("started_at", null=True),
    at("ended_at", null=True),
    at("next_at", null=True),
    text("channel"),
    json("audience"),
    json("texts"),
    number("per_minute", None),
    partial("ix_broadcast_next_at", "next_at", where="next_at IS NOT NULL"),
)
"""One text in its languages for many contacts. `agent_id`: who made it; `audience`: whom it was chosen for; `next_at`: when the next
ones are told, null: nobody is, as long as nobody starts it or lets it go on."""

broadcast_to = sa.Table(
    "broadcast_to",
    metadata,
    id_(),
    to("broadcast_id", "broadcast"),
    to("contact_id", "contact", index=True),
    text("state", None),
    text("why"),
    text("address"),
    to("conversation_id", "conversation", null=True, index=True),
    to("message_id", "message", null=True),
    at("at", null=True),
    sa.UniqueConstraint("broadcast_id", "contact_id"),
    sa.Index("ix_broadcast_to_state", "broadcast_id", "state", "id"),
)
"""One contact of a broadcast, once: whatever ends in between, nobody is told twice. `why`: a catalogue key, they were left out."""
