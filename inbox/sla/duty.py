"""Duty: which agents work at an instant, by their weekly shifts and their absences."""

from datetime import date, datetime, timedelta

from inbox.domain.people import Agent, Roster, Shift
from inbox.sla.hours import Calendar, wall_clock


def gone(roster: Roster, agent: Agent, now: datetime) -> bool:
    """Disabled or absent: what they have is no longer held for them. The end of a shift is not that."""
    return agent.disabled or any(a.agent == agent.id and a.start <= now < a.end for a in roster.absences)


def on_duty(roster: Roster, agent: Agent, now: datetime) -> bool:
    """Enabled, not absent, and on a shift; someone without any shift is on duty whenever they are not absent."""
    if gone(roster, agent, now):
        return False
    shifts = [s for s in roster.shifts if s.agent == agent.id]
    return not shifts or any(_covers(s, now) for s in shifts)


def works_on(roster: Roster, agent: Agent, day: date, usual: Calendar | None) -> bool:
    """Whether a day is one of work: of someone with shifts one on which a shift begins, of others one on which the house is open by
    its usual hours; any day where there are none."""
    shifts = [s for s in roster.shifts if s.agent == agent.id]
    if shifts:
        return any(s.weekday == day.weekday() for s in shifts)
    return usual is None or bool(usual.hours.spans(day))


def _covers(shift: Shift, now: datetime) -> bool:
    local = wall_clock(now, shift.zone)
    wall = local.time().replace(tzinfo=None)
    if shift.start < shift.end:
        return local.weekday() == shift.weekday and shift.start <= wall < shift.end
    before = (local - timedelta(days=1)).weekday()  # it began the evening before
    return (local.weekday() == shift.weekday and wall >= shift.start) or (before == shift.weekday and wall < shift.end)


def agents_on_duty(roster: Roster, team: str | None, now: datetime) -> list[Agent]:
    """Who works now, of one team or of all."""
    chosen = roster.team(team) if team else None
    members = None if chosen is None else set(chosen.members)
    return [a for a in roster.agents if (members is None or a.id in members) and on_duty(roster, a, now)]
