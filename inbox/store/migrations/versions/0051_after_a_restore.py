"""Arrivals that reached the network before the site was restored from a backup."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    """In one transaction."""
    op.add_column("arrival", sa.Column("again", sa.Boolean(), server_default=sa.false(), nullable=False))
