"""What is known of organizations and contacts besides: domains, notes, files, merges, and who is not the same."""

import sqlalchemy as sa

from inbox.store.tables.columns import at, id_, json, metadata, number, partial, text, to
from inbox.store.types import Id

organization_domain = sa.Table(
    "organization_domain",
    metadata,
    sa.Column("domain", sa.Text, primary_key=True),
    to("organization_id", "organization", index=True),
    at("at"),
)
"""Whoever writes from a mail address there belongs to that organization. A domain is of one organization."""

organization_note = sa.Table(
    "organization_note",
    metadata,
    id_(),
    to("organization_id", "organization", index=True),
    to("agent_id", "agent"),
    at("at"),
    text("text", None),
    at("gone_at", null=True),
)
"""What agents tell one another of an organization; `gone_at`: it does not hold any more."""

kept_file = sa.Table(
    "kept_file",
    metadata,
    id_(),
    to("contact_id", "contact", null=True, index=True),
    to("organization_id", "organization", null=True, index=True),
    sa.Column("digest", sa.Text, sa.ForeignKey("blob.digest"), nullable=False),
    text("filename"),
    number("size", None),
    to("agent_id", "agent", null=True),
    at("at"),
    sa.CheckConstraint("(contact_id IS NULL) <> (organization_id IS NULL)", name="whose"),
)
"""A file that agents keep with a contact or with an organization: one of the two."""

contact_merge = sa.Table(
    "contact_merge",
    metadata,
    id_(),
    to("kept_id", "contact", index=True),
    to("gone_id", "contact", index=True),
    to("agent_id", "agent", null=True),
    at("at"),
    at("undone_at", null=True),
    json("moved"),
    partial("uq_contact_merge_standing", "gone_id", where="undone_at IS NULL", unique=True),
)
"""Two contacts became one. `moved`: how both were, and which rows went over, so that it can be undone. Nobody goes into two at once."""

contact_apart = sa.Table(
    "contact_apart",
    metadata,
    sa.Column("one_id", Id, sa.ForeignKey("contact.id"), primary_key=True),
    sa.Column("other_id", Id, sa.ForeignKey("contact.id"), primary_key=True),
    to("agent_id", "agent", null=True),
    at("at"),
)
"""Two contacts of whom somebody said that they are not the same; the smaller number is `one_id`."""
