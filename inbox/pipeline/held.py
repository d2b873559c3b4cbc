"""Held words: the agent in whose name they came says that they are theirs, or anybody who may puts them away."""

from datetime import datetime

from inbox.domain.ids import ArrivalId, ConversationId
from inbox.domain.people import Agent
from inbox.pipeline.reply import Refused
from inbox.store import agent_words
from inbox.store.unit import Unit


def confirm(unit: Unit, id: ArrivalId, agent: Agent, conversation: ConversationId | None) -> None:
    """They are received again as this agent's, in the conversation that they came for or, where nobody can tell which, in the
    given one. Raises Refused."""
    words = _words(unit, id)
    if words.agent != agent.id:
        raise Refused("held.not_yours", id=str(id))
    where = words.conversation or conversation
    if where is None:
        raise Refused("held.for_which", id=str(id))
    if not agent_words.confirm(unit, id, agent.id, where):
        raise Refused("held.none", id=str(id))


def give_up(unit: Unit, id: ArrivalId, agent: Agent | None, now: datetime) -> None:
    """They are said to nobody; their bytes stay. `agent` None: the owner of the site. Raises Refused."""
    words = _words(unit, id)
    if agent is not None and not agent.leads and words.agent != agent.id:
        raise Refused("held.not_yours", id=str(id))
    if not agent_words.give_up(unit, id, now):
        raise Refused("held.none", id=str(id))


def _words(unit: Unit, id: ArrivalId) -> agent_words.Words:
    words = agent_words.of(unit, id)
    if words is None:
        raise Refused("held.none", id=str(id))
    return words
