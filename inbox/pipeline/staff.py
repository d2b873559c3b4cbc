"""Changing who we are: agents and their roles, teams, shifts and absences; each act in the audit log, whoever does it and where.

A change of what somebody may do ends their sessions: what they see from then on is what they may.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime

from inbox.domain.acts import Act, By
from inbox.domain.ids import AgentId, TeamId
from inbox.domain.people import Absence, Agent, Shift
from inbox.domain.problems import Problem
from inbox.pipeline.week import NAMES
from inbox.store import audit, credentials, entry, people
from inbox.store.entry import Purpose
from inbox.store.unit import Unit

ROLE = ("lead", "admin")
PLAIN = tuple(f.name for f in fields(Agent) if f.name not in ("id", "handle", "disabled", *ROLE))


def put(unit: Unit, agent: Agent, by: By, now: datetime, *, keep: str = "", fresh: bool = False) -> AgentId:
    """Add an agent, or change the one of that handle; with `fresh` there must be none.

    `keep`: the digest of a session that a change of role leaves alone, for those who change their own. Raises Problem where the
    address belongs to somebody else, or an admin takes the last admin's role away.
    """
    roster = people.roster(unit)
    before = next((one for one in roster.agents if one.handle == agent.handle), None)
    if fresh and before is not None:
        raise Problem("people.handle_taken", handle=agent.handle)
    _unlike(agent, roster.agents)
    if agent.company and agent.leads:
        raise Problem("people.outsider_leads", handle=agent.handle, company=agent.company)
    if before is not None:
        _still_administered(before, agent, roster.agents, by)
    id = people.put_agent(unit, agent)
    if before is None:
        audit.record(unit, Act.AGENT_ADDED, by, now, about=id, detail=[agent.role])
        return id
    changed = [name for name in PLAIN if getattr(before, name) != getattr(agent, name)]
    if changed:
        audit.record(unit, Act.AGENT_CHANGED, by, now, about=id, detail=changed)
    if before.disabled != agent.disabled:
        if agent.disabled:
            _shut(unit, id, now)
        audit.record(unit, Act.DISABLED if agent.disabled else Act.ENABLED, by, now, about=id)
    if any(getattr(before, name) != getattr(agent, name) for name in (*ROLE, "company")):
        entry.end_sessions(unit, id, keep)
        audit.record(unit, Act.ROLE_CHANGED, by, now, about=id, detail=[before.role, agent.role])
    return id


def _unlike(agent: Agent, others: Iterable[Agent]) -> None:
    """An address and a handle name one person: who signs in, or answers by mail, must be one."""
    mine = {name.lower() for name in (agent.handle, agent.address) if name}
    for other in others:
        taken = mine & {name.lower() for name in (other.handle, other.address) if name}
        if other.handle != agent.handle and taken:
            raise Problem("people.address_taken", address=", ".join(sorted(taken)), handle=other.handle)


def _still_administered(before: Agent, after: Agent, others: Sequence[Agent], by: By) -> None:
    """At the web, the last admin stays: only the owner of the site's files could make another."""
    left = [one for one in others if one.admin and not one.disabled and one.handle != before.handle]
    loses = before.admin and not before.disabled and (after.disabled or not after.admin)
    if loses and not left and by.who == "agent" and by.via == "web":
        raise Problem("people.last_admin", handle=before.handle)


def edit(unit: Unit, agent: Agent, by: By, now: datetime, *, keep: str = "", fresh: bool = False) -> AgentId:
    """The same of a form, which says nothing of whether they are disabled: that is as it is by now."""
    return put(unit, replace(agent, disabled=_now(unit, agent).disabled), by, now, keep=keep, fresh=fresh)


def rename(unit: Unit, agent: Agent, name: str, by: By, now: datetime) -> None:
    """How an agent is called; all else is as it is by now, their role above all."""
    put(unit, replace(_now(unit, agent), name=name), by, now)


def reads(unit: Unit, id: AgentId, language: str, by: By, now: datetime) -> None:
    """The language that an agent reads; all else is as it is by now."""
    known = people.roster(unit).agent_by_id(id)
    if known is not None:
        put(unit, replace(known, language=language), by, now)


def set_disabled(unit: Unit, agent: Agent, disabled: bool, by: By, now: datetime) -> None:
    """An agent who left, or is back: their conversations stay as they are. Disabled, they are signed out and their links are void."""
    put(unit, replace(_now(unit, agent), disabled=disabled), by, now)


def _now(unit: Unit, agent: Agent) -> Agent:
    """The agent as the store has them in this unit: what a page showed may be other by now."""
    return people.roster(unit).agent_by_id(agent.id) or agent


def _shut(unit: Unit, id: AgentId, now: datetime) -> None:
    entry.end_sessions(unit, id)
    entry.spend_all(unit, id, now)


def pass_for(unit: Unit, agent: Agent, purpose: Purpose, digest: str, by: By, now: datetime) -> datetime:
    """A one-time link by which an agent sets a password; when it is over. Raises Problem for one who is disabled."""
    if agent.disabled:
        raise Problem("people.disabled", handle=agent.handle)
    act = Act.INVITED if purpose == "invite" else Act.RESET
    audit.record(unit, act, by, now, about=agent.id)
    return entry.add_pass(unit, purpose, digest, agent.id, now)


def without_codes(unit: Unit, agent: Agent, by: By, now: datetime) -> None:
    """An agent who lost their telephone is asked for no code any more, and signed out everywhere."""
    credentials.clear_totp(unit, agent.id)
    entry.end_sessions(unit, agent.id)
    audit.record(unit, Act.CODES_OFF, by, now, about=agent.id)


def put_team(unit: Unit, name: str, title: str, members: Sequence[AgentId], by: By, now: datetime) -> TeamId:
    """Add a team, or change its title and members."""
    known = people.roster(unit)
    before = known.team(name)
    id = people.put_team(unit, name, title, members)
    handles = [agent.handle for agent in known.agents if agent.id in set(members)]
    act = Act.TEAM_ADDED if before is None else Act.TEAM_CHANGED
    if before is None or (before.title, set(before.members)) != (title, set(members)):
        audit.record(unit, act, by, now, name=name, detail=handles)
    return id


def put_shifts(unit: Unit, shifts: Sequence[Shift], by: By, now: datetime) -> None:
    """Add weekly stretches of duty of one agent."""
    for shift in shifts:
        people.put_shift(unit, shift)
    if shifts:
        told = [f"{NAMES[s.weekday]} {s.start:%H:%M}-{s.end:%H:%M}" for s in shifts]
        audit.record(unit, Act.SHIFT_ADDED, by, now, about=shifts[0].agent, detail=told)


def clear_shifts(unit: Unit, agent: AgentId, by: By, now: datetime) -> int:
    """Take an agent off all shifts; how many there were."""
    count = people.remove_shifts(unit, agent)
    audit.record(unit, Act.SHIFTS_CLEARED, by, now, about=agent)
    return count


def add_absence(unit: Unit, absence: Absence, by: By, now: datetime) -> None:
    """An agent will be away."""
    people.add_absence(unit, absence)
    audit.record(unit, Act.ABSENCE_ADDED, by, now, about=absence.agent)
