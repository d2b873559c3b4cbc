"""Candidates: the members of a team with their open work, and what keeps each of them from one conversation."""

from collections.abc import Mapping
from datetime import datetime

from inbox.domain.assigning import Candidate, Obstacle
from inbox.domain.conversations import Conversation, Priority
from inbox.domain.ids import AgentId
from inbox.domain.people import Agent, Roster, Team
from inbox.rulebook.decision import Assign
from inbox.sla.duty import gone, on_duty
from inbox.store import conversations
from inbox.store.unit import Unit
from inbox.text.fold import fold

Work = Mapping[AgentId, Mapping[Priority, int]]
"""How many conversations are open with each agent, by priority."""


def load(work: Mapping[Priority, int]) -> int:
    """Open work as it is weighed: each step of priority counts twice the one below (low 1, normal 2, high 4, urgent 8)."""
    return sum(count << priority.weight for priority, count in work.items())


def considered(
    unit: Unit, wanted: Assign, matter: Conversation, team: Team, roster: Roster, now: datetime
) -> list[tuple[Agent, Candidate]]:
    """Every member, each with their load and the first obstacle. The conversation itself is nobody's work here."""
    among = frozenset(team.members)
    members = [agent for agent in roster.agents if agent.id in among]
    work = conversations.open_work(unit, tuple(agent.id for agent in members), matter.id)
    found = []
    for agent in members:
        mine = work.get(agent.id, {})
        obstacle = obstacle_of(roster, agent, now) or _unfit(agent, wanted, matter) or _full(agent, mine)
        found.append((agent, Candidate(agent.handle, load(mine), obstacle)))
    return found


def obstacle_of(roster: Roster, agent: Agent, now: datetime) -> str:
    """Why they answer nothing at all now, or nothing."""
    if agent.disabled:
        return Obstacle.DISABLED
    if gone(roster, agent, now):
        return Obstacle.AWAY
    return "" if on_duty(roster, agent, now) else Obstacle.OFF_DUTY


def _unfit(agent: Agent, wanted: Assign, matter: Conversation) -> str:
    has = {fold(skill) for skill in agent.skills}
    if not all(fold(skill) in has for skill in wanted.skills):
        return Obstacle.SKILL
    writes = agent.languages or (agent.language,)
    return Obstacle.LANGUAGE if wanted.language and matter.language not in (None, *writes) else ""


def _full(agent: Agent, work: Mapping[Priority, int]) -> str:
    """Capacity counts conversations and does not weigh them: people must be able to say what it is."""
    return Obstacle.FULL if agent.capacity is not None and sum(work.values()) >= agent.capacity else ""
