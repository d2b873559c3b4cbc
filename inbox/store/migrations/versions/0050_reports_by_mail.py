"""Reports that agents have by mail, and when each is due."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _text(name: str, default: str | None = "") -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def upgrade() -> None:
    """In one transaction."""
    op.create_table(
        "report_letter",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("agent_id", ID, nullable=False),
        _text("report", None),
        _text("team"),
        _text("channel"),
        _text("tag"),
        _text("organization"),
        _text("hours", None),
        _text("every", None),
        _text("at", None),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        _text("told"),
        _text("why"),
        sa.Column("delivery_id", ID, nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_report_letter_agent_id"),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name="fk_report_letter_delivery_id"),
        sa.PrimaryKeyConstraint("id", name="pk_report_letter"),
    )
    op.create_index("ix_report_letter_agent_id", "report_letter", ["agent_id"])
    op.create_index("ix_report_letter_due_at", "report_letter", ["due_at"])
