"""Presence: which agents have a conversation open before them; a page says so again and again, and what is old counts for nothing."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby

import sqlalchemy as sa

from inbox.domain.attention import Doing, Present
from inbox.domain.ids import AgentId, ConversationId
from inbox.ports.wake import AGENTS
from inbox.store.tables import agent, conversation, presence
from inbox.store.unit import Unit

BEAT = timedelta(seconds=15)
"""How often a page says that it is open."""
LASTS = timedelta(seconds=30)
"""How long what it said holds."""
MOST = 500
"""Pages that are looked at, the newest."""

_C = presence.c
_HERE = (
    sa.select(_C.conversation_id, conversation.c.reference, _C.agent_id, agent.c.name, agent.c.handle, _C.state)
    .join_from(presence, agent, agent.c.id == _C.agent_id)
    .join(conversation, conversation.c.id == _C.conversation_id)
)


def beat(unit: Unit, tab: str, whose: AgentId, matter: ConversationId, doing: Doing, now: datetime) -> None:
    """A page of an agent shows this conversation. Wakes AGENTS where that is news."""
    told = {"conversation_id": matter, "state": doing.value}
    before = unit.execute(
        sa.select(_C.conversation_id, _C.state, _C.at).where(_C.tab == tab, _C.agent_id == whose)
    ).first()
    if before is None:
        unit.insert_new(presence, tab=tab, agent_id=whose, **told, at=now)
    else:
        unit.execute(sa.update(presence).where(_C.tab == tab).values(**told, at=now))
    if before is None or (before[0], before[1]) != (matter, doing.value) or before[2] <= now - LASTS:
        unit.wake(AGENTS)


def leave(unit: Unit, tab: str, whose: AgentId) -> None:
    """The page shows none any more. Wakes AGENTS where it showed one."""
    if unit.execute(sa.delete(presence).where(_C.tab == tab, _C.agent_id == whose)).rowcount:
        unit.wake(AGENTS)


def here(unit: Unit, now: datetime) -> tuple[Present, ...]:
    """Who is at which conversation now: each agent once at each, as what counts most of their pages says."""
    rows = unit.execute(_HERE.where(_C.at > now - LASTS).order_by(_C.at.desc()).limit(MOST))
    return tuple(_once([Present(r[0], r[1], r[2], r[3] or r[4], Doing(r[5])) for r in rows]))


def _once(found: list[Present]) -> Iterator[Present]:
    found.sort(key=lambda one: (one.conversation, one.agent, one.doing.weight))
    for _, pages in groupby(found, key=lambda one: (one.conversation, one.agent)):
        yield list(pages)[-1]
