"""Telephone calls, and how the latest message of a conversation sounds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0045"
down_revision = "0044"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _to(table: str, name: str, target: str, *, null: bool = False) -> "sa.Column[int]":
    return sa.Column(name, ID, sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}"), nullable=null)


def upgrade() -> None:
    """In one transaction."""
    op.create_table(
        "phone_call",
        _to("phone_call", "message_id", "message"),
        _to("phone_call", "agent_id", "agent", null=True),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False, server_default=""),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("message_id", name="pk_phone_call"),
    )
    op.create_table(
        "message_tone",
        _to("message_tone", "conversation_id", "conversation"),
        sa.Column("tone", sa.Text(), nullable=False),
        _to("message_tone", "message_id", "message"),
        sa.Column("words", JSON, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "tone", name="pk_message_tone"),
    )
    op.create_index("ix_message_tone_tone", "message_tone", ["tone"])
    op.create_index("ix_message_tone_message_id", "message_tone", ["message_id"])
