"""What agents are told of."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """In one transaction."""
    op.create_table(
        "notification",
        sa.Column("id", ID, sa.Identity(), primary_key=True),
        sa.Column("agent_id", ID, sa.ForeignKey("agent.id", name="fk_notification_agent_id"), nullable=False),
        sa.Column(
            "conversation_id",
            ID,
            sa.ForeignKey("conversation.id", name="fk_notification_conversation_id"),
            nullable=False,
        ),
        sa.Column("decision_id", ID, sa.ForeignKey("decision.id", name="fk_notification_decision_id"), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_notification"),
        sa.UniqueConstraint("decision_id", "agent_id", name="uq_notification_decision_id_agent_id"),
    )
    op.create_index("ix_notification_conversation_id", "notification", ["conversation_id"])
    op.create_index("ix_notification_agent_id", "notification", ["agent_id", "id"])
    unread = sa.text("read_at IS NULL")
    op.create_index(
        "ix_notification_unread",
        "notification",
        ["agent_id", "conversation_id"],
        sqlite_where=unread,
        postgresql_where=unread,
    )
