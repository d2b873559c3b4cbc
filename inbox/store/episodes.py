"""What really became of the reply clocks: when customers began to wait, when they were answered, and by whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from inbox.domain.ids import AgentId, ClockId, ConversationId
from inbox.sla.policy import Metric
from inbox.store.decisions import EVERY, Stretch, Window
from inbox.store.tables import clock, conversation, message
from inbox.store.unit import Unit

REPLIES = (Metric.FIRST_REPLY.value, Metric.NEXT_REPLY.value)
AT_ONCE = 500
"""Replies that one statement asks for."""


@dataclass(frozen=True, slots=True)
class Episode:
    """One wait of a customer, by its clock. `answered_by` is None where it ended otherwise, or has not ended; `missed`: too
    late, as judged then; `owed`: there was a target."""

    clock: ClockId
    conversation: ConversationId
    reference: str
    metric: Metric
    started_at: datetime
    stopped_at: datetime | None
    answered_by: AgentId | None
    missed: bool
    owed: bool


def episodes(unit: Unit, window: Window, stretch: Stretch = EVERY) -> list[Episode]:
    """The waits that began in a window on some conversations, those on one conversation together; all in memory at once."""
    c, matter = clock.c, conversation.c
    # Made an expression, so that the conversations are looked up and not the metrics: those would be gone through whole for
    # every stretch.
    metric = c.metric.concat("")
    query = (
        sa.select(
            c.id,
            c.conversation_id,
            matter.reference,
            c.metric,
            c.started_at,
            c.stopped_at,
            c.ended,
            c.reply,
            c.breached_at,
            c.due_at,
        )
        .join_from(clock, conversation, c.conversation_id == matter.id)
        .where(c.conversation_id > stretch.after, metric.in_(REPLIES))
        .where(c.started_at >= window.since, c.started_at < window.until)
        .order_by(c.conversation_id, c.id)
    )
    if stretch.until is not None:
        query = query.where(c.conversation_id <= stretch.until)
    if window.channel:
        query = query.where(matter.channel == window.channel)
    rows = unit.execute(query).all()
    return _told(rows, _authors(unit, [int(row.reply) for row in rows if row.reply.isdecimal()]))


def _authors(unit: Unit, ids: Sequence[int]) -> dict[int, int]:
    query = sa.select(message.c.id, message.c.agent_id).where(message.c.agent_id.is_not(None))
    found: dict[int, int] = {}
    for at in range(0, len(ids), AT_ONCE):
        found.update((row[0], row[1]) for row in unit.execute(query.where(message.c.id.in_(ids[at : at + AT_ONCE]))))
    return found


def _told(rows: Sequence[Any], authors: dict[int, int]) -> list[Episode]:
    found = []
    for row in rows:
        author = authors.get(int(row.reply)) if row.ended == "reply" and row.reply.isdecimal() else None
        by = None if author is None else AgentId(author)
        missed, owed = row.breached_at is not None, row.due_at is not None
        wait = (row.reference, Metric(row.metric), row.started_at, row.stopped_at, by, missed, owed)
        found.append(Episode(ClockId(row.id), ConversationId(row.conversation_id), *wait))
    return found
