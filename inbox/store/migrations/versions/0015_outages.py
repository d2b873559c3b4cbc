"""What is known to be down, and when customers hear more of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015"
down_revision = "0013"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """In one transaction."""
    op.create_table(
        "outage",
        sa.Column("id", ID, sa.Identity(), primary_key=True),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("words", JSON, nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("news_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outage"),
    )
