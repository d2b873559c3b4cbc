"""What reports count: facts of each conversation, and their sums by day, channel, team and agent. All of it can be made again."""

import sqlalchemy as sa

from inbox.store.tables.columns import metadata, number, partial, text
from inbox.store.types import Id

measured = sa.Table(
    "measured",
    metadata,
    sa.Column("conversation_id", Id, sa.ForeignKey("conversation.id"), primary_key=True, autoincrement=False),
    number("version", None),
    text("channel", None),
    sa.Column("team_id", Id, nullable=False),
    sa.Column("organization_id", Id, nullable=False),
    partial("ix_measured_organization_id", "organization_id", where="organization_id > 0"),
)
"""Up to which version a conversation is measured, and by what its facts are summed: 0 for no team and no organization."""

measured_tag = sa.Table(
    "measured_tag",
    metadata,
    sa.Column("tag", sa.Text, primary_key=True),
    sa.Column("conversation_id", Id, sa.ForeignKey("conversation.id"), primary_key=True),
    sa.Index("ix_measured_tag_conversation_id", "conversation_id"),
    sqlite_with_rowid=False,
)

measured_fact = sa.Table(
    "measured_fact",
    metadata,
    sa.Column("conversation_id", Id, sa.ForeignKey("conversation.id"), primary_key=True),
    sa.Column("measure", sa.SmallInteger, primary_key=True),
    sa.Column("day", sa.Integer, primary_key=True),
    sa.Column("agent_id", Id, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Integer, primary_key=True),
    number("n", None),
    sqlite_with_rowid=False,
)
"""`measure`: `inbox.domain.measures.Measure`; `day`: local, days since 1970; `n`: how often it holds, below 0 what ends."""

rolled = sa.Table(
    "rolled",
    metadata,
    sa.Column("measure", sa.SmallInteger, primary_key=True),
    sa.Column("day", sa.Integer, primary_key=True),
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("team_id", Id, primary_key=True),
    sa.Column("agent_id", Id, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Integer, primary_key=True),
    number("n", None),
    sqlite_with_rowid=False,
)
"""The facts of all conversations, summed: without tags and organizations, by which `measured_fact` itself is read."""
