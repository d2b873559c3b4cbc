"""Files that only the network has are fetched later: how far that has come, and where their bytes are."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """In one transaction."""
    op.create_table(
        "collecting",
        sa.Column("attachment_id", ID, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=True),
        sa.Column("blob", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachment.id"], name="fk_collecting_attachment_id"),
        sa.ForeignKeyConstraint(["blob"], ["blob.digest"], name="fk_collecting_blob"),
        sa.ForeignKeyConstraint(["channel"], ["channel.name"], name="fk_collecting_channel"),
        sa.PrimaryKeyConstraint("attachment_id", name="pk_collecting"),
    )
    op.create_index(
        "ix_collecting_due",
        "collecting",
        ["channel", "not_before"],
        unique=False,
        sqlite_where=sa.text("not_before IS NOT NULL"),
        postgresql_where=sa.text("not_before IS NOT NULL"),
    )
