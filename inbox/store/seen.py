"""What each agent has seen: how many messages a conversation had when they last opened it."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.ids import AgentId, ConversationId
from inbox.store import tables as t
from inbox.store.prepared import PreparedAmong
from inbox.store.unit import Unit

_C = t.seen.c
_OF = PreparedAmong(
    lambda ids: sa.select(_C.conversation_id, _C.messages).where(
        _C.agent_id == sa.bindparam("agent"), _C.conversation_id.in_(ids)
    )
)


def of(unit: Unit, agent: AgentId | None, conversations: Sequence[int]) -> dict[int, int]:
    """How many messages of these the agent has seen; those that they never opened are left out."""
    if agent is None or not conversations:
        return {}
    statement, among = _OF.of(conversations)
    return dict(unit.run(statement, agent=agent, **among))


def look(unit: Unit, agent: AgentId, conversation: ConversationId, messages: int, now: datetime) -> None:
    """The agent has it before them, with so many messages."""
    values = {"messages": messages, "at": now}
    if not unit.insert_new(t.seen, agent_id=agent, conversation_id=conversation, **values):
        mine = (_C.agent_id == agent, _C.conversation_id == conversation)
        unit.execute(sa.update(t.seen).where(*mine).values(**values))
