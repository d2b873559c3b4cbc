"""What the acknowledgement of each message counts is answered by an index alone."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"


def upgrade() -> None:
    """In one transaction."""
    automatic, waits = sa.text("rank > 0"), sa.text("waiting_since IS NOT NULL")
    op.drop_index("ix_delivery_breaker", "delivery")
    op.create_index(
        "ix_delivery_breaker",
        "delivery",
        ["not_before", "rank", "purpose"],
        sqlite_where=automatic,
        postgresql_where=automatic,
    )
    op.drop_index("ix_conversation_queue", "conversation")
    op.create_index(
        "ix_conversation_queue",
        "conversation",
        ["waiting_since", "team_id"],
        sqlite_where=waits,
        postgresql_where=waits,
    )
