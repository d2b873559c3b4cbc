"""What agents have begun to write and not sent."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0021"
down_revision = "0020"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """In one transaction."""
    op.create_table(
        "draft",
        sa.Column("agent_id", ID, sa.ForeignKey("agent.id", name="fk_draft_agent_id"), nullable=False),
        sa.Column(
            "conversation_id", ID, sa.ForeignKey("conversation.id", name="fk_draft_conversation_id"), nullable=False
        ),
        sa.Column("text", sa.Text(), nullable=False, server_default=""),
        sa.Column("how", sa.Text(), nullable=False, server_default="reply"),
        sa.Column("way", sa.Text(), nullable=False, server_default=""),
        sa.Column("cc", JSON, nullable=False),
        sa.Column("next", sa.Text(), nullable=False, server_default="waiting"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("agent_id", "conversation_id", name="pk_draft"),
    )
    op.create_index("ix_draft_conversation_id", "draft", ["conversation_id"])
