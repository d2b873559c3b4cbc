"""What a sender made of a message later stands beside the message, which stays as it was."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """In one transaction."""
    op.create_table(
        "edit",
        sa.Column("id", ID, sa.Identity(always=False), nullable=False),
        sa.Column("message_id", ID, nullable=False),
        sa.Column("arrival_id", ID, nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("edited_at", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["arrival_id"], ["arrival.id"], name="fk_edit_arrival_id"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_edit_message_id"),
        sa.PrimaryKeyConstraint("id", name="pk_edit"),
        sa.UniqueConstraint("message_id", "fingerprint", name="uq_edit_message_id_fingerprint"),
    )
