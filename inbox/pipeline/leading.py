"""The lead's board: who waits, who has how much, how the channels stand, and what came of a period. The definitions: docs/reports.md."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import Literal
from zoneinfo import ZoneInfo

from inbox.domain.ids import AgentId, TeamId
from inbox.domain.people import Agent, Roster
from inbox.domain.promises import PromiseKind
from inbox.domain.ratings import Figures, Survey
from inbox.sla.calibration import Kept, by, kept
from inbox.sla.duty import gone, on_duty
from inbox.store import pages, people, ratings, standing
from inbox.store.counted import FirstReply, Flow, first_replies, flow
from inbox.store.promises_counted import counted
from inbox.store.standing import Due, Health, Open
from inbox.store.unit import Unit

PERIODS = (7, 30, 90)
"""Days that a board can look back on; today is the last of them."""
Group = Literal["team", "channel"]
_By = Literal["", "team", "agent", "channel"]


@dataclass(frozen=True, slots=True)
class Queue:
    """The open conversations of a team; `name` and `title` are empty for those that no team has."""

    name: str
    title: str
    open: int
    unassigned: int
    late: int
    soon: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Load:
    """What one agent has open. `capacity` None: no limit. `there`: on shift now; `away`: absent, whatever the shift says."""

    handle: str
    name: str
    open: int
    late: int
    capacity: int | None
    there: bool
    away: bool


@dataclass(frozen=True, slots=True)
class Spread:
    """`n` waits in seconds: the middle one, and the one that nine of ten did not pass. None where there are none."""

    n: int
    p50: float | None
    p90: float | None

    @classmethod
    def of(cls, waits: Sequence[float]) -> "Spread":
        """Nearest rank: each is a wait that somebody really had."""
        ordered = sorted(waits)
        return cls(len(ordered), _rank(ordered, 0.5), _rank(ordered, 0.9))


@dataclass(frozen=True, slots=True)
class Day:
    """What came in and what was done on a local day, by team name and by channel."""

    on: date
    came: Counter[tuple[Group, str]]
    done: Counter[tuple[Group, str]]


@dataclass(frozen=True, slots=True)
class Rated:
    """What came of a survey: in all (`by` empty), or for one team, agent or channel; `name` and `title` are empty for none."""

    by: _By
    name: str
    title: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class LeadsBoard:
    """All of it at one instant. Lists of conversations are cut; the counts are whole."""

    now: datetime
    since: datetime
    days: int
    queues: tuple[Queue, ...]
    loads: tuple[Load, ...]
    late: tuple[Due, ...]
    soon: tuple[Due, ...]
    unanswered: tuple[pages.Unanswered, ...]
    """Pages that were given up, and that nobody has acknowledged since."""
    health: tuple[Health, ...]
    promises: Kept
    promises_by: dict[str, Kept]
    """By channel."""
    calendar: Spread
    working: Spread
    flow: tuple[Day, ...]
    ratings: tuple[Rated, ...] = ()


def board(unit: Unit, zone: ZoneInfo, days: int, now: datetime) -> LeadsBoard:
    """The board, in one reading of the store. `days`: one of PERIODS, or any other number from 1 on."""
    today = now.astimezone(zone).date()
    since = datetime.combine(today - timedelta(days=days - 1), time(), zone)
    roster, opened = people.roster(unit), standing.opened(unit, now)
    told = [one for one in counted(unit, since, now) if not one.renewed and one.kind is PromiseKind.ANSWER]
    replies = first_replies(unit, since, now)
    return LeadsBoard(
        now=now,
        since=since,
        days=days,
        queues=tuple(_queues(roster, opened)),
        loads=tuple(_load(roster, agent, opened, now) for agent in roster.agents if not agent.disabled),
        late=tuple(standing.due(unit, None, now)),
        soon=tuple(standing.due(unit, now, now + standing.SOON)),
        unanswered=tuple(pages.given_up(unit)),
        health=tuple(standing.health(unit)),
        promises=kept(told),
        promises_by=by(told, lambda one: one.channel),
        calendar=Spread.of([one.calendar for one in replies]),
        working=_working(replies),
        flow=tuple(_days(flow(unit, since, now), roster, zone, since.date(), days)),
        ratings=tuple(rated(ratings.counted(unit, since, now), roster)),
    )


def rated(found: Sequence[ratings.Counted], roster: Roster) -> list[Rated]:
    """The figures of each survey that was asked or answered: in all, then by team, agent and channel."""
    teams = {team.id: (team.name, team.called) for team in roster.teams}
    agents = {AgentId(agent.id): (agent.handle, agent.called) for agent in roster.agents}
    keys: dict[_By, Callable[[ratings.Counted], tuple[str, str]]] = {
        "": lambda _: ("", ""),
        "team": lambda one: teams.get(one.team, ("", "")) if one.team is not None else ("", ""),
        "agent": lambda one: agents.get(one.agent, ("", "")) if one.agent is not None else ("", ""),
        "channel": lambda one: (one.channel, one.channel),
    }
    made = []
    for survey in Survey:
        mine = [one for one in found if one.kind is survey]
        for by_what, key in keys.items():
            names = sorted({key(one) for one in mine})
            made += [Rated(by_what, *name, _figures(survey, [c for c in mine if key(c) == name])) for name in names]
    return made


def _figures(survey: Survey, counted: Sequence[ratings.Counted]) -> Figures:
    given: Counter[int] = Counter()
    for one in counted:
        if one.given and one.score is not None:
            given[one.score] += one.count
    asked = [one for one in counted if one.asked]
    answered = sum(one.count for one in asked if one.score is not None)
    return Figures(survey, dict(given), sum(one.count for one in asked), answered)


def _queues(roster: Roster, opened: Sequence[Open]) -> list[Queue]:
    """Every team, and what no team has where there is any."""
    found = [_queue(team.name, team.called, team.id, opened) for team in roster.teams]
    none = _queue("", "", None, opened)
    return [*found, none] if none.open else found


def _queue(name: str, title: str, team: TeamId | None, opened: Sequence[Open]) -> Queue:
    mine = [one for one in opened if one.team == team]
    return Queue(
        name,
        title,
        open=sum(one.count for one in mine),
        unassigned=sum(one.count for one in mine if one.agent is None),
        late=sum(one.late for one in mine),
        soon=sum(one.soon for one in mine),
        oldest=min((one.oldest for one in mine if one.oldest is not None), default=None),
    )


def _load(roster: Roster, agent: Agent, opened: Sequence[Open], now: datetime) -> Load:
    mine = [one for one in opened if one.agent == AgentId(agent.id)]
    return Load(
        agent.handle,
        agent.called,
        open=sum(one.count for one in mine),
        late=sum(one.late for one in mine),
        capacity=agent.capacity,
        there=on_duty(roster, agent, now),
        away=gone(roster, agent, now),
    )


def _working(replies: Sequence[FirstReply]) -> Spread:
    return Spread.of([one.working for one in replies if one.working is not None])


def _rank(ordered: Sequence[float], share: float) -> float | None:
    return ordered[ceil(share * len(ordered)) - 1] if ordered else None


def _days(found: Sequence[Flow], roster: Roster, zone: ZoneInfo, first: date, days: int) -> list[Day]:
    """Each day of the period, also those on which nothing happened."""
    teams = {team.id: team.name for team in roster.teams}
    made = [Day(first + timedelta(days=n), Counter(), Counter()) for n in range(days)]
    for one in found:
        day = made[(one.at.astimezone(zone).date() - first).days]
        counts = day.came if one.what == "in" else day.done
        counts["team", teams.get(one.team, "") if one.team is not None else ""] += one.count
        counts["channel", str(one.channel)] += one.count
    return made
