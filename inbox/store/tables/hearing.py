"""What is known of a message besides its words: the telephone call that it is, and how it sounds."""

import sqlalchemy as sa

from inbox.store.tables.columns import at, json, metadata, number, text, to
from inbox.store.types import Id

phone_call = sa.Table(
    "phone_call",
    metadata,
    sa.Column("message_id", Id, sa.ForeignKey("message.id"), primary_key=True),
    to("agent_id", "agent", null=True),
    text("way", None),
    text("outcome", None),
    text("number"),
    at("started_at", null=True),
    number("seconds", None, null=True),
)
"""A message that is a telephone call. `number`: of whoever is outside, empty where it was hidden; `way`: `in` or `out`; `agent_id`: who
spoke for us; `seconds`: of talk, or of the recording."""

message_tone = sa.Table(
    "message_tone",
    metadata,
    sa.Column("conversation_id", Id, sa.ForeignKey("conversation.id"), primary_key=True),
    sa.Column("tone", sa.Text, primary_key=True),
    to("message_id", "message"),
    json("words"),
    sa.Index("ix_message_tone_tone", "tone"),
    sa.Index("ix_message_tone_message_id", "message_id"),
)
"""How the customer's latest message in a conversation sounds, and the words that say so. Of the one before it nothing is kept here,
and nothing ever of a person."""
