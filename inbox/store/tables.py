"""Every table, its constraints and its indexes. The guarantees of the house stand here, not in code.

Arrived once: `arrival UNIQUE(channel, key)`, `message UNIQUE(channel, fingerprint)`. Told once: `event UNIQUE
(conversation, version)`, `delivery UNIQUE(message, part)` and `UNIQUE(cause, recipient)`, `clock UNIQUE(conversation,
metric, cycle)`. Done once: `idempotency UNIQUE(actor, route, key)`. Held by one: `lease(name)` with its epoch.
"""

import sqlalchemy as sa

from inbox.store.types import Id, Instant, Json

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)


def _id() -> sa.Column[int]:
    return sa.Column("id", Id, sa.Identity(), primary_key=True)


def _to(name: str, target: str, *, null: bool = False, index: bool = False) -> sa.Column[int]:
    return sa.Column(name, Id, sa.ForeignKey(f"{target}.id"), nullable=null, index=index)


def _text(name: str, default: str | None = "", *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null, server_default=None if null or default is None else default)


def _at(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, Instant, nullable=null)


def _number(name: str, default: int | None = 0, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=null, server_default=None if default is None else str(default))


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, Json, nullable=False)


# -- what arrives ------------------------------------------------------------------------------------------------------
channel = sa.Table(
    "channel",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    _text("kind"),
    _text("cursor", None, null=True),
    _text("state", "starting"),
    _at("state_at", null=True),
    _text("problem", None, null=True),
    _at("last_success_at", null=True),
    _number("first_sync_due"),
    _flag("first_sync_released"),
)

arrival = sa.Table(
    "arrival",
    metadata,
    _id(),
    sa.Column("channel", sa.Text, sa.ForeignKey("channel.name"), nullable=False),
    _text("key", None),
    _at("received_at"),
    _number("size"),
    sa.Column("blob", sa.Text, sa.ForeignKey("blob.digest"), nullable=True),
    _flag("history"),
    _flag("first_sync"),
    _number("tries"),
    _text("verdict", None, null=True),
    _text("reason"),
    _at("judged_at", null=True),
    sa.UniqueConstraint("channel", "key"),
    sa.Index(
        "ix_arrival_pending", "id", sqlite_where=sa.text("verdict IS NULL"), postgresql_where=sa.text("verdict IS NULL")
    ),
    sa.Index(
        "ix_arrival_apart",
        "verdict",
        "id",
        sqlite_where=sa.text("verdict IN ('quarantined','held')"),
        postgresql_where=sa.text("verdict IN ('quarantined','held')"),
    ),
)

arrival_raw = sa.Table(
    "arrival_raw",
    metadata,
    sa.Column("arrival_id", Id, sa.ForeignKey("arrival.id"), primary_key=True),
    sa.Column("raw", sa.LargeBinary, nullable=False),
)
"""Small raw bytes, apart from their arrival: a verdict must not write them a second time."""

blob = sa.Table(
    "blob",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    _at("stored_at"),
)

# -- people ------------------------------------------------------------------------------------------------------------
organization = sa.Table("organization", metadata, _id(), _text("name", None), sa.UniqueConstraint("name"))

contact = sa.Table(
    "contact",
    metadata,
    _id(),
    _text("name"),
    _text("language", None, null=True),
    _to("organization_id", "organization", null=True, index=True),
    sa.Column("tags", Json, nullable=False, server_default="[]"),
    _at("created_at"),
)

identity = sa.Table(
    "identity",
    metadata,
    _id(),
    _to("contact_id", "contact", index=True),
    _text("kind", None),
    _text("address", None),
    _text("name"),
    _at("created_at"),
    _at("verified_at", null=True),
    _text("unreachable"),
    sa.UniqueConstraint("kind", "address"),
)

