"""The list of what is neither due nor waited for goes by the opening: old mail that is brought in comes where it belongs."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """In one transaction."""
    rest = sa.text("due_at IS NULL AND waiting_since IS NULL")
    op.create_index(
        "ix_conversation_rest",
        "conversation",
        ["state", "opened_at", "id"],
        unique=False,
        sqlite_where=rest,
        postgresql_where=rest,
    )
