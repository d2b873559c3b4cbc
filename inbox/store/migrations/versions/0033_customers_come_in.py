"""Customers come in on the portal: the letters that let them in, and their sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _identity(table: str) -> "sa.Column[int]":
    key = sa.ForeignKey("identity.id", name=f"fk_{table}_identity_id")
    return sa.Column("identity_id", ID, key, nullable=False)


def upgrade() -> None:
    """In one transaction."""
    op.create_table(
        "entry_letter",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        _identity("entry_letter"),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("guesses", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_entry_letter"),
        sa.UniqueConstraint("link", name="uq_entry_letter_link"),
        sa.UniqueConstraint("browser", name="uq_entry_letter_browser"),
    )
    op.create_index("ix_entry_letter_identity_id", "entry_letter", ["identity_id", "at"])
    op.create_table(
        "customer_session",
        sa.Column("digest", sa.Text(), nullable=False),
        _identity("customer_session"),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_customer_session"),
    )
    op.create_index("ix_customer_session_identity_id", "customer_session", ["identity_id"])
