"""What is an agent's to do in a conversation, as they are told of it: its words, what is due first before the rest."""

from inbox.domain.ids import AgentId, ConversationId
from inbox.domain.scope import Scope
from inbox.store import tasks
from inbox.store.unit import Unit

MOST = 5


def todo(unit: Unit, matter: ConversationId, agent: AgentId) -> tuple[str, ...]:
    """At most five of them."""
    found = tasks.listing(unit, Scope.house(), matter=matter, assignee=agent, most=MOST)
    return tuple(one.text for one in found)
