"""Closures typed at run time: days on which nobody works."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """In one transaction."""
    op.create_table(
        "closure",
        sa.Column("id", ID, sa.Identity(), primary_key=True),
        sa.Column("hours", sa.Text(), server_default="", nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_closure"),
    )
    there = sa.text("undone_at IS NULL")
    op.create_index(
        "uq_closure_standing",
        "closure",
        ["hours", "day"],
        unique=True,
        sqlite_where=there,
        postgresql_where=there,
    )
