"""Customers who come in on the portal: the letters that let them in, and their sessions. Digests only, never what they are of."""

import sqlalchemy as sa

from inbox.store.tables.columns import at, id_, metadata, number, text, to
from inbox.store.types import Id

entry_letter = sa.Table(
    "entry_letter",
    metadata,
    id_(),
    to("identity_id", "identity"),
    text("link", None),
    text("browser", None),
    text("salt", None),
    text("code", None),
    at("at"),
    at("expires_at"),
    number("guesses"),
    at("used_at", null=True),
    sa.UniqueConstraint("link"),
    sa.UniqueConstraint("browser"),
    sa.Index("ix_entry_letter_identity_id", "identity_id", "at"),
)
"""A link and a code that went to an address. The link is good anywhere, once; the code only in the `browser` that asked for it."""

customer_session = sa.Table(
    "customer_session",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("identity_id", Id, sa.ForeignKey("identity.id"), nullable=False, index=True),
    at("created_at"),
    at("expires_at"),
)
