"""What customers own: assets with their documents and changes, which conversations are about them, and what was told before a term ended."""

import sqlalchemy as sa

from inbox.store.tables.columns import at, id_, json, metadata, number, partial, text, to
from inbox.store.types import Id

asset = sa.Table(
    "asset",
    metadata,
    id_(),
    text("code", None),
    text("serial", None),
    text("product", None),
    text("model"),
    text("found_by"),
    to("contact_id", "contact", null=True, index=True),
    to("organization_id", "organization", null=True, index=True),
    text("bought_on", None, null=True),
    text("warranty_until", None, null=True),
    text("warranty_terms"),
    text("service_until", None, null=True),
    text("service_terms"),
    text("notes"),
    at("added_at"),
    at("changed_at"),
    at("retired_at", null=True),
    at("warn_at", null=True),
    sa.UniqueConstraint("code"),
    sa.Index("ix_asset_warranty_until", "warranty_until"),
    sa.Index("ix_asset_service_until", "service_until"),
    partial("ix_asset_warn_at", "warn_at", where="warn_at IS NOT NULL"),
)
"""`code`: the serial as codes are compared. `found_by`: product and model, folded. Days are texts as in ISO 8601, the last on which
something holds. `warn_at`: when it is next looked at whether one of them is near."""

asset_change = sa.Table(
    "asset_change",
    metadata,
    id_(),
    to("asset_id", "asset", index=True),
    at("at"),
    to("agent_id", "agent", null=True),
    text("via", None),
    json("what"),
)
"""What was changed, never changed itself: of each field its name, what it was, what it is."""

asset_document = sa.Table(
    "asset_document",
    metadata,
    id_(),
    to("asset_id", "asset", index=True),
    text("name", None),
    text("type"),
    sa.Column("digest", sa.Text, sa.ForeignKey("blob.digest"), nullable=False),
    number("size", None),
    at("at"),
    to("agent_id", "agent", null=True),
    at("gone_at", null=True),
)
"""`gone_at`: one of us took it away; the bytes stay, as those of any message."""

asset_named = sa.Table(
    "asset_named",
    metadata,
    sa.Column("conversation_id", Id, sa.ForeignKey("conversation.id"), primary_key=True),
    sa.Column("asset_id", Id, sa.ForeignKey("asset.id"), primary_key=True),
    at("at"),
    to("message_id", "message", null=True),
    at("gone_at", null=True),
    sa.Index("ix_asset_named_asset_id", "asset_id", "at"),
)
"""What a conversation is about, as its events tell it. `message_id`: the one in which the code stands, None where one of us said
so; `gone_at`: one of us said that it is not about it, and no message says otherwise any more."""

asset_warned = sa.Table(
    "asset_warned",
    metadata,
    sa.Column("asset_id", Id, sa.ForeignKey("asset.id"), primary_key=True),
    sa.Column("term", sa.Text, primary_key=True),
    sa.Column("until", sa.Text, primary_key=True),
    sa.Column("days", sa.Integer, primary_key=True),
    at("at"),
    to("conversation_id", "conversation", null=True),
)
"""Told once for each asset, term, day on which it ends, and number of days before it. `conversation_id` None: there was nobody to
begin a conversation with."""
