"""Assigning: who takes a conversation, by name or by a strategy, and why each other candidate did not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from inbox.domain import events as ev
from inbox.domain.assigning import Candidate, Choice, Obstacle, Reason
from inbox.domain.conversations import Conversation
from inbox.domain.people import Agent, Roster, Team
from inbox.pipeline.candidates import considered, obstacle_of
from inbox.pipeline.turn import Turn
from inbox.rulebook.decision import Assign, Decision
from inbox.sla.duty import gone
from inbox.store import history, rotation
from inbox.store.unit import Unit

REMEMBERED = timedelta(days=30)
"""How long `sticky` remembers who answered a contact."""


def chosen(turn: Turn, decision: Decision, roster: Roster) -> Decision:
    """The decision with whom its assignment comes to at this moment."""
    wanted = decision.effects.assign
    if wanted is None or not wanted.chooses:
        return decision
    return replace(decision, choice=choose(turn.unit, wanted, turn.conversation, roster, turn.now))


def hand_over(turn: Turn, decision: Decision, roster: Roster) -> None:
    """Do what was chosen, in the name of the rule that assigned; where it is theirs already there is nothing to tell."""
    if decision.choice is None:
        return
    agent = roster.agent(decision.choice.agent)
    id = agent.id if agent else None
    if id is None or id != turn.conversation.assignee:
        rule = ev.Actor("rule", name=decision.author("assign"))
        turn.tell(ev.Assigned("assigned", id, decision.choice.reason, decision.choice.considered), rule)


def choose(unit: Unit, wanted: Assign, matter: Conversation, roster: Roster, now: datetime) -> Choice:
    """The agent that a rule's `assign` comes to. A turn that somebody is given counts, also where it is not used."""
    if not wanted.by:
        return _named(wanted.agent, roster, now)
    team = roster.team(wanted.team)
    if team is None:
        return Choice("", Reason.NOBODY)
    has = _present(matter, team, roster, now)
    if wanted.keep and has is not None:
        return Choice(has.handle, Reason.KEPT)
    found = considered(unit, wanted, matter, team, roster, now)
    all_of_them = tuple(candidate for _, candidate in found)
    fit = [(agent, candidate) for agent, candidate in found if not candidate.obstacle]
    if not fit:
        return Choice(has.handle if has else "", Reason.KEPT if has else Reason.NOBODY, all_of_them)
    agent, reason = _pick(unit, wanted.by, fit, matter, team, now)
    return Choice(agent.handle, reason, all_of_them)


def _named(handle: str, roster: Roster, now: datetime) -> Choice:
    """A name is a name: also outside of their shift and over their capacity, but not while they are gone."""
    agent = roster.agent(handle)
    if agent is None:
        return Choice("", Reason.NOBODY, (Candidate(handle, obstacle=Obstacle.UNKNOWN),))
    if gone(roster, agent, now):
        return Choice("", Reason.NOBODY, (Candidate(handle, obstacle=obstacle_of(roster, agent, now)),))
    return Choice(agent.handle, Reason.NAMED)


def _present(matter: Conversation, team: Team, roster: Roster, now: datetime) -> Agent | None:
    """Whoever of the team has it, unless they are gone."""
    agent = roster.agent_by_id(matter.assignee) if matter.assignee in team.members else None
    return None if agent is None or gone(roster, agent, now) else agent


def _pick(
    unit: Unit, by: str, fit: Sequence[tuple[Agent, Candidate]], matter: Conversation, team: Team, now: datetime
) -> tuple[Agent, Reason]:
    """One of those who can. Of equals, it is the turn of who was given something longest ago."""
    turns = rotation.of(unit, team.id)
    agent, reason = None, Reason.LEAST_BUSY
    if by == Reason.STICKY:
        last = history.answered_last(unit, matter.contact, now - REMEMBERED)
        agent, reason = next(((a, Reason.STICKY) for a, _ in fit if a.id == last), (None, reason))
    elif by == Reason.ROUND_ROBIN:
        agent, reason = min((a for a, _ in fit), key=lambda a: (turns.get(a.id, 0), a.id)), Reason.ROUND_ROBIN
    if agent is None:
        agent, _ = min(fit, key=lambda one: (one[1].load, turns.get(one[0].id, 0), one[0].id))
    rotation.took(unit, team.id, agent.id, max(turns.values(), default=0) + 1)
    return agent, reason
