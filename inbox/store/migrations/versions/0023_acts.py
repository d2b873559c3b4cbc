"""Who watches what, whose mail is not taken, notes on people, and tasks that are done."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _to(table: str, name: str, target: str, *, null: bool = False) -> "sa.Column[int]":
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}")
    return sa.Column(name, ID, key, nullable=null)


def upgrade() -> None:
    """In one transaction."""
    op.create_table(
        "watching",
        _to("watching", "conversation_id", "conversation"),
        _to("watching", "agent_id", "agent"),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "agent_id", name="pk_watching"),
    )
    op.create_table(
        "blocked",
        _to("blocked", "identity_id", "identity"),
        _to("blocked", "agent_id", "agent", null=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("identity_id", name="pk_blocked"),
    )
    op.create_table(
        "person_note",
        sa.Column("id", ID, sa.Identity(), primary_key=True),
        _to("person_note", "contact_id", "contact"),
        _to("person_note", "agent_id", "agent"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("gone_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_person_note"),
    )
    op.create_index("ix_person_note_contact_id", "person_note", ["contact_id"])
    op.add_column("task", sa.Column("done_at", sa.BigInteger(), nullable=True))
    undone = sa.text("done_at IS NULL")
    op.create_index("ix_task_open", "task", ["due_at"], sqlite_where=undone, postgresql_where=undone)
