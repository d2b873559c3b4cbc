"""On call: whom rules call to a conversation until somebody has it, and who was called."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0029"
down_revision = "0028"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _to(table: str, name: str, target: str, *, null: bool = False) -> "sa.Column[int]":
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}")
    return sa.Column(name, ID, key, nullable=null)


def upgrade() -> None:
    """In one transaction."""
    op.create_table(
        "page",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        _to("page", "conversation_id", "conversation"),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("whom", JSON, nullable=False),
        sa.Column("step", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        _to("page", "acknowledged_by", "agent", null=True),
        sa.Column("acknowledged_at", sa.BigInteger(), nullable=True),
        sa.Column("gave_up_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_page"),
    )
    op.create_index("ix_page_conversation_id", "page", ["conversation_id"])
    due, waits = sa.text("due_at IS NOT NULL"), sa.text("acknowledged_at IS NULL")
    op.create_index("ix_page_due_at", "page", ["due_at"], sqlite_where=due, postgresql_where=due)
    both = ["conversation_id", "rule"]
    op.create_index("ux_page_open", "page", both, unique=True, sqlite_where=waits, postgresql_where=waits)
    op.create_table(
        "paged",
        _to("paged", "page_id", "page"),
        _to("paged", "agent_id", "agent"),
        sa.PrimaryKeyConstraint("page_id", "agent_id", name="pk_paged"),
    )
