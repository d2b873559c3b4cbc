"""Who looks at a conversation, how each agent likes to work, and what they are told by mail."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0022"
down_revision = "0021"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """In one transaction."""
    op.create_table(
        "presence",
        sa.Column("tab", sa.Text(), nullable=False),
        sa.Column("agent_id", ID, sa.ForeignKey("agent.id", name="fk_presence_agent_id"), nullable=False),
        sa.Column(
            "conversation_id", ID, sa.ForeignKey("conversation.id", name="fk_presence_conversation_id"), nullable=False
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tab", name="pk_presence"),
    )
    op.create_index("ix_presence_at", "presence", ["at"])
    op.create_table(
        "preference",
        sa.Column("agent_id", ID, sa.ForeignKey("agent.id", name="fk_preference_agent_id"), nullable=False),
        sa.Column("chosen", JSON, nullable=False),
        sa.PrimaryKeyConstraint("agent_id", name="pk_preference"),
    )
    op.add_column("notification", sa.Column("mail_at", sa.BigInteger(), nullable=True))
    due = sa.text("mail_at IS NOT NULL")
    op.create_index("ix_notification_mail", "notification", ["mail_at"], sqlite_where=due, postgresql_where=due)
