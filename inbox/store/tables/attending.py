"""Who attends to what: agents who look at a conversation just now, and how each of them likes to work."""

import sqlalchemy as sa

from inbox.store.tables.columns import at, json, metadata, text, to
from inbox.store.types import Id

presence = sa.Table(
    "presence",
    metadata,
    sa.Column("tab", sa.Text, primary_key=True),
    to("agent_id", "agent"),
    to("conversation_id", "conversation"),
    text("state", None),
    at("at"),
    sa.Index("ix_presence_at", "at"),
)
"""What one open page shows, and when it last said so; rows that are no longer told of count for nothing."""

preference = sa.Table(
    "preference",
    metadata,
    sa.Column("agent_id", Id, sa.ForeignKey("agent.id"), primary_key=True),
    json("chosen"),
)
"""What an agent chose otherwise than everybody has it."""
