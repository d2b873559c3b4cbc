"""What reports count. The tables begin empty: the daemon measures all conversations that there are."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _id(name: str) -> "sa.Column[int]":
    return sa.Column(name, ID, nullable=False)


def _whole(name: str, kind: "type[sa.Integer]" = sa.Integer) -> "sa.Column[int]":
    return sa.Column(name, kind(), nullable=False)


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=False)


def _of(table: str) -> "sa.Column[int]":
    key = sa.ForeignKey("conversation.id", name=f"fk_{table}_conversation_id")
    return sa.Column("conversation_id", ID, key, autoincrement=False, nullable=False)


def upgrade() -> None:
    """In one transaction."""
    op.create_table(
        "measured",
        _of("measured"),
        _whole("version"),
        _text("channel"),
        _id("team_id"),
        _id("organization_id"),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_measured"),
    )
    some = sa.text("organization_id > 0")
    op.create_index(
        "ix_measured_organization_id", "measured", ["organization_id"], sqlite_where=some, postgresql_where=some
    )
    op.create_table(
        "measured_tag",
        _text("tag"),
        _of("measured_tag"),
        sa.PrimaryKeyConstraint("tag", "conversation_id", name="pk_measured_tag"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_measured_tag_conversation_id", "measured_tag", ["conversation_id"])
    fact = ("measure", "day", "agent_id", "name", "value")
    op.create_table(
        "measured_fact",
        _of("measured_fact"),
        _whole("measure", sa.SmallInteger),
        _whole("day"),
        _id("agent_id"),
        _text("name"),
        _whole("value"),
        _whole("n"),
        sa.PrimaryKeyConstraint("conversation_id", *fact, name="pk_measured_fact"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rolled",
        _whole("measure", sa.SmallInteger),
        _whole("day"),
        _text("channel"),
        _id("team_id"),
        _id("agent_id"),
        _text("name"),
        _whole("value"),
        _whole("n"),
        sa.PrimaryKeyConstraint("measure", "day", "channel", "team_id", *fact[2:], name="pk_rolled"),
        sqlite_with_rowid=False,
    )
