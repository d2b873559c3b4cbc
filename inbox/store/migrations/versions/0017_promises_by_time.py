"""Promises are found by when they were told: a report of a quarter reads that quarter only."""

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """In one transaction."""
    op.create_index("ix_promise_told_at", "promise", ["told_at"], unique=False)
