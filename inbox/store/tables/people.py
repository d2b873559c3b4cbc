"""People: organizations, contacts and identities; agents, teams, shifts and absences."""

import sqlalchemy as sa

from inbox.store.tables.columns import at, flag, id_, metadata, number, text, to
from inbox.store.types import Id, Json

organization = sa.Table("organization", metadata, id_(), text("name", None), sa.UniqueConstraint("name"))

contact = sa.Table(
    "contact",
    metadata,
    id_(),
    text("name"),
    text("language", None, null=True),
    to("organization_id", "organization", null=True, index=True),
    sa.Column("tags", Json, nullable=False, server_default="[]"),
    at("created_at"),
)

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
    sa.UniqueConstraint("handle"),
)

team = sa.Table("team", metadata, id_(), text("name", None), text("title"), sa.UniqueConstraint("name"))

membership = sa.Table(
    "membership",
    metadata,
    sa.Column("team_id", Id, sa.ForeignKey("team.id"), primary_key=True),
    sa.Column("agent_id", Id, sa.ForeignKey("agent.id"), primary_key=True),
)

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

generation = sa.Table(
    "generation",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
)
