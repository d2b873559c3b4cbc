"""Who watches a conversation: they are told of what is written in it, whoever answers it."""

from datetime import datetime

import sqlalchemy as sa

from inbox.domain.ids import AgentId, ConversationId
from inbox.store.prepared import Prepared
from inbox.store.tables import watching
from inbox.store.unit import Unit

_C = watching.c
_OF = Prepared(sa.select(_C.agent_id).where(_C.conversation_id == sa.bindparam("matter")).order_by(_C.agent_id))


def watch(unit: Unit, matter: ConversationId, agent: AgentId, now: datetime) -> bool:
    """They watch it from now on; False where they did already."""
    return unit.insert_new(watching, conversation_id=matter, agent_id=agent, since=now)


def unwatch(unit: Unit, matter: ConversationId, agent: AgentId) -> bool:
    """They do not any more; False where they did not."""
    mine = (_C.conversation_id == matter, _C.agent_id == agent)
    return unit.execute(sa.delete(watching).where(*mine)).rowcount > 0


def watchers(unit: Unit, matter: ConversationId) -> list[AgentId]:
    """Everyone who watches it."""
    return [AgentId(row[0]) for row in unit.run(_OF, matter=matter)]
