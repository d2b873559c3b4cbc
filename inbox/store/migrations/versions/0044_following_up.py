"""Tasks have an agent, can be calls and remind ahead; broadcasts, whom they told, and who wants none."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0044"
down_revision = "0043"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _to(table: str, name: str, target: str, *, null: bool = False) -> "sa.Column[int]":
    return sa.Column(name, ID, sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}"), nullable=null)


def upgrade() -> None:
    """In one transaction."""
    _tasks()
    op.create_table(
        "declined",
        _to("declined", "contact_id", "contact"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        _to("declined", "agent_id", "agent", null=True),
        sa.PrimaryKeyConstraint("contact_id", name="pk_declined"),
    )
    op.create_table(
        "broadcast",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        _to("broadcast", "agent_id", "agent", null=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("started_at", "ended_at", "next_at")),
        sa.Column("channel", sa.Text(), nullable=False, server_default=""),
        sa.Column("audience", JSON, nullable=False),
        sa.Column("texts", JSON, nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_broadcast"),
    )
    due = sa.text("next_at IS NOT NULL")
    op.create_index("ix_broadcast_next_at", "broadcast", ["next_at"], sqlite_where=due, postgresql_where=due)
    op.create_table(
        "broadcast_to",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        _to("broadcast_to", "broadcast_id", "broadcast"),
        _to("broadcast_to", "contact_id", "contact"),
        sa.Column("state", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False, server_default="") for name in ("why", "address")),
        _to("broadcast_to", "conversation_id", "conversation", null=True),
        _to("broadcast_to", "message_id", "message", null=True),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_broadcast_to"),
        sa.UniqueConstraint("broadcast_id", "contact_id", name="uq_broadcast_to_broadcast_id_contact_id"),
    )
    op.create_index("ix_broadcast_to_contact_id", "broadcast_to", ["contact_id"])
    op.create_index("ix_broadcast_to_conversation_id", "broadcast_to", ["conversation_id"])
    op.create_index("ix_broadcast_to_state", "broadcast_to", ["broadcast_id", "state", "id"])


def _tasks() -> None:
    with op.batch_alter_table("task") as changed:  # SQLite takes no constraint into a table that there is
        changed.add_column(sa.Column("agent_id", ID, nullable=True))
        changed.create_foreign_key("fk_task_agent_id", "agent", ["agent_id"], ["id"])
        for name in ("text", "rule"):
            changed.alter_column(name, existing_type=sa.Text(), server_default="")
        changed.add_column(sa.Column("before_at", sa.BigInteger(), nullable=True))
        changed.add_column(sa.Column("phone", sa.Text(), server_default="", nullable=False))
        changed.add_column(sa.Column("wish", sa.Text(), server_default="", nullable=False))
        changed.add_column(sa.Column("tries", sa.Integer(), server_default="0", nullable=False))
    ahead = sa.text("before_at IS NOT NULL")
    op.create_index("ix_task_before", "task", ["before_at"], sqlite_where=ahead, postgresql_where=ahead)
    op.create_index("ix_task_agent_id", "task", ["agent_id"])
