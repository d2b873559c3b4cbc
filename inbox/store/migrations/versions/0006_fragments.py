"""Pieces of one message wait for the others."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """In one transaction."""
    op.create_table(
        "fragment",
        sa.Column("arrival_id", ID, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("whole", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["arrival_id"], ["arrival.id"], name="fk_fragment_arrival_id"),
        sa.ForeignKeyConstraint(["channel"], ["channel.name"], name="fk_fragment_channel"),
        sa.PrimaryKeyConstraint("arrival_id", name="pk_fragment"),
    )
    op.create_index("ix_fragment_channel_whole", "fragment", ["channel", "whole"], unique=False)
