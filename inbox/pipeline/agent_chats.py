"""Who an agent is in chats: a code that they are shown, and type to the bot, makes the network's id of them theirs; it can be undone."""

from datetime import datetime

from inbox.domain.acts import Act, By
from inbox.domain.people import Agent
from inbox.domain.problems import Problem
from inbox.store import agent_links, audit
from inbox.store.unit import Unit


def give_code(unit: Unit, agent: Agent, by: By, now: datetime) -> str:
    """A code for them. Raises Problem for one who is disabled."""
    if agent.disabled:
        raise Problem("people.disabled", handle=agent.handle)
    audit.record(unit, Act.CHAT_CODE, by, now, about=agent.id)
    return agent_links.code(unit, agent.id, now)


def linked(unit: Unit, agent: Agent, kind: str, address: str, name: str, now: datetime) -> bool:
    """They typed their code there; False where the other side is somebody else's already."""
    if not agent_links.link(unit, agent.id, kind, address, name, now):
        return False
    audit.record(unit, Act.CHAT_LINKED, By("agent", agent.id), now, about=agent.id, name=kind)
    return True


def unlink(unit: Unit, agent: Agent, kind: str, by: By, now: datetime) -> None:
    """They are nobody there any more. Raises Problem where they were not."""
    if not agent_links.unlink(unit, agent.id, kind):
        raise Problem("desk.not_linked", handle=agent.handle, kind=kind)
    audit.record(unit, Act.CHAT_UNLINKED, by, now, about=agent.id, name=kind)
