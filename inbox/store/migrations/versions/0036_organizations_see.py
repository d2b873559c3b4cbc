"""Customers to whom it was given see what their organization asks, and speak there."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _to(table: str, name: str, other: str) -> "sa.Column[int]":
    return sa.Column(name, ID, sa.ForeignKey(f"{other}.id", name=f"fk_{table}_{name}"), nullable=False)


def upgrade() -> None:
    """In one transaction."""
    op.create_table(
        "sight",
        _to("sight", "contact_id", "contact"),
        _to("sight", "organization_id", "organization"),
        _to("sight", "agent_id", "agent"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("contact_id", name="pk_sight"),
    )
    op.create_table(
        "colleague",
        _to("colleague", "conversation_id", "conversation"),
        _to("colleague", "contact_id", "contact"),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "contact_id", name="pk_colleague"),
    )
