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

sight = sa.Table(
    "sight",
    metadata,
    sa.Column("contact_id", Id, sa.ForeignKey("contact.id"), primary_key=True),
    to("organization_id", "organization"),
    to("agent_id", "agent"),
    at("at"),
)
"""A customer who may see what others of an organization asked, and the agent who gave that to them."""

colleague = sa.Table(
    "colleague",
    metadata,
    sa.Column("conversation_id", Id, sa.ForeignKey("conversation.id"), primary_key=True),
    sa.Column("contact_id", Id, sa.ForeignKey("contact.id"), primary_key=True),
    at("since"),
)
"""A customer who spoke in a conversation of somebody else's of their organization."""

answering = sa.Table(
    "answering",
    metadata,
    sa.Column("contact_id", Id, sa.ForeignKey("contact.id"), primary_key=True),
    to("identity_id", "identity", null=True),
    at("at"),
)
"""Where a customer wants to be answered; without an identity on the portal alone."""
