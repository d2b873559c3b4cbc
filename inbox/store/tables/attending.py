"""Who attends to what: agents who look at a conversation just now, and how each of them likes to work."""

import sqlalchemy as sa

from inbox.store.tables.columns import at, id_, json, metadata, partial, text, to
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

digest = sa.Table(
    "digest",
    metadata,
    sa.Column("agent_id", Id, sa.ForeignKey("agent.id"), primary_key=True),
    text("told"),
    at("due_at", null=True),
    partial("ix_digest_due_at", "due_at", where="due_at IS NOT NULL"),
)
"""Who gets a letter a day: when it is looked at next, and the last local day (ISO) that had its letter, or nothing to tell."""

report_letter = sa.Table(
    "report_letter",
    metadata,
    id_(),
    to("agent_id", "agent", index=True),
    text("report", None),
    text("team"),
    text("channel"),
    text("tag"),
    text("organization"),
    text("hours", None),
    text("every", None),
    text("at", None),
    at("due_at"),
    text("told"),
    text("why"),
    to("delivery_id", "delivery", null=True),
    at("created_at"),
    sa.Index("ix_report_letter_due_at", "due_at"),
)
"""Reports that agents have by mail: when each is due next, the first day (ISO) of the last period that had its letter, why the
last one was not sent, and its delivery, which is of no conversation."""
