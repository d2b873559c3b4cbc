"""What arrives: channels, arrivals with their raw bytes, and blobs."""

import sqlalchemy as sa

from inbox.store.tables.columns import at, flag, id_, metadata, number, partial, text
from inbox.store.types import Id

channel = sa.Table(
    "channel",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    text("kind"),
    text("cursor", None, null=True),
    text("state", "starting"),
    at("state_at", null=True),
    text("problem", None, null=True),
    at("last_success_at", null=True),
    number("first_sync_due"),
    flag("first_sync_released"),
)

arrival = sa.Table(
    "arrival",
    metadata,
    id_(),
    sa.Column("channel", sa.Text, sa.ForeignKey("channel.name"), nullable=False),
    text("key", None),
    at("received_at"),
    number("size"),
    sa.Column("blob", sa.Text, sa.ForeignKey("blob.digest"), nullable=True),
    flag("history"),
    flag("first_sync"),
    flag("again"),
    number("tries"),
    text("verdict", None, null=True),
    text("reason"),
    at("judged_at", null=True),
    sa.UniqueConstraint("channel", "key"),
    partial("ix_arrival_pending", "id", where="verdict IS NULL"),
    partial("ix_arrival_apart", "verdict", "id", where="verdict IN ('quarantined','held')"),
)

arrival_raw = sa.Table(
    "arrival_raw",
    metadata,
    sa.Column("arrival_id", Id, sa.ForeignKey("arrival.id"), primary_key=True),
    sa.Column("raw", sa.LargeBinary, nullable=False),
)
"""Small raw bytes, apart from their arrival: a verdict must not write them a second time."""

fragment = sa.Table(
    "fragment",
    metadata,
    sa.Column("arrival_id", Id, sa.ForeignKey("arrival.id"), primary_key=True),
    sa.Column("channel", sa.Text, sa.ForeignKey("channel.name"), nullable=False),
    text("whole", None),
    at("at"),
    at("due_at", null=True),
    text("body"),
    sa.Index("ix_fragment_channel_whole", "channel", "whole"),
)
"""Pieces of a message that wait for the others. `due_at`: of the first one, whose arrival is not pending until then."""

blob = sa.Table(
    "blob",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    at("stored_at"),
)