agent = sa.Table(
    "agent",
    metadata,
    _id(),
    _text("handle", None),
    _text("name"),
    _text("address"),
    _text("language", "en"),
    sa.Column("languages", Json, nullable=False, server_default="[]"),
    sa.Column("skills", Json, nullable=False, server_default="[]"),
    _number("capacity", None, null=True),
    _flag("lead"),
    _flag("disabled"),
    sa.UniqueConstraint("handle"),
)

team = sa.Table("team", metadata, _id(), _text("name", None), _text("title"), sa.UniqueConstraint("name"))

membership = sa.Table(
    "membership",
    metadata,
    sa.Column("team_id", Id, sa.ForeignKey("team.id"), primary_key=True),
    sa.Column("agent_id", Id, sa.ForeignKey("agent.id"), primary_key=True),
)

shift = sa.Table(
    "shift",
    metadata,
    _id(),
    _to("agent_id", "agent"),
    _number("weekday", None),
    _text("start", None),
    _text("end", None),
    _text("zone", None),
    sa.UniqueConstraint("agent_id", "weekday", "start"),
)

absence = sa.Table(
    "absence", metadata, _id(), _to("agent_id", "agent", index=True), _at("start"), _at("end"), _text("reason")
)

generation = sa.Table(
    "generation",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
)

# -- conversations -----------------------------------------------------------------------------------------------------
conversation = sa.Table(
    "conversation",
    metadata,
    _id(),
    _number("version"),
    _text("reference", None),
    sa.Column("channel", sa.Text, sa.ForeignKey("channel.name"), nullable=False),
    _to("contact_id", "contact", index=True),
    _to("organization_id", "organization", null=True, index=True),
    _text("subject"),
    _text("excerpt"),
    _text("language", None, null=True),
    _text("state", "open"),
    _text("priority", "normal"),
    _to("assignee_id", "agent", null=True),
    _to("team_id", "team", null=True, index=True),
    _text("policy"),
    _json("tags"),
    _json("fields"),
    _json("pinned"),
    sa.Column("follows_id", Id, nullable=True),
    sa.Column("merged_into_id", Id, nullable=True),
    _at("opened_at", null=True),
    _at("changed_at", null=True),
    _at("waiting_since", null=True),
    sa.Column("answered_by_id", Id, nullable=True),
    _at("answered_from", null=True),
    _at("snoozed_until", null=True),
    _at("done_at", null=True),
    _flag("acknowledged"),
    _number("messages"),
    _flag("history"),
    _at("due_at", null=True),
    sa.UniqueConstraint("reference"),
    sa.Index("ix_conversation_list", "state", "due_at", "waiting_since", "id", "merged_into_id"),
    sa.Index("ix_conversation_mine", "assignee_id", "state", "due_at", "waiting_since"),
    sa.Index(
        "ix_conversation_queue",
        "waiting_since",
        sqlite_where=sa.text("waiting_since IS NOT NULL"),
        postgresql_where=sa.text("waiting_since IS NOT NULL"),
    ),
)

thread = sa.Table(
    "thread",
    metadata,
    _id(),
    sa.Column("channel", sa.Text, sa.ForeignKey("channel.name"), nullable=False),
    _text("key", None),
    _to("conversation_id", "conversation", index=True),
    sa.UniqueConstraint("channel", "key"),
)

participant = sa.Table(
    "participant",
    metadata,
    sa.Column("conversation_id", Id, sa.ForeignKey("conversation.id"), primary_key=True),
    sa.Column("identity_id", Id, sa.ForeignKey("identity.id"), primary_key=True),
    _at("since"),
)

message = sa.Table(
    "message",
    metadata,
    _id(),
    _to("conversation_id", "conversation", index=True),
    _text("direction", None),
    _at("at"),
    sa.Column("channel", sa.Text, sa.ForeignKey("channel.name"), nullable=True),
    _to("thread_id", "thread", null=True),
    _to("contact_id", "contact", null=True),
    _to("agent_id", "agent", null=True),
    _text("purpose"),
    _text("automatic", None, null=True),
    _text("key"),
    _text("fingerprint", None, null=True),
    _text("subject"),
    _text("text"),
    _text("reply_text"),
    _text("html", None, null=True),
    _text("language", None, null=True),
    _json("sender"),
    _json("to"),
    _json("cc"),
    _json("reply_to"),
    _at("sent_at", null=True),
    _to("arrival_id", "arrival", null=True),
    _json("defects"),
    sa.UniqueConstraint("channel", "fingerprint"),
)

