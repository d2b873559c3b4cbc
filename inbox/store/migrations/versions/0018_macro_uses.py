"""Who used which macro, and when."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """In one transaction."""
    op.create_table(
        "macro_use",
        sa.Column("id", ID, sa.Identity(), primary_key=True),
        sa.Column("macro", sa.Text(), nullable=False),
        sa.Column("agent_id", ID, sa.ForeignKey("agent.id", name="fk_macro_use_agent_id"), nullable=False),
        sa.Column(
            "conversation_id", ID, sa.ForeignKey("conversation.id", name="fk_macro_use_conversation_id"), nullable=False
        ),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_macro_use"),
    )
    op.create_index("ix_macro_use_macro", "macro_use", ["macro", "agent_id", "at"])
