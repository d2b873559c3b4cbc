"""Statements of contracts, when the next is issued, and what was excused."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0048"
down_revision = "0047"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """In one transaction."""
    op.add_column("contract", sa.Column("send_to", sa.Text(), server_default="", nullable=False))
    op.add_column("contract", sa.Column("state_at", sa.BigInteger(), nullable=True))
    due = sa.text("state_at IS NOT NULL")
    op.create_index("ix_contract_state_at", "contract", ["state_at"], sqlite_where=due, postgresql_where=due)
    op.execute("UPDATE contract SET state_at = 0")  # periods that are over already get theirs at the first look
    contract = sa.ForeignKey("contract.id", name="fk_statement_contract_id")
    conversation = sa.ForeignKey("conversation.id", name="fk_statement_conversation_id")
    op.create_table(
        "statement",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("contract_id", ID, contract, nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", ID, conversation, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_statement"),
        sa.UniqueConstraint("contract_id", "since", name="uq_statement_contract_id_since"),
    )
    excused = sa.text("kind = 'excused'")
    op.create_index("ix_event_excused", "event", ["conversation_id"], sqlite_where=excused, postgresql_where=excused)