message_key = sa.Table(
    "message_key",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("message_id", Id, sa.ForeignKey("message.id"), primary_key=True),
    sa.Column("conversation_id", Id, sa.ForeignKey("conversation.id"), nullable=False),
    _flag("ours"),
    sqlite_with_rowid=False,
)

awaited = sa.Table(
    "awaited",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("message_id", Id, sa.ForeignKey("message.id"), primary_key=True),
    sa.Column("conversation_id", Id, sa.ForeignKey("conversation.id"), nullable=False),
    sqlite_with_rowid=False,
)

attachment = sa.Table(
    "attachment",
    metadata,
    _id(),
    _to("message_id", "message", index=True),
    _text("filename"),
    _text("content_type"),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("start", sa.BigInteger, nullable=False),
    sa.Column("length", sa.BigInteger, nullable=False),
    _text("encoding"),
    _text("content_id"),
    _flag("inline"),
    _text("state", "here"),
    _text("remote"),
)

event = sa.Table(
    "event",
    metadata,
    _id(),
    _to("conversation_id", "conversation"),
    _number("version", None),
    _at("at"),
    _text("actor_kind", None),
    sa.Column("actor_id", Id, nullable=True),
    _text("actor_name"),
    _text("via"),
    _text("kind", None),
    _json("payload"),
    sa.Column("transaction", sa.BigInteger, nullable=True),
    sa.UniqueConstraint("conversation_id", "version"),
)
"""`transaction` is filled by PostgreSQL alone: the change feed reads only below the oldest that still runs."""


def _count_transactions(_table: sa.Table, connection: sa.Connection, **_: object) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            "ALTER TABLE event ALTER COLUMN transaction SET DEFAULT (pg_current_xact_id()::text::bigint)"
        )


sa.event.listen(event, "after_create", _count_transactions)

# -- what was decided and promised -------------------------------------------------------------------------------------
revision = sa.Table(
    "revision",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    _at("live_at"),
    _json("files"),
)

decision = sa.Table(
    "decision",
    metadata,
    _id(),
    _to("conversation_id", "conversation", index=True),
    _to("message_id", "message", null=True),
    _at("at"),
    _text("revision"),
    _text("body"),
)

ARMED = "stopped_at IS NULL AND breached_at IS NULL AND NOT paused AND due_at IS NOT NULL"
"""A clock that runs towards a due instant of which nobody was told yet."""
clock = sa.Table(
    "clock",
    metadata,
    _id(),
    _to("conversation_id", "conversation"),
    _text("metric", None),
    _number("cycle", None),
    _at("started_at"),
    _text("target"),
    _text("hours"),
    _at("due_at", null=True),
    _json("pauses"),
    _flag("paused"),
    _at("stopped_at", null=True),
    _text("ended"),
    _text("reply"),
    _flag("provisional"),
    _at("breached_at", null=True),
    sa.Column("worked_seconds", sa.Float, nullable=True),
    sa.UniqueConstraint("conversation_id", "metric", "cycle"),
    sa.Index("ix_clock_armed", "due_at", sqlite_where=sa.text(ARMED), postgresql_where=sa.text(ARMED)),
    sa.Index("ix_clock_history", "metric", "stopped_at"),
    sa.Index(
        "ix_clock_running",
        "metric",
        "started_at",
        sqlite_where=sa.text("stopped_at IS NULL"),
        postgresql_where=sa.text("stopped_at IS NULL"),
    ),
)

