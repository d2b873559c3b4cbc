"""How the house runs: leases, remembered answers, links, sessions, the audit log, what agents are told or have begun, macros that
were used."""

import sqlalchemy as sa

from inbox.store.tables.columns import at, id_, json, metadata, partial, text, to
from inbox.store.types import Id, Instant, Json

lease = sa.Table(
    "lease",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    text("holder"),
    sa.Column("epoch", sa.BigInteger, nullable=False),
    at("expires_at"),
)

idempotency = sa.Table(
    "idempotency",
    metadata,
    sa.Column("actor", sa.Text, primary_key=True),
    sa.Column("route", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    text("parameters"),
    text("answer"),
    at("at"),
)

pace = sa.Table(
    "pace",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("hits", sa.BigInteger, nullable=False),
    sa.Column("ends_at", Instant, nullable=False, index=True),
)
"""How often strangers asked within a window: in memory instead where there is one process."""

link = sa.Table(
    "link",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    text("purpose", None),
    to("agent_id", "agent", null=True),
    at("expires_at"),
    at("used_at", null=True),
)

session = sa.Table(
    "session",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    to("agent_id", "agent", null=True),
    at("created_at"),
    at("expires_at"),
    at("seen_at", null=True),
    text("browser"),
    text("address"),
    text("way"),
)
"""`way`: how it was proved who it is. `seen_at` is only brought up to date now and then."""

audit = sa.Table(
    "audit",
    metadata,
    id_(),
    at("at"),
    text("act", None),
    text("who", None),
    to("by_id", "agent", null=True),
    to("about_id", "agent", null=True),
    text("name"),
    sa.Column("detail", Json, nullable=False, server_default="[]"),
    text("via", None),
    text("address"),
)
"""Who came in, and who changed whom. Rows that are only added."""

macro_use = sa.Table(
    "macro_use",
    metadata,
    id_(),
    text("macro", None),
    to("agent_id", "agent"),
    to("conversation_id", "conversation"),
    at("at"),
    sa.Index("ix_macro_use_macro", "macro", "agent_id", "at"),
)
"""Each time that an agent used a macro. Rows that are only added: a count that is raised would make units wait for one another."""

draft = sa.Table(
    "draft",
    metadata,
    sa.Column("agent_id", Id, sa.ForeignKey("agent.id"), primary_key=True),
    sa.Column("conversation_id", Id, sa.ForeignKey("conversation.id"), primary_key=True),
    text("text"),
    text("how", "reply"),
    text("way"),
    json("cc"),
    text("next", "waiting"),
    at("at"),
    sa.Index("ix_draft_conversation_id", "conversation_id"),
)
"""What an agent has begun to write in a conversation and not sent. `how`: a reply or a note; `way`: the route it would take;
`next`: the state that it would leave the conversation in."""

site = sa.Table("site", metadata, sa.Column("name", sa.Text, primary_key=True), text("value", None))

notification = sa.Table(
    "notification",
    metadata,
    id_(),
    to("agent_id", "agent"),
    to("conversation_id", "conversation", index=True),
    to("decision_id", "decision", null=True),
    text("kind", None),
    text("rule"),
    at("at"),
    at("read_at", null=True),
    at("mail_at", null=True),
    at("bot_at", null=True),
    sa.UniqueConstraint("decision_id", "agent_id"),
    partial("ix_notification_bot", "bot_at", where="bot_at IS NOT NULL"),
    partial("ix_notification_mail", "mail_at", where="mail_at IS NOT NULL"),
    sa.Index("ix_notification_agent_id", "agent_id", "id"),
    partial("ix_notification_unread", "agent_id", "conversation_id", where="read_at IS NULL"),
)
"""What an agent is told of, wherever they read it. `kind`: what happened, as rules name events; `rule`: which one tells it. One
decision tells an agent once. `mail_at`: when it is due to be mailed, unless they read it before."""
