"""What agents do beside the conversation itself: whom they follow, whose mail they do not take, what they know of people."""

import sqlalchemy as sa

from inbox.store.tables.columns import at, id_, metadata, text, to
from inbox.store.types import Id

watching = sa.Table(
    "watching",
    metadata,
    sa.Column("conversation_id", Id, sa.ForeignKey("conversation.id"), primary_key=True),
    sa.Column("agent_id", Id, sa.ForeignKey("agent.id"), primary_key=True),
    at("since"),
)
"""Agents who are told of what is written in a conversation, whoever answers it."""

blocked = sa.Table(
    "blocked",
    metadata,
    sa.Column("identity_id", Id, sa.ForeignKey("identity.id"), primary_key=True),
    to("agent_id", "agent", null=True),
    at("at"),
)
"""Addresses from which nothing is taken up."""

person_note = sa.Table(
    "person_note",
    metadata,
    id_(),
    to("contact_id", "contact", index=True),
    to("agent_id", "agent"),
    at("at"),
    text("text", None),
    at("gone_at", null=True),
)
"""What agents tell one another of a contact, in whatever conversation; `gone_at`: it does not hold any more."""