promise = sa.Table(
    "promise",
    metadata,
    _id(),
    _to("conversation_id", "conversation", index=True),
    _to("message_id", "message"),
    _text("kind", None),
    _at("told_at"),
    _at("due_at"),
    _text("text"),
    _text("basis"),
    sa.Column("percentile", sa.Float, nullable=True),
    _number("sample_size"),
    _text("inputs"),
    _text("state", "open"),
    sa.Column("replaces_id", Id, nullable=True),
    _at("judged_at", null=True),
    sa.Column("judged_by", Id, nullable=True),
    sa.Index(
        "ix_promise_open", "due_at", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")
    ),
)

# -- what leaves -------------------------------------------------------------------------------------------------------
delivery = sa.Table(
    "delivery",
    metadata,
    _id(),
    _to("message_id", "message"),
    _to("conversation_id", "conversation", index=True),
    sa.Column("channel", sa.Text, sa.ForeignKey("channel.name"), nullable=False),
    _text("purpose", None),
    _number("rank", None),
    _number("part", None),
    _text("lane", None),
    _text("cause", None),
    _text("key"),
    _text("sender"),
    _json("recipients"),
    _text("digest"),
    _text("state", "queued"),
    _at("not_before"),
    _at("created_at"),
    _number("attempts"),
    _number("epoch"),
    _text("owner"),
    _text("stage"),
    _at("stage_at", null=True),
    _flag("repeated"),
    _text("error"),
    _text("receipt"),
    _at("settled_at", null=True),
    sa.UniqueConstraint("message_id", "part"),
    sa.UniqueConstraint("cause", "lane", "part"),
    sa.Index(
        "ix_delivery_next",
        "channel",
        "rank",
        "id",
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    ),
    sa.Index(
        "ix_delivery_lane",
        "lane",
        "id",
        sqlite_where=sa.text("state IN ('queued','sending','unknown')"),
        postgresql_where=sa.text("state IN ('queued','sending','unknown')"),
    ),
    sa.Index(
        "ix_delivery_busy",
        "state",
        sqlite_where=sa.text("state IN ('sending','unknown','parked','failed')"),
        postgresql_where=sa.text("state IN ('sending','unknown','parked','failed')"),
    ),
    sa.Index(
        "ix_delivery_budget",
        "lane",
        "created_at",
        sqlite_where=sa.text("rank > 0"),
        postgresql_where=sa.text("rank > 0"),
    ),
    sa.Index(
        "ix_delivery_breaker", "not_before", sqlite_where=sa.text("rank > 0"), postgresql_where=sa.text("rank > 0")
    ),
)

delivery_body = sa.Table(
    "delivery_body",
    metadata,
    sa.Column("message_id", Id, sa.ForeignKey("message.id"), primary_key=True),
    sa.Column("part", sa.Integer, primary_key=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
)
"""The frozen bytes, apart from their delivery, whose state changes several times while they never do."""

recipient = sa.Table(
    "recipient",
    metadata,
    sa.Column("delivery_id", Id, sa.ForeignKey("delivery.id"), primary_key=True),
    sa.Column("address", sa.Text, primary_key=True),
    _text("state", None),
    _text("code"),
    _text("text"),
)

# -- how the house runs ------------------------------------------------------------------------------------------------
lease = sa.Table(
    "lease",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    _text("holder"),
    sa.Column("epoch", sa.BigInteger, nullable=False),
    _at("expires_at"),
)

idempotency = sa.Table(
    "idempotency",
    metadata,
    sa.Column("actor", sa.Text, primary_key=True),
    sa.Column("route", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    _text("parameters"),
    _text("answer"),
    _at("at"),
)

link = sa.Table(
    "link",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    _text("purpose", None),
    _to("agent_id", "agent", null=True),
    _at("expires_at"),
    _at("used_at", null=True),
)

session = sa.Table(
    "session",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    _to("agent_id", "agent", null=True),
    _at("created_at"),
    _at("expires_at"),
)

site = sa.Table("site", metadata, sa.Column("name", sa.Text, primary_key=True), _text("value", None))
