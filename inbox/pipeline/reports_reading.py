"""What every report reads by: the period in steps, the filters as the store takes them, percentiles of counts, and the queries behind."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from inbox.domain.ids import AgentId
from inbox.domain.measures import Measure, day_of, number_of
from inbox.domain.people import Roster
from inbox.domain.problems import Problem
from inbox.pipeline.reports_shape import Asked, Cell, Chart, Column, ReportTable
from inbox.store import channels, organizations, people
from inbox.store.rolled import By, Step, Where, sums
from inbox.store.unit import Unit
from inbox.text.queries import Filter
from inbox.text.queries_names import NONE

DAILY = 62
"""Days up to which each is a row of its own; of longer periods a row is a week."""
FEW = 10
"""Shares of fewer ratings than these are not told: one customer would move them by tens of points."""
_MONDAY, _SATURDAY = 3, 5
"""How many days before 1970 the last week began."""
LONGEST = 36_600
"""Days of a period."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One report being read."""

    unit: Unit
    asked: Asked
    where: Where
    step: Step
    roster: Roster
    zone: ZoneInfo
    now: datetime

    # -- what is counted -----------------------------------------------------------------------------------------------
    def sums(self, measures: Measure | Sequence[Measure], *by: By, where: Where | None = None) -> list[tuple[Any, ...]]:
        """`inbox.store.rolled.sums` in this period and by these filters."""
        several = (measures,) if isinstance(measures, Measure) else measures
        return sums(self.unit, several, where or self.where, by, self.step)

    def counts(self, measures: Measure | Sequence[Measure], *by: By) -> Counter[Any]:
        """The same by what it is counted by: a value, or several together."""
        found: Counter[Any] = Counter()
        for *keys, n in self.sums(measures, *by):
            found[keys[0] if len(keys) == 1 else tuple(keys)] += n
        return found

    @property
    def steps(self) -> list[int]:
        """The first day of each row of what runs over time."""
        days = range(self.step.of(self.where.since), self.where.until, self.step.days)
        return list(days)

    @property
    def working(self) -> bool:
        """Whether durations are told in working time."""
        return self.asked.hours == "working"

    @property
    def began(self) -> datetime:
        """The first instant of the period."""
        return datetime.combine(self.asked.since, time(), self.zone)

    @property
    def ends(self) -> datetime:
        """The first instant behind it."""
        return datetime.combine(self.asked.until, time(), self.zone)

    # -- what is behind ------------------------------------------------------------------------------------------------
    def behind(self, what: str, *parts: object, step: int | None = None, **more: str) -> str:
        """The query for the conversations of which a fact is counted in the period, or in one step of it."""
        since, until = self.where.since, self.where.until
        if step is not None:
            since, until = max(since, step), min(until, step + self.step.days)
        named = "/".join((what, *(str(part) for part in parts)))
        value = f"{named}@{day_of(since).isoformat()}..{day_of(until - 1).isoformat()}"
        filters = {
            "team": self.asked.team,
            "channel": self.asked.channel,
            "tag": self.asked.tag,
            "organization": self.asked.organization,
            **more,
        }
        asked = [Filter("counted", value), *(Filter(name, said) for name, said in filters.items() if said)]
        return " ".join(str(one) for one in asked)

    def agent(self, id: int) -> str:
        """The handle of an agent, empty for nobody."""
        found = self.roster.agent_by_id(AgentId(id)) if id else None
        return found.handle if found else ""


def reading(unit: Unit, asked: Asked, zone: ZoneInfo, now: datetime) -> Reading:
    """What was asked, by ids. Raises Problem for a period without days, and for names that nobody has."""
    days = (asked.until - asked.since).days
    if not 0 < days <= LONGEST:
        raise Problem("report.no_days", since=asked.since.isoformat(), until=asked.until.isoformat())
    roster = people.roster(unit)
    where = Where(
        number_of(asked.since),
        number_of(asked.until),
        _channel(unit, asked.channel),
        _team(roster, asked.team),
        asked.tag,
        _organization(unit, asked.organization),
    )
    weekly = Step(7, _SATURDAY if asked.language == "fa" else _MONDAY)
    return Reading(unit, asked, where, Step() if days <= DAILY else weekly, roster, zone, now)


def _team(roster: Roster, name: str) -> int | None:
    if not name:
        return None
    if name == NONE:
        return 0
    found = roster.team(name)
    if found is None:
        raise Problem("report.unknown_team", name=name, known=", ".join([NONE, *(team.name for team in roster.teams)]))
    return int(found.id)


def _channel(unit: Unit, name: str) -> str:
    known = [str(row.name) for row in channels.seen(unit)] if name else []
    if name and name not in known:
        raise Problem("report.unknown_channel", name=name, known=", ".join(known) or "-")
    return name


def _organization(unit: Unit, name: str) -> int | None:
    if not name:
        return None
    found = organizations.named(unit, name)
    if found is None:
        raise Problem("report.unknown_organization", name=name)
    return int(found.id)


# -- numbers -----------------------------------------------------------------------------------------------------------
def rank(counts: Mapping[int, int], percent: int) -> int | None:
    """The nearest rank: a value that so many of a hundred do not pass, and that somebody really had."""
    wanted, seen = -(-percent * sum(counts.values()) // 100), 0
    for value in sorted(counts):
        seen += counts[value]
        if counts[value] and seen >= wanted:
            return value
    return None


def seconds(minutes: int | None) -> int | None:
    """Minutes as tables tell durations."""
    return None if minutes is None else minutes * 60


def spread(counts: Mapping[int, int]) -> tuple[int, int | None, int | None]:
    """How many, the middle one, and the one that nine of ten did not pass; in seconds."""
    return sum(counts.values()), seconds(rank(counts, 50)), seconds(rank(counts, 90))


def share(part: int, whole: int, least: int = 1) -> float | None:
    """A part of a whole, to four digits; None of fewer than `least`."""
    return round(part / whole, 4) if whole >= least else None


def split(counts: Mapping[tuple[Any, int], int]) -> dict[Any, Counter[int]]:
    """Counts by (something, value) as counts by value for each of these."""
    found: dict[Any, Counter[int]] = {}
    for (key, value), n in counts.items():
        found.setdefault(key, Counter())[value] += n
    return found


# -- tables ------------------------------------------------------------------------------------------------------------
Linked = Cell | tuple[Cell, str]
"""A cell, or one with the query behind it."""


def table(
    name: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Linked]],
    n: int,
    chart: Chart = "",
    drawn: Sequence[str] = (),
    target: float | None = None,
) -> ReportTable:
    """A table whose cells carry what is behind them."""
    cells = tuple(tuple(x[0] if isinstance(x, tuple) else x for x in row) for row in rows)
    links = tuple(tuple(x[1] if isinstance(x, tuple) else "" for x in row) for row in rows)
    some = any(link for row in links for link in row)
    return ReportTable(name, tuple(columns), cells, n, links if some else (), chart, tuple(drawn), target)


def local_minute(now: datetime, zone: ZoneInfo) -> tuple[int, int]:
    """The day and the minute of it that an instant is where we are."""
    local = now.astimezone(zone)
    return number_of(local.date()), local.hour * 60 + local.minute


def tomorrow(now: datetime, zone: ZoneInfo) -> int:
    """The day behind the present one."""
    return number_of((now.astimezone(zone) + timedelta(days=1)).date())
