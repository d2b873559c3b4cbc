"""Letters of the day: who gets one, when it is due next, and the last day that had its own."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """In one transaction."""
    op.create_table(
        "digest",
        sa.Column("agent_id", ID, sa.ForeignKey("agent.id", name="fk_digest_agent_id"), nullable=False),
        sa.Column("told", sa.Text(), nullable=False, server_default=""),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("agent_id", name="pk_digest"),
    )
    due = sa.text("due_at IS NOT NULL")
    op.create_index("ix_digest_due_at", "digest", ["due_at"], sqlite_where=due, postgresql_where=due)
