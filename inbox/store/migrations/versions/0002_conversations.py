"""Conversations, and everything that is about one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """In one transaction."""
    op.create_table(
        "conversation",
        sa.Column("id", ID, sa.Identity(always=False), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=True),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("excerpt", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("priority", sa.Text(), server_default="normal", nullable=False),
        sa.Column("assignee_id", ID, nullable=True),
        sa.Column("team_id", ID, nullable=True),
        sa.Column("policy", sa.Text(), server_default="", nullable=False),
        sa.Column("tags", JSON, nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("pinned", JSON, nullable=False),
        sa.Column("follows_id", ID, nullable=True),
        sa.Column("merged_into_id", ID, nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=True),
        sa.Column("waiting_since", sa.BigInteger(), nullable=True),
        sa.Column("answered_by_id", ID, nullable=True),
        sa.Column("answered_from", sa.BigInteger(), nullable=True),
        sa.Column("snoozed_until", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("messages", sa.Integer(), server_default="0", nullable=False),
        sa.Column("history", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["assignee_id"], ["agent.id"], name="fk_conversation_assignee_id"),
        sa.ForeignKeyConstraint(["channel"], ["channel.name"], name="fk_conversation_channel"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_conversation_contact_id"),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name="fk_conversation_organization_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_conversation_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_conversation"),
        sa.UniqueConstraint("reference", name="uq_conversation_reference"),
    )
    op.create_index("ix_conversation_contact_id", "conversation", ["contact_id"], unique=False)
    op.create_index(
        "ix_conversation_list",
        "conversation",
        ["state", "due_at", "waiting_since", "id", "merged_into_id"],
        unique=False,
    )
    op.create_index(
        "ix_conversation_mine", "conversation", ["assignee_id", "state", "due_at", "waiting_since"], unique=False
    )
    op.create_index("ix_conversation_organization_id", "conversation", ["organization_id"], unique=False)
    partial("ix_conversation_queue", "conversation", ["waiting_since"], "waiting_since IS NOT NULL")
    op.create_index("ix_conversation_team_id", "conversation", ["team_id"], unique=False)
    op.create_table(
        "clock",
        sa.Column("id", ID, sa.Identity(always=False), nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("target", sa.Text(), server_default="", nullable=False),
        sa.Column("hours", sa.Text(), server_default="", nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("pauses", JSON, nullable=False),
        sa.Column("paused", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stopped_at", sa.BigInteger(), nullable=True),
        sa.Column("ended", sa.Text(), server_default="", nullable=False),
        sa.Column("reply", sa.Text(), server_default="", nullable=False),
        sa.Column("provisional", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("breached_at", sa.BigInteger(), nullable=True),
        sa.Column("worked_seconds", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_clock_conversation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_clock"),
        sa.UniqueConstraint("conversation_id", "metric", "cycle", name="uq_clock_conversation_id_metric_cycle"),
    )
    partial(
        "ix_clock_armed",
        "clock",
        ["due_at"],
        "stopped_at IS NULL AND breached_at IS NULL AND NOT paused AND due_at IS NOT NULL",
    )
    op.create_index("ix_clock_history", "clock", ["metric", "stopped_at"], unique=False)
    partial("ix_clock_running", "clock", ["metric", "started_at"], "stopped_at IS NULL")
    op.create_table(
        "event",
        sa.Column("id", ID, sa.Identity(always=False), nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("actor_name", sa.Text(), server_default="", nullable=False),
        sa.Column("via", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("transaction", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_event_conversation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
        sa.UniqueConstraint("conversation_id", "version", name="uq_event_conversation_id_version"),
    )
    op.create_table(
        "participant",
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("identity_id", ID, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_participant_conversation_id"),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"], name="fk_participant_identity_id"),
        sa.PrimaryKeyConstraint("conversation_id", "identity_id", name="pk_participant"),
    )
    op.create_table(
        "thread",
        sa.Column("id", ID, sa.Identity(always=False), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["channel"], ["channel.name"], name="fk_thread_channel"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_thread_conversation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_thread"),
        sa.UniqueConstraint("channel", "key", name="uq_thread_channel_key"),
    )
    op.create_index("ix_thread_conversation_id", "thread", ["conversation_id"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", ID, sa.Identity(always=False), nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("thread_id", ID, nullable=True),
        sa.Column("contact_id", ID, nullable=True),
        sa.Column("agent_id", ID, nullable=True),
        sa.Column("purpose", sa.Text(), server_default="", nullable=False),
        sa.Column("automatic", sa.Text(), nullable=True),
        sa.Column("key", sa.Text(), server_default="", nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("reply_text", sa.Text(), server_default="", nullable=False),
        sa.Column("html", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("sender", JSON, nullable=False),
        sa.Column("to", JSON, nullable=False),
        sa.Column("cc", JSON, nullable=False),
        sa.Column("reply_to", JSON, nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("arrival_id", ID, nullable=True),
        sa.Column("defects", JSON, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_message_agent_id"),
        sa.ForeignKeyConstraint(["arrival_id"], ["arrival.id"], name="fk_message_arrival_id"),
        sa.ForeignKeyConstraint(["channel"], ["channel.name"], name="fk_message_channel"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_message_contact_id"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_message_conversation_id"),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name="fk_message_thread_id"),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("channel", "fingerprint", name="uq_message_channel_fingerprint"),
    )
    op.create_index("ix_message_conversation_id", "message", ["conversation_id"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("id", ID, sa.Identity(always=False), nullable=False),
        sa.Column("message_id", ID, nullable=False),
        sa.Column("filename", sa.Text(), server_default="", nullable=False),
        sa.Column("content_type", sa.Text(), server_default="", nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("encoding", sa.Text(), server_default="", nullable=False),
        sa.Column("content_id", sa.Text(), server_default="", nullable=False),
        sa.Column("inline", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("state", sa.Text(), server_default="here", nullable=False),
        sa.Column("remote", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_attachment_message_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
    )
    op.create_index("ix_attachment_message_id", "attachment", ["message_id"], unique=False)
    op.create_table(
        "awaited",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("message_id", ID, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_awaited_conversation_id"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_awaited_message_id"),
        sa.PrimaryKeyConstraint("kind", "key", "message_id", name="pk_awaited"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "decision",
        sa.Column("id", ID, sa.Identity(always=False), nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("message_id", ID, nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Text(), server_default="", nullable=False),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_decision_conversation_id"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_decision_message_id"),
        sa.PrimaryKeyConstraint("id", name="pk_decision"),
    )
    op.create_index("ix_decision_conversation_id", "decision", ["conversation_id"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("id", ID, sa.Identity(always=False), nullable=False),
        sa.Column("message_id", ID, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), server_default="", nullable=False),
        sa.Column("sender", sa.Text(), server_default="", nullable=False),
        sa.Column("recipients", JSON, nullable=False),
        sa.Column("digest", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("epoch", sa.Integer(), server_default="0", nullable=False),
        sa.Column("owner", sa.Text(), server_default="", nullable=False),
        sa.Column("stage", sa.Text(), server_default="", nullable=False),
        sa.Column("stage_at", sa.BigInteger(), nullable=True),
        sa.Column("repeated", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("receipt", sa.Text(), server_default="", nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["channel"], ["channel.name"], name="fk_delivery_channel"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_delivery_conversation_id"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_delivery_message_id"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("cause", "lane", "part", name="uq_delivery_cause_lane_part"),
        sa.UniqueConstraint("message_id", "part", name="uq_delivery_message_id_part"),
    )
    partial("ix_delivery_breaker", "delivery", ["not_before"], "rank > 0")
    partial("ix_delivery_budget", "delivery", ["lane", "created_at"], "rank > 0")
    partial("ix_delivery_busy", "delivery", ["state"], "state IN ('sending','unknown','parked','failed')")
    op.create_index("ix_delivery_conversation_id", "delivery", ["conversation_id"], unique=False)
    partial("ix_delivery_lane", "delivery", ["lane", "id"], "state IN ('queued','sending','unknown')")
    partial("ix_delivery_next", "delivery", ["channel", "rank", "id"], "state = 'queued'")
    op.create_table(
        "delivery_body",
        sa.Column("message_id", ID, nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_delivery_body_message_id"),
        sa.PrimaryKeyConstraint("message_id", "part", name="pk_delivery_body"),
    )
    op.create_table(
        "message_key",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("message_id", ID, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("ours", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_message_key_conversation_id"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_message_key_message_id"),
        sa.PrimaryKeyConstraint("kind", "key", "message_id", name="pk_message_key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "promise",
        sa.Column("id", ID, sa.Identity(always=False), nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("message_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("basis", sa.Text(), server_default="", nullable=False),
        sa.Column("percentile", sa.Float(), nullable=True),
        sa.Column("sample_size", sa.Integer(), server_default="0", nullable=False),
        sa.Column("inputs", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("replaces_id", ID, nullable=True),
        sa.Column("judged_at", sa.BigInteger(), nullable=True),
        sa.Column("judged_by", ID, nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_promise_conversation_id"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_promise_message_id"),
        sa.PrimaryKeyConstraint("id", name="pk_promise"),
    )
    op.create_index("ix_promise_conversation_id", "promise", ["conversation_id"], unique=False)
    partial("ix_promise_open", "promise", ["due_at"], "state = 'open'")
    op.create_table(
        "recipient",
        sa.Column("delivery_id", ID, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name="fk_recipient_delivery_id"),
        sa.PrimaryKeyConstraint("delivery_id", "address", name="pk_recipient"),
    )
    # The change feed reads only below the oldest transaction that still runs, so each event knows its own.
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE event ALTER COLUMN transaction SET DEFAULT (pg_current_xact_id()::text::bigint)")


def partial(name: str, table: str, columns: list[str], where: str) -> None:
    """An index over the rows that matter to one question."""
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
