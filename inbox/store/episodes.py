"""What really became of the reply clocks: when customers began to wait, when they were answered, and by whom."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from inbox.domain.ids import AgentId, ConversationId
from inbox.sla.policy import Metric
from inbox.store.store import Store
from inbox.store.tables import clock, conversation, message
from inbox.store.unit import Unit

REPLIES = (Metric.FIRST_REPLY.value, Metric.NEXT_REPLY.value)
PAGE = 500


@dataclass(frozen=True, slots=True)
class Episode:
    """One wait of a customer. `answered_by` is None where it ended otherwise, or has not ended; `missed`: too late, as judged
    then; `owed`: there was a target."""

    conversation: ConversationId
    reference: str
    metric: Metric
    started_at: datetime
    stopped_at: datetime | None
    answered_by: AgentId | None
    missed: bool
    owed: bool


def episodes(store: Store, since: datetime, until: datetime, channel: str = "") -> Iterator[Episode]:
    """The waits that began in a window, in the order of their clocks; a page at a time is in memory."""
    after = 0
    while page := store.read_now(_page, since, until, channel, after):
        yield from (one for _, one in page)
        after = page[-1][0]


def _page(unit: Unit, since: datetime, until: datetime, channel: str, after: int) -> list[tuple[int, Episode]]:
    c, matter = clock.c, conversation.c
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
        .where(c.id > after, c.metric.in_(REPLIES), c.started_at >= since, c.started_at < until)
        .order_by(c.id)
        .limit(PAGE)
    )
    if channel:
        query = query.where(matter.channel == channel)
    rows = unit.execute(query).all()
    return _told(rows, _authors(unit, [int(row.reply) for row in rows if row.reply.isdecimal()]))


def _authors(unit: Unit, ids: Sequence[int]) -> dict[int, int]:
    query = sa.select(message.c.id, message.c.agent_id).where(message.c.id.in_(ids), message.c.agent_id.is_not(None))
    return {row[0]: row[1] for row in unit.execute(query)}


def _told(rows: Sequence[Any], authors: dict[int, int]) -> list[tuple[int, Episode]]:
    found = []
    for row in rows:
        author = authors.get(int(row.reply)) if row.ended == "reply" and row.reply.isdecimal() else None
        by = None if author is None else AgentId(author)
        missed, owed = row.breached_at is not None, row.due_at is not None
        wait = (row.reference, Metric(row.metric), row.started_at, row.stopped_at, by, missed, owed)
        found.append((row.id, Episode(ConversationId(row.conversation_id), *wait)))
    return found
