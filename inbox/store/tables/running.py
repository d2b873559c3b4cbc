"""How the house runs: leases, remembered answers, links, sessions."""

import sqlalchemy as sa

from inbox.store.tables.columns import at, metadata, text, to

lease = sa.Table(
    "lease",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    text("holder"),
    sa.Column("epoch", sa.BigInteger, nullable=False),
    at("expires_at"),
)

idempotency = sa.Table(
    "idempotency",
    metadata,
    sa.Column("actor", sa.Text, primary_key=True),
    sa.Column("route", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    text("parameters"),
    text("answer"),
    at("at"),
)

link = sa.Table(
    "link",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    text("purpose", None),
    to("agent_id", "agent", null=True),
    at("expires_at"),
    at("used_at", null=True),
)

session = sa.Table(
    "session",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    to("agent_id", "agent", null=True),
    at("created_at"),
    at("expires_at"),
)

site = sa.Table("site", metadata, sa.Column("name", sa.Text, primary_key=True), text("value", None))
