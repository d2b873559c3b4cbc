"""Agents who work for an outside company."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    """In one transaction."""
    op.add_column("agent", sa.Column("company", sa.Text(), server_default="", nullable=False))
