"""Time rules: when one falls due in a conversation, which were looked at, when a promise is at risk; and tasks."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0008"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PEOPLE = "e.conversation_id = conversation.id AND e.actor_kind IN ('contact', 'agent')"
REPLIES = "e.conversation_id = conversation.id AND e.kind = 'replied'"


def upgrade() -> None:
    """In one transaction."""
    for name in ("replied_at", "acted_at", "alarm_at"):
        op.add_column("conversation", sa.Column(name, sa.BigInteger(), nullable=True))
    op.add_column("promise", sa.Column("risk_at", sa.BigInteger(), nullable=True))
    there = sa.text("alarm_at IS NOT NULL")
    op.create_index("ix_conversation_alarm", "conversation", ["alarm_at"], sqlite_where=there, postgresql_where=there)
    waits = sa.text("state = 'open' AND risk_at IS NOT NULL")
    op.create_index("ix_promise_risk", "promise", ["risk_at"], sqlite_where=waits, postgresql_where=waits)
    op.create_table(
        "alarm",
        sa.Column(
            "conversation_id", ID, sa.ForeignKey("conversation.id", name="fk_alarm_conversation_id"), nullable=False
        ),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("episode", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("matched", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "rule", "episode", name="pk_alarm"),
    )
    op.create_table(
        "task",
        sa.Column("id", ID, sa.Identity(), primary_key=True),
        sa.Column(
            "conversation_id", ID, sa.ForeignKey("conversation.id", name="fk_task_conversation_id"), nullable=False
        ),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("rule", sa.Text(), server_default="", nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_task"),
    )
    op.create_index("ix_task_conversation_id", "task", ["conversation_id"])
    untold = sa.text("told_at IS NULL")
    op.create_index("ix_task_due", "task", ["due_at"], sqlite_where=untold, postgresql_where=untold)
    _fill()


def _fill() -> None:
    """What the events say, as the projection would. Who is asleep wakes; rules that wait are counted by the first sweep."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    told = "json_extract(e.payload, '$.history')" if sqlite else "e.payload ->> 'history'"
    for column, which in (("acted_at", PEOPLE), ("replied_at", REPLIES)):
        latest = f"SELECT e.at FROM event e WHERE {which} AND {told} IS NULL ORDER BY e.version DESC LIMIT 1"  # noqa: S608  # ours
        op.execute(f"UPDATE conversation SET {column} = ({latest})")  # noqa: S608  # ours
    op.execute("UPDATE conversation SET alarm_at = snoozed_until WHERE state = 'snoozed' AND merged_into_id IS NULL")
    op.execute("UPDATE promise SET risk_at = told_at + (due_at - told_at) / 5 * 4 WHERE state = 'open'")
