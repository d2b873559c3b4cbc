"""Buttons that a message of ours offers; when a visitor's thread last changed, and how far they have seen it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """In one transaction."""
    op.add_column("message", sa.Column("offers", JSON, server_default="[]", nullable=False))
    op.add_column("thread", sa.Column("spoken_at", sa.BigInteger(), nullable=True))
    op.add_column("thread", sa.Column("seen_to", ID, nullable=True))
    chats = sa.text("thread_id IS NOT NULL")
    op.create_index("ix_message_thread", "message", ["thread_id", "id"], sqlite_where=chats, postgresql_where=chats)
    there = sa.text("spoken_at IS NOT NULL")
    op.create_index("ix_thread_spoken", "thread", ["channel", "spoken_at"], sqlite_where=there, postgresql_where=there)
