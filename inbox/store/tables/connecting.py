"""How programs are connected: the tokens that they show, the endpoints that are told, and every call that is owed to one."""

import sqlalchemy as sa

from inbox.store.tables.columns import at, flag, id_, json, metadata, number, partial, text, to
from inbox.store.types import Json

access_token = sa.Table(
    "access_token",
    metadata,
    id_(),
    text("name", None),
    text("digest", None),
    to("agent_id", "agent", null=True, index=True),
    json("reach"),
    sa.Column("teams", Json, nullable=True),
    at("created_at"),
    at("expires_at", null=True),
    at("revoked_at", null=True),
    at("used_at", null=True),
    sa.UniqueConstraint("digest"),
)
"""What programs show: its digest, never the token. `teams`: whose conversations it sees; NULL: all. `used_at` is only brought up
to date now and then."""

webhook = sa.Table(
    "webhook",
    metadata,
    id_(),
    text("name", None),
    text("url", None),
    json("events"),
    text("secret", None),
    text("old_secret"),
    at("old_until", null=True),
    flag("disabled"),
    text("why"),
    at("created_at"),
    at("removed_at", null=True),
    partial("uq_webhook_name", "name", where="removed_at IS NULL", unique=True),
)
"""Where programs are told what happens. `events`: kinds of events, empty: all. The secret signs, so it is kept as it is; after a
change the old one signs as well until `old_until`. `why`: what switched it off."""

webhook_call = sa.Table(
    "webhook_call",
    metadata,
    id_(),
    to("webhook_id", "webhook"),
    text("cause", None),
    text("key", None),
    text("kind", None),
    text("body", None),
    text("state", "queued"),
    number("attempts"),
    at("not_before"),
    at("created_at"),
    at("settled_at", null=True),
    number("status", None, null=True),
    text("error"),
    sa.UniqueConstraint("webhook_id", "cause"),
    partial("ix_webhook_call_due", "not_before", where="state = 'queued'"),
    sa.Index("ix_webhook_call_webhook_id", "webhook_id", "id"),
)
"""One thing that one endpoint is told: its bytes, frozen, and how far it has come. `cause` makes it once; `key` is the receiver's own
key against hearing it twice."""
