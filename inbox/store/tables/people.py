"""People: organizations, contacts and identities; agents, teams, shifts and absences."""

import sqlalchemy as sa

from inbox.store.tables.columns import at, flag, id_, metadata, number, partial, text, to
from inbox.store.types import Id, Json

organization = sa.Table(
    "organization",
    metadata,
    id_(),
    text("name", None),
    sa.Column("tags", Json, nullable=False, server_default="[]"),
    sa.Column("fields", Json, nullable=False, server_default="[]"),
    sa.Column("merged_into_id", Id, nullable=True),
    sa.UniqueConstraint("name"),
)
"""`merged_into_id`: it is the same as another one, which has all that it had; its name leads there."""

contact = sa.Table(
    "contact",
    metadata,
    id_(),
    text("name"),
    text("language", None, null=True),
    to("organization_id", "organization", null=True, index=True),
    sa.Column("tags", Json, nullable=False, server_default="[]"),
    at("created_at"),
    text("role"),
    sa.Column("fields", Json, nullable=False, server_default="[]"),
    flag("placed"),
    sa.Column("merged_into_id", Id, nullable=True),
    at("forgotten_at", null=True),
)
"""`placed`: a person said which organization they belong to, or that they belong to none: no domain says otherwise.
`merged_into_id`: they are the same as another contact, who has their addresses."""

identity = sa.Table(
    "identity",
    metadata,
    id_(),
    to("contact_id", "contact", index=True),
    text("kind", None),
    text("address", None),
    text("name"),
    at("created_at"),
    at("verified_at", null=True),
    text("unreachable"),
    sa.UniqueConstraint("kind", "address"),
)

identity_link = sa.Table(
    "identity_link",
    metadata,
    id_(),
    to("identity_id", "identity"),
    number("number", None),
    to("had_id", "contact", index=True),
    to("now_id", "contact", index=True),
    text("how", None),
    flag("verified"),
    to("agent_id", "agent", null=True),
    at("at"),
    at("undone_at", null=True),
    to("undone_by_id", "agent", null=True),
    sa.UniqueConstraint("identity_id", "number"),
)
"""An address that went from one contact (`had`) to another (`now`). `number` counts the links of one identity from 1: two at
once cannot both be the next. `verified`: the link brought the proof, which is taken back with it."""

proof = sa.Table(
    "proof",
    metadata,
    id_(),
    to("identity_id", "identity"),
    text("kind", None),
    text("address", None),
    to("conversation_id", "conversation"),
    text("salt", None),
    text("digest", None),
    at("at"),
    at("expires_at"),
    number("guesses"),
    at("ended_at", null=True),
    sa.Index("ix_proof_identity_id", "identity_id", "at"),
    sa.Index("ix_proof_address", "kind", "address", "at"),
    partial("uq_proof_open", "identity_id", where="ended_at IS NULL", unique=True),
)
"""A code that was sent to an address which `identity` says is theirs: its digest, never the code. One is open at a time."""

agent = sa.Table(
    "agent",
    metadata,
    id_(),
    text("handle", None),
    text("name"),
    text("address"),
    text("language", "en"),
    sa.Column("languages", Json, nullable=False, server_default="[]"),
    sa.Column("skills", Json, nullable=False, server_default="[]"),
    number("capacity", None, null=True),
    flag("lead"),
    flag("disabled"),
    flag("admin"),
    text("company"),
    sa.UniqueConstraint("handle"),
)

credential = sa.Table(
    "credential",
    metadata,
    sa.Column("agent_id", Id, sa.ForeignKey("agent.id"), primary_key=True),
    text("password"),
    at("password_at", null=True),
    text("totp"),
    sa.Column("totp_step", sa.BigInteger, nullable=False, server_default="0"),
)
"""How an agent proves who they are: the argon2 hash of a password, and the key of their one-time codes (RFC 6238); empty: none.
`totp_step` is that of the last code that was taken: no code is taken twice."""

recovery_code = sa.Table(
    "recovery_code",
    metadata,
    sa.Column("agent_id", Id, sa.ForeignKey("agent.id"), primary_key=True),
    sa.Column("digest", sa.Text, primary_key=True),
    at("used_at", null=True),
)

team = sa.Table("team", metadata, id_(), text("name", None), text("title"), sa.UniqueConstraint("name"))

membership = sa.Table(
    "membership",
    metadata,
    sa.Column("team_id", Id, sa.ForeignKey("team.id"), primary_key=True),
    sa.Column("agent_id", Id, sa.ForeignKey("agent.id"), primary_key=True),
)

rotation = sa.Table(
    "rotation",
    metadata,
    sa.Column("team_id", Id, sa.ForeignKey("team.id"), primary_key=True),
    sa.Column("agent_id", Id, sa.ForeignKey("agent.id"), primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
)
"""Whose turn it was in a team: the latest has the highest number."""

shift = sa.Table(
    "shift",
    metadata,
    id_(),
    to("agent_id", "agent"),
    number("weekday", None),
    text("start", None),
    text("end", None),
    text("zone", None),
    sa.UniqueConstraint("agent_id", "weekday", "start"),
)

absence = sa.Table(
    "absence", metadata, id_(), to("agent_id", "agent", index=True), at("start"), at("end"), text("reason")
)

closure = sa.Table(
    "closure",
    metadata,
    id_(),
    text("hours"),
    text("day", None),
    text("reason"),
    at("made_at"),
    at("undone_at", null=True),
    partial("uq_closure_standing", "hours", "day", where="undone_at IS NULL", unique=True),
)
"""A day (ISO 8601) on which some hours, or with an empty name all of them, are closed. One that was taken back stays on record."""

generation = sa.Table(
    "generation",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
)
