"""A file that says who answers: agents, teams, shifts and absences at once, read as often as one likes."""

import tomllib
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import typer
from pydantic import Field

from inbox.cli.context import Context
from inbox.domain.acts import By
from inbox.domain.ids import AgentId
from inbox.domain.options import checked
from inbox.domain.people import Absence, Agent, Shift
from inbox.domain.problems import Misconfigured, Problem
from inbox.pipeline import staff
from inbox.pipeline.week import days, hours
from inbox.settings.values import Table, Zone
from inbox.store import people
from inbox.store.unit import Unit


class AgentSeed(Table):
    """One `[[agent]]`."""

    handle: str = Field(min_length=1)
    name: str = ""
    address: str = ""
    language: str = "en"
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    capacity: int | None = Field(default=None, ge=0)
    lead: bool = False
    admin: bool = False
    company: str = ""
    disabled: bool = False


class TeamSeed(Table):
    """One `[[team]]`; members by handle."""

    name: str = Field(min_length=1)
    title: str = ""
    members: tuple[str, ...] = ()


class ShiftSeed(Table):
    """One `[[shift]]`: `days = "sat-wed"`, `hours = "08:30-17:00"`."""

    agent: str
    days: str
    hours: str
    zone: Zone | None = None


class AbsenceSeed(Table):
    """One `[[absence]]`, from an instant until another; without an offset they are in the site's zone."""

    agent: str
    start: datetime = Field(alias="from")
    end: datetime = Field(alias="until")
    reason: str = ""


class Seeds(Table):
    """The whole file."""

    agent: tuple[AgentSeed, ...] = ()
    team: tuple[TeamSeed, ...] = ()
    shift: tuple[ShiftSeed, ...] = ()
    absence: tuple[AbsenceSeed, ...] = ()


def seed(context: Context, source: Path | None, named: str | None) -> bool:
    """Take over a file where one is named; False where one thing is named instead. Raises BadParameter for both or neither."""
    if (source is None) == (named is None):
        raise typer.BadParameter(context.say("cli.one_or_file"))
    if source is None:
        return False
    seeds = read(source)
    context.store.write_now(plant, seeds, context.zone, context.by(), context.now())
    counts = {name: len(getattr(seeds, name)) for name in ("agent", "team", "shift", "absence")}
    context.printer.done("cli.seeded", file=source, **counts)
    return True


def read(file: Path) -> Seeds:
    """The file. Raises Misconfigured."""
    try:
        return checked(Seeds, tomllib.loads(file.read_text(encoding="utf-8")), file.name)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Misconfigured("config.not_toml", where=str(file), reason=error) from error
    except OSError as error:
        raise Misconfigured("config.unreadable", where=str(file), reason=error.strerror) from error


def plant(unit: Unit, seeds: Seeds, zone: ZoneInfo, by: By, now: datetime) -> None:
    """All of it or nothing. Shifts and absences of an agent who is in the file are replaced."""
    for one in seeds.agent:
        values = one.model_dump() | {"name": one.name or one.handle, "languages": one.languages or (one.language,)}
        staff.put(unit, Agent(id=AgentId(0), **values), by, now)
    known = {agent.handle: agent.id for agent in people.roster(unit).agents}

    def agent(handle: str) -> AgentId:
        if handle not in known:
            raise Problem("cli.unknown_agent", handle=handle, known=", ".join(known) or "-")
        return known[handle]

    for team in seeds.team:
        staff.put_team(unit, team.name, team.title or team.name, [agent(h) for h in team.members], by, now)
    for handle in dict.fromkeys(shift.agent for shift in seeds.shift):
        people.remove_shifts(unit, agent(handle))
    for shift in seeds.shift:
        start, end = hours(shift.hours)
        for weekday in days(shift.days):
            people.put_shift(unit, Shift(agent(shift.agent), weekday, start, end, shift.zone or zone.key))
    there = {(absence.agent, absence.start) for absence in people.roster(unit).absences}
    for absence in seeds.absence:
        away = Absence(agent(absence.agent), _in(absence.start, zone), _in(absence.end, zone), absence.reason)
        if (away.agent, away.start) not in there:
            staff.add_absence(unit, away, by, now)


def _in(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
