"""Desks: cards and posts of conversations in agents' own chats, and who an agent is there."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0027"
down_revision = "0026"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
DUE = sa.text("due_at IS NOT NULL")


def upgrade() -> None:
    """In one transaction."""
    _desk()
    _card()
    _post()
    _keys()
    _agents()
    op.add_column("notification", sa.Column("bot_at", sa.BigInteger(), nullable=True))
    due = sa.text("bot_at IS NOT NULL")
    op.create_index("ix_notification_bot", "notification", ["bot_at"], sqlite_where=due, postgresql_where=due)


def _id() -> sa.Column[int]:
    return sa.Column("id", ID, sa.Identity(always=False), nullable=False)


def _to(table: str, column: str, target: str, *, null: bool = False) -> sa.Column[int]:
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{column}")
    return sa.Column(column, ID, key, nullable=null)


def _text(name: str, default: str | None = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default="0", nullable=False)


def _at(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=null)


def _desk() -> None:
    op.create_table(
        "desk",
        _id(),
        _text("name", None),
        _text("owner"),
        _to("desk", "agent_id", "agent", null=True),
        _text("channel", None),
        _text("chat"),
        sa.Column("seen", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_desk"),
        sa.UniqueConstraint("name", "owner", name="uq_desk_name_owner"),
    )


def _card() -> None:
    op.create_table(
        "card",
        _id(),
        _to("card", "desk_id", "desk"),
        _to("card", "conversation_id", "conversation"),
        _text("thread"),
        _text("head"),
        sa.Column("pinned", sa.Boolean(), server_default=sa.false(), nullable=False),
        _text("title"),
        _text("look"),
        _number("wanted"),
        _number("shown"),
        _at("due_at", null=True),
        _number("attempts"),
        _number("epoch"),
        _number("doubtful"),
        _text("stage"),
        _text("error"),
        sa.PrimaryKeyConstraint("id", name="pk_card"),
        sa.UniqueConstraint("desk_id", "conversation_id", name="uq_card_desk_id_conversation_id"),
    )
    op.create_index("ix_card_conversation_id", "card", ["conversation_id"])
    op.create_index("ix_card_due", "card", ["desk_id", "due_at"], sqlite_where=DUE, postgresql_where=DUE)
    op.create_index("ix_card_thread", "card", ["thread"])


def _post() -> None:
    op.create_table(
        "post",
        _id(),
        _to("post", "desk_id", "desk"),
        _to("post", "card_id", "card", null=True),
        _to("post", "message_id", "message", null=True),
        _text("kind", None),
        _text("state", "queued"),
        _number("version"),
        _text("thread"),
        _text("about"),
        _text("shown"),
        _text("key"),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("buttons", JSON, nullable=False),
        _text("held"),
        _at("due_at", null=True),
        _number("attempts"),
        _number("epoch"),
        _text("stage"),
        _text("error"),
        _at("at"),
        _at("settled_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_post"),
        sa.UniqueConstraint("card_id", "message_id", name="uq_post_card_id_message_id"),
    )
    strangers = sa.text("key = 'desk.stranger'")
    op.create_index("ix_post_held", "post", ["desk_id", "held"], sqlite_where=strangers, postgresql_where=strangers)
    op.create_index("ix_post_message_id", "post", ["message_id"])
    op.create_index("ix_post_due", "post", ["desk_id", "due_at"], sqlite_where=DUE, postgresql_where=DUE)


def _keys() -> None:
    op.create_table(
        "card_key",
        _text("channel", None),
        _text("key", None),
        _to("card_key", "desk_id", "desk"),
        _to("card_key", "card_id", "card", null=True),
        _to("card_key", "post_id", "post", null=True),
        _to("card_key", "message_id", "message", null=True),
        sa.PrimaryKeyConstraint("channel", "key", name="pk_card_key"),
    )
    op.create_index("ix_card_key_card_id", "card_key", ["card_id"])
    op.create_index("ix_card_key_message_id", "card_key", ["message_id"])


def _agents() -> None:
    op.create_table(
        "agent_address",
        _text("kind", None),
        _text("address", None),
        _to("agent_address", "agent_id", "agent"),
        _text("name"),
        _at("linked_at"),
        sa.PrimaryKeyConstraint("kind", "address", name="pk_agent_address"),
        sa.UniqueConstraint("agent_id", "kind", name="uq_agent_address_agent_id_kind"),
    )
    op.create_table(
        "agent_code",
        _to("agent_code", "agent_id", "agent"),
        _text("digest", None),
        _at("expires_at"),
        sa.PrimaryKeyConstraint("agent_id", name="pk_agent_code"),
        sa.UniqueConstraint("digest", name="uq_agent_code_digest"),
    )
