"""Conversations are found by when they began and when they were done: a board of thirty days reads those days only."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """In one transaction."""
    op.create_index("ix_conversation_opened_at", "conversation", ["opened_at"], unique=False)
    there = sa.text("done_at IS NOT NULL")
    op.create_index(
        "ix_conversation_done_at",
        "conversation",
        ["done_at"],
        unique=False,
        sqlite_where=there,
        postgresql_where=there,
    )
