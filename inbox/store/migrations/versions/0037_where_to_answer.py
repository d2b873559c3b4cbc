"""Customers say where they want to be answered."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _to(name: str, other: str, *, null: bool = False) -> "sa.Column[int]":
    return sa.Column(name, ID, sa.ForeignKey(f"{other}.id", name=f"fk_answering_{name}"), nullable=null)


def upgrade() -> None:
    """In one transaction."""
    op.create_table(
        "answering",
        _to("contact_id", "contact"),
        _to("identity_id", "identity", null=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("contact_id", name="pk_answering"),
    )
