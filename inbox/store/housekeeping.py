"""Rows that have served their time: links, counts, sessions, codes, remembered answers, pages that were open, what agents have read,
what nobody found, and screens of menus."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from inbox.store import entry, screens, visiting
from inbox.store.tables import (
    agent_token,
    article_missed,
    idempotency,
    notification,
    pace,
    presence,
    proof,
    webhook_call,
)
from inbox.store.unit import Unit

REMEMBERED = timedelta(days=30)
"""How long an agent can still look up what they have read, and anybody what became of a webhook's call."""

ANSWERABLE = timedelta(days=90)
"""How long a token of an agent's holds."""

SOUGHT = timedelta(days=180)
"""How long it is known what was looked for among the articles and not found."""

SHOWN = timedelta(days=7)
"""How long it is known what a bot has shown of its menu, and what became of that."""


def tidy(unit: Unit, before: datetime) -> int:
    """Remove what ended before then; how many rows. On SQLite the planner's statistics are brought up to date as well."""
    gone = entry.forget_expired(unit, before) + visiting.forget_expired(unit, before)
    gone += screens.forget(unit, before - SHOWN)
    for statement in (
        sa.delete(proof).where(proof.c.expires_at < before),
        sa.delete(pace).where(pace.c.ends_at < before),
        sa.delete(presence).where(presence.c.at < before),
        sa.delete(idempotency).where(idempotency.c.at < before),
        sa.delete(agent_token).where(agent_token.c.made_at < before - ANSWERABLE),
        sa.delete(article_missed).where(article_missed.c.last_at < before - SOUGHT),
        sa.delete(webhook_call).where(webhook_call.c.settled_at < before - REMEMBERED),
        sa.delete(notification).where(notification.c.read_at < before - REMEMBERED),
    ):
        gone += unit.execute(statement).rowcount
    if unit.connection.dialect.name == "sqlite":
        unit.connection.exec_driver_sql("PRAGMA optimize")
    return gone
