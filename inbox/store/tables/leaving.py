"""What leaves: deliveries with their frozen bytes, and the outcome for each recipient."""

import sqlalchemy as sa

from inbox.store.tables.columns import at, flag, id_, json, metadata, number, partial, text, to
from inbox.store.types import Id

delivery = sa.Table(
    "delivery",
    metadata,
    id_(),
    to("message_id", "message", null=True),
    to("conversation_id", "conversation", null=True, index=True),
    sa.Column("channel", sa.Text, sa.ForeignKey("channel.name"), nullable=False),
    text("purpose", None),
    number("rank", None),
    number("part", None),
    text("lane", None),
    text("cause", None),
    text("key"),
    text("sender"),
    json("recipients"),
    text("digest"),
    text("state", "queued"),
    at("not_before"),
    at("created_at"),
    number("attempts"),
    number("epoch"),
    text("owner"),
    text("stage"),
    at("stage_at", null=True),
    flag("repeated"),
    flag("copy"),
    text("error"),
    text("receipt"),
    at("settled_at", null=True),
    sa.UniqueConstraint("message_id", "part"),
    sa.UniqueConstraint("cause", "lane", "part"),
    partial("ix_delivery_next", "channel", "rank", "id", where="state = 'queued'"),
    partial("ix_delivery_lane", "lane", "id", where="state IN ('queued','sending','unknown')"),
    partial("ix_delivery_busy", "state", where="state IN ('sending','unknown','parked','failed')"),
    partial("ix_delivery_budget", "lane", "created_at", where="rank > 0"),
    partial(
        "ix_delivery_breaker",
        "not_before",
        "rank",  # these two with it: what is due lately is counted by this alone
        "purpose",
        where="rank > 0",
    ),
    partial("ix_delivery_screen", "settled_at", where="purpose = 'screen'"),
)

"""A screen of a bot's menu is of no message and of no conversation: both are empty then."""

delivery_body = sa.Table(
    "delivery_body",
    metadata,
    sa.Column("message_id", Id, sa.ForeignKey("message.id"), primary_key=True),
    sa.Column("part", sa.Integer, primary_key=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
)
"""The frozen bytes, apart from their delivery, whose state changes several times while they never do."""

screen_body = sa.Table(
    "screen_body",
    metadata,
    sa.Column("delivery_id", Id, sa.ForeignKey("delivery.id"), primary_key=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
)
"""The frozen bytes of a screen."""

recipient = sa.Table(
    "recipient",
    metadata,
    sa.Column("delivery_id", Id, sa.ForeignKey("delivery.id"), primary_key=True),
    sa.Column("address", sa.Text, primary_key=True),
    text("state", None),
    text("code"),
    text("text"),
)
