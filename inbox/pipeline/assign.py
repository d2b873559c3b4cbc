"""Assigning: who takes a conversation, by name or by a strategy, and why each other candidate did not."""

from dataclasses import dataclass
from datetime import datetime

from inbox.domain.people import Agent, Roster
from inbox.rulebook.decision import Assign
from inbox.sla.duty import on_duty
from inbox.store import conversations
from inbox.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Choice:
    """Who it is (None: nobody can) and why, with the candidates: `least-busy: sara 2, reza 4; mina absent`."""

    agent: Agent | None
    why: str = ""


def choose(unit: Unit, wanted: Assign, roster: Roster, now: datetime) -> Choice:
    """The agent that a rule's `assign` comes to at this moment."""
    if wanted.by:
        return _least_busy(unit, wanted, roster, now)
    agent = roster.agent(wanted.agent)
    if agent is None or agent.disabled:
        return Choice(None, f"{wanted.agent}: {'disabled' if agent else 'unknown'}")
    return Choice(agent)


def _least_busy(unit: Unit, wanted: Assign, roster: Roster, now: datetime) -> Choice:
    """The member on duty with the fewest open conversations, below their capacity; of equals, who is asked first."""
    team = roster.team(wanted.team)
    members = [a for a in roster.agents if team is not None and a.id in team.members]
    work = conversations.open_work(unit, tuple(a.id for a in members))
    fit: list[tuple[int, int, Agent]] = []
    seen: list[str] = []
    for place, agent in enumerate(members):
        load = work.get(agent.id, 0)
        obstacle = _obstacle(roster, agent, load, now)
        seen.append(f"{agent.handle} {obstacle or load}")
        if not obstacle:
            fit.append((load, place, agent))
    why = f"{wanted.by}: {', '.join(seen) or 'nobody'}"
    return Choice(min(fit, key=lambda one: one[:2])[2] if fit else None, why)


def _obstacle(roster: Roster, agent: Agent, load: int, now: datetime) -> str:
    if agent.disabled:
        return "disabled"
    if not on_duty(roster, agent, now):
        return "off duty"
    return f"full ({load})" if agent.capacity is not None and load >= agent.capacity else ""
