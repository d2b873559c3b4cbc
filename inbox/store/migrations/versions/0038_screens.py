"""Deliveries of no message and no conversation: screens of a bot's menu, with their frozen bytes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0038"
down_revision = "0035"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
AUTOMATIC = "rank > 0"


def upgrade() -> None:
    """In one transaction."""
    if op.get_bind().dialect.name == "sqlite":
        _made_anew()
    else:
        for name in ("message_id", "conversation_id"):
            op.alter_column("delivery", name, nullable=True)
    screens = sa.text("purpose = 'screen'")
    op.create_index("ix_delivery_screen", "delivery", ["settled_at"], sqlite_where=screens, postgresql_where=screens)
    op.create_table(
        "screen_body",
        sa.Column("delivery_id", ID, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name="fk_screen_body_delivery_id"),
        sa.PrimaryKeyConstraint("delivery_id", name="pk_screen_body"),
    )


def _made_anew() -> None:
    """SQLite cannot make a column optional. What refers to the rows stands aside while there are none."""
    op.execute("CREATE TABLE kept_recipient AS SELECT * FROM recipient")
    op.execute("CREATE TABLE kept_delivery AS SELECT * FROM delivery")
    op.execute("DELETE FROM recipient")
    op.drop_table("delivery")
    _delivery()
    op.execute(_BACK)
    op.execute("INSERT INTO recipient SELECT * FROM kept_recipient")
    for table in ("recipient", "delivery"):
        op.drop_table(f"kept_{table}")


def _text(name: str, default: str | None = "") -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _number(name: str, default: str | None = "0") -> "sa.Column[int]":
    return sa.Column(name, sa.Integer(), server_default=default, nullable=False)


def _flag(name: str) -> "sa.Column[bool]":
    return sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)


_BACK = """
INSERT INTO delivery (
    id, message_id, conversation_id, channel, purpose, rank, part, lane, cause, key, sender, recipients, digest, state,
    not_before, created_at, attempts, epoch, owner, stage, stage_at, repeated, copy, error, receipt, settled_at
) SELECT
    id, message_id, conversation_id, channel, purpose, rank, part, lane, cause, key, sender, recipients, digest, state,
    not_before, created_at, attempts, epoch, owner, stage, stage_at, repeated, copy, error, receipt, settled_at
FROM kept_delivery
"""


def _delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", ID, sa.Identity(always=False), nullable=False),
        sa.Column("message_id", ID, nullable=True),
        sa.Column("conversation_id", ID, nullable=True),
        _text("channel", None),
        _text("purpose", None),
        _number("rank", None),
        _number("part", None),
        _text("lane", None),
        _text("cause", None),
        _text("key"),
        _text("sender"),
        sa.Column("recipients", JSON, nullable=False),
        _text("digest"),
        _text("state", "queued"),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        _number("attempts"),
        _number("epoch"),
        _text("owner"),
        _text("stage"),
        sa.Column("stage_at", sa.BigInteger(), nullable=True),
        _flag("repeated"),
        _flag("copy"),
        _text("error"),
        _text("receipt"),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["channel"], ["channel.name"], name="fk_delivery_channel"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_delivery_conversation_id"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_delivery_message_id"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("cause", "lane", "part", name="uq_delivery_cause_lane_part"),
        sa.UniqueConstraint("message_id", "part", name="uq_delivery_message_id_part"),
    )
    op.create_index("ix_delivery_breaker", "delivery", ["not_before"], sqlite_where=sa.text(AUTOMATIC))
    op.create_index("ix_delivery_budget", "delivery", ["lane", "created_at"], sqlite_where=sa.text(AUTOMATIC))
    busy = sa.text("state IN ('sending','unknown','parked','failed')")
    op.create_index("ix_delivery_busy", "delivery", ["state"], sqlite_where=busy)
    op.create_index("ix_delivery_conversation_id", "delivery", ["conversation_id"])
    under_way = sa.text("state IN ('queued','sending','unknown')")
    op.create_index("ix_delivery_lane", "delivery", ["lane", "id"], sqlite_where=under_way)
    op.create_index("ix_delivery_next", "delivery", ["channel", "rank", "id"], sqlite_where=sa.text("state = 'queued'"))
