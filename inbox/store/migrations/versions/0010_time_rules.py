"""Time rules: when one falls due in a conversation, which were looked at, when a promise is at risk; and tasks."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CONVERSATION = sa.table("conversation", *map(sa.column, ("id", "acted_at", "replied_at")))
EVENT = sa.table("event", *map(sa.column, ("conversation_id", "version", "at", "actor_kind", "kind", "payload")))


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
    payload = EVENT.c.payload
    old = sa.func.json_extract(payload, "$.history") if sqlite else payload.op("->>")(sa.literal_column("'history'"))
    of_people, of_replies = EVENT.c.actor_kind.in_(("contact", "agent")), EVENT.c.kind == "replied"
    for column, which in (("acted_at", of_people), ("replied_at", of_replies)):
        told = sa.select(EVENT.c.at).where(EVENT.c.conversation_id == CONVERSATION.c.id, which, old.is_(None))
        latest = told.order_by(EVENT.c.version.desc()).limit(1).scalar_subquery()
        op.execute(sa.update(CONVERSATION).values({column: latest}))
    op.execute("UPDATE conversation SET alarm_at = snoozed_until WHERE state = 'snoozed' AND merged_into_id IS NULL")
    op.execute("UPDATE promise SET risk_at = told_at + (due_at - told_at) / 5 * 4 WHERE state = 'open'")
