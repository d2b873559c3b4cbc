"""Contracts: what was agreed with whom, from which day to which."""

import sqlalchemy as sa

from inbox.store.tables.columns import at, id_, json, metadata, partial, text, to

contract = sa.Table(
    "contract",
    metadata,
    id_(),
    text("name", None),
    to("contact_id", "contact", index=True),
    to("organization_id", "organization", null=True, index=True),
    text("tier"),
    json("agreed"),
    text("first", None),
    text("last", None, null=True),
    text("ended", None, null=True),
    text("period", None),
    text("almanac", None),
    text("pays", "0"),
    text("currency"),
    to("follows_id", "contract", null=True),
    at("made_at"),
    at("warn_at", null=True),
    text("send_to"),
    at("state_at", null=True),
    sa.UniqueConstraint("name"),
    partial("ix_contract_warn_at", "warn_at", where="warn_at IS NOT NULL"),
    partial("ix_contract_state_at", "state_at", where="state_at IS NOT NULL"),
)
"""`first`, `last` and `ended` are days (ISO 8601); `pays` is a decimal number. `warn_at`: when it is next told that it ends soon;
`state_at`: when the statement of its next period is issued."""

statement = sa.Table(
    "statement",
    metadata,
    id_(),
    to("contract_id", "contract"),
    text("since", None),
    text("until", None),
    json("body"),
    at("issued_at"),
    to("conversation_id", "conversation", null=True),
    sa.UniqueConstraint("contract_id", "since"),
)
"""Statements as they were issued, one a period; `since` and `until` are days, `conversation_id` is where it was sent or told."""
