"""Conversations: the projection, its threads, messages, attachments and the event log."""

import sqlalchemy as sa

from inbox.store.tables.columns import at, flag, id_, json, metadata, number, partial, text, to
from inbox.store.types import Id, Json

conversation = sa.Table(
    "conversation",
    metadata,
    id_(),
    number("version"),
    text("reference", None),
    sa.Column("channel", sa.Text, sa.ForeignKey("channel.name"), nullable=False),
    to("contact_id", "contact", index=True),
    to("organization_id", "organization", null=True, index=True),
    text("subject"),
    text("excerpt"),
    text("language", None, null=True),
    text("state", "open"),
    text("priority", "normal"),
    to("assignee_id", "agent", null=True),
    to("team_id", "team", null=True, index=True),
    text("policy"),
    json("tags"),
    json("fields"),
    json("pinned"),
    sa.Column("follows_id", Id, nullable=True),
    sa.Column("merged_into_id", Id, nullable=True),
    at("opened_at", null=True),
    at("changed_at", null=True),
    at("waiting_since", null=True),
    sa.Column("answered_by_id", Id, nullable=True),
    at("answered_from", null=True),
    at("snoozed_until", null=True),
    at("replied_at", null=True),
    at("acted_at", null=True),
    at("done_at", null=True),
    flag("acknowledged"),
    number("messages"),
    flag("history"),
    at("due_at", null=True),
    at("alarm_at", null=True),
    flag("with_file"),
    flag("with_note"),
    sa.Column("contract_id", Id, nullable=True),
    flag("request"),
    sa.UniqueConstraint("reference"),
    partial("ix_conversation_alarm", "alarm_at", where="alarm_at IS NOT NULL"),
    sa.Index("ix_conversation_list", "state", "due_at", "waiting_since", "id", "merged_into_id"),
    partial("ix_conversation_rest", "state", "opened_at", "id", where="due_at IS NULL AND waiting_since IS NULL"),
    sa.Index("ix_conversation_opened_at", "opened_at"),
    partial("ix_conversation_done_at", "done_at", where="done_at IS NOT NULL"),
    sa.Index("ix_conversation_mine", "assignee_id", "state", "due_at", "waiting_since", "merged_into_id"),
    partial("ix_conversation_contract", "contract_id", "opened_at", where="contract_id IS NOT NULL"),
    partial(
        "ix_conversation_queue",
        "waiting_since",
        "team_id",  # with it, the queue of a team is counted by this alone
        where="waiting_since IS NOT NULL",
    ),
)

thread = sa.Table(
    "thread",
    metadata,
    id_(),
    sa.Column("channel", sa.Text, sa.ForeignKey("channel.name"), nullable=False),
    text("key", None),
    to("conversation_id", "conversation", index=True),
    at("spoken_at", null=True),
    sa.Column("seen_to", Id, nullable=True),
    sa.UniqueConstraint("channel", "key"),
    partial("ix_thread_spoken", "channel", "spoken_at", where="spoken_at IS NOT NULL"),
)
"""`spoken_at`: when its people last got something new to see; `seen_to`: the message up to which they have seen it. Both
only for those who look at our own pages."""

participant = sa.Table(
    "participant",
    metadata,
    sa.Column("conversation_id", Id, sa.ForeignKey("conversation.id"), primary_key=True),
    sa.Column("identity_id", Id, sa.ForeignKey("identity.id"), primary_key=True),
    at("since"),
    flag("opened"),
    sa.Index("ix_participant_identity_id", "identity_id", "conversation_id"),
)
"""`opened`: the address with which the conversation began; its contact is the conversation's."""

message = sa.Table(
    "message",
    metadata,
    id_(),
    to("conversation_id", "conversation", index=True),
    text("direction", None),
    at("at"),
    sa.Column("channel", sa.Text, sa.ForeignKey("channel.name"), nullable=True),
    to("thread_id", "thread", null=True),
    to("contact_id", "contact", null=True),
    to("agent_id", "agent", null=True),
    text("purpose"),
    text("automatic", None, null=True),
    text("key"),
    text("fingerprint", None, null=True),
    text("subject"),
    text("text"),
    text("reply_text"),
    text("html", None, null=True),
    text("language", None, null=True),
    json("sender"),
    json("to"),
    json("cc"),
    json("reply_to"),
    at("sent_at", null=True),
    to("arrival_id", "arrival", null=True),
    json("defects"),
    sa.Column("offers", Json, nullable=False, server_default="[]"),
    sa.UniqueConstraint("channel", "fingerprint"),
    partial("ix_message_thread", "thread_id", "id", where="thread_id IS NOT NULL"),
    partial("ix_message_outside", "contact_id", "conversation_id", where="purpose = 'outside'"),
)

message_key = sa.Table(
    "message_key",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("message_id", Id, sa.ForeignKey("message.id"), primary_key=True),
    sa.Column("conversation_id", Id, sa.ForeignKey("conversation.id"), nullable=False),
    flag("ours"),
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

edit = sa.Table(
    "edit",
    metadata,
    id_(),
    to("message_id", "message"),
    to("arrival_id", "arrival"),
    text("fingerprint", None),
    at("at"),
    at("edited_at", null=True),
    text("text"),
    sa.UniqueConstraint("message_id", "fingerprint"),
)
"""What a sender made of a message later; the message itself never changes."""

attachment = sa.Table(
    "attachment",
    metadata,
    id_(),
    to("message_id", "message", index=True),
    text("filename"),
    text("content_type"),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("start", sa.BigInteger, nullable=False),
    sa.Column("length", sa.BigInteger, nullable=False),
    text("encoding"),
    text("content_id"),
    flag("inline"),
    text("state", "here"),
    text("remote"),
)

collecting = sa.Table(
    "collecting",
    metadata,
    sa.Column("attachment_id", Id, sa.ForeignKey("attachment.id"), primary_key=True),
    sa.Column("channel", sa.Text, sa.ForeignKey("channel.name"), nullable=False),
    number("tries"),
    at("not_before", null=True),
    sa.Column("blob", sa.Text, sa.ForeignKey("blob.digest"), nullable=True),
    text("error"),
    partial("ix_collecting_due", "channel", "not_before", where="not_before IS NOT NULL"),
)
"""Files that only the network had when their message came. `not_before` is empty once that is over."""

event = sa.Table(
    "event",
    metadata,
    id_(),
    to("conversation_id", "conversation"),
    number("version", None),
    at("at"),
    text("actor_kind", None),
    sa.Column("actor_id", Id, nullable=True),
    text("actor_name"),
    text("via"),
    text("kind", None),
    json("payload"),
    sa.Column("transaction", sa.BigInteger, nullable=True),
    sa.UniqueConstraint("conversation_id", "version"),
    partial("ix_event_excused", "conversation_id", where="kind = 'excused'"),
)
"""`transaction` is filled by PostgreSQL alone: the change feed reads only below the oldest that still runs."""


def _count_transactions(_table: sa.Table, connection: sa.Connection, **_: object) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            "ALTER TABLE event ALTER COLUMN transaction SET DEFAULT (pg_current_xact_id()::text::bigint)"
        )


sa.event.listen(event, "after_create", _count_transactions)
