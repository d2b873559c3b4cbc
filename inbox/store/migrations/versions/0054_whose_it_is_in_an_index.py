"""How many conversations are an agent's, and how many nobody's, stands in an index alone: each page tells it."""

from alembic import op

revision = "0054"
down_revision = "0053"


def upgrade() -> None:
    """In one transaction."""
    op.drop_index("ix_conversation_mine", "conversation")
    op.create_index(
        "ix_conversation_mine",
        "conversation",
        ["assignee_id", "state", "due_at", "waiting_since", "merged_into_id"],
    )
