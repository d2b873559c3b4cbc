"""Desks: where agents see conversations on a channel, the cards and posts that stand there, and who an agent is on a network."""

import sqlalchemy as sa

from inbox.store.tables.columns import at, flag, id_, json, metadata, number, partial, text, to
from inbox.store.types import Id

desk = sa.Table(
    "desk",
    metadata,
    id_(),
    text("name", None),
    text("owner"),
    to("agent_id", "agent", null=True),
    text("channel", None),
    text("chat"),
    sa.Column("seen", sa.BigInteger, nullable=False, server_default="0"),
    sa.UniqueConstraint("name", "owner"),
)
"""A `[desk.<name>]`; where that is one private chat for each agent, a row for each of them as well (`owner`: their handle).
`seen`: the last event that was looked at for its cards."""

card = sa.Table(
    "card",
    metadata,
    id_(),
    to("desk_id", "desk"),
    to("conversation_id", "conversation", index=True),
    text("thread"),
    text("head"),
    flag("pinned"),
    text("title"),
    text("look"),
    number("wanted"),
    number("shown"),
    at("due_at", null=True),
    number("attempts"),
    number("epoch"),
    number("doubtful"),
    text("stage"),
    text("error"),
    sa.UniqueConstraint("desk_id", "conversation_id"),
    partial("ix_card_due", "desk_id", "due_at", where="due_at IS NOT NULL"),
    sa.Index("ix_card_thread", "thread"),
)
"""`due_at`: when it is worked on next; NULL while it shows what it should. `stage`: how far the call in hand has come."""

post = sa.Table(
    "post",
    metadata,
    id_(),
    to("desk_id", "desk"),
    to("card_id", "card", null=True),
    to("message_id", "message", null=True, index=True),
    text("kind", None),
    text("state", "queued"),
    number("version"),
    text("thread"),
    text("about"),
    text("shown"),
    text("key"),
    json("facts"),
    json("buttons"),
    text("held"),
    at("due_at", null=True),
    number("attempts"),
    number("epoch"),
    text("stage"),
    text("error"),
    at("at"),
    at("settled_at", null=True),
    sa.UniqueConstraint("card_id", "message_id"),
    partial("ix_post_held", "desk_id", "held", where="key = 'desk.stranger'"),
    partial("ix_post_due", "desk_id", "due_at", where="due_at IS NOT NULL"),
)
"""What is shown at a desk, in order. One message is one post of a card, whatever runs again."""

card_key = sa.Table(
    "card_key",
    metadata,
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    to("desk_id", "desk"),
    to("card_id", "card", null=True, index=True),
    to("post_id", "post", null=True),
    to("message_id", "message", null=True, index=True),
)
"""The network's name of each thing that is shown, and what it is: an answer to it is an answer to that."""

agent_address = sa.Table(
    "agent_address",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("address", sa.Text, primary_key=True),
    to("agent_id", "agent"),
    text("name"),
    at("linked_at"),
    sa.UniqueConstraint("agent_id", "kind"),
)
"""Who an agent is on a kind of network: its own id of them. One person there is one agent, and one agent one person."""

agent_code = sa.Table(
    "agent_code",
    metadata,
    sa.Column("agent_id", Id, sa.ForeignKey("agent.id"), primary_key=True),
    text("digest", None),
    at("expires_at"),
    sa.UniqueConstraint("digest"),
)
"""The code that an agent is to type where they want to be known: its digest, once, for a while."""
