"""A rehearsal: which clocks would have been met, had the conversations stood otherwise; the queue replayed with the agents' own times.

What is assumed, and printed with the result: customers wrote when they wrote and went away when they did; each answer takes
the working time that it really took its agent, from the later of the message and their answer before, three of their usual
times at most; an agent does one thing after the other; every strategy gives to the least busy. Only reply clocks are
rehearsed: when a matter is done depends on what is said in it.

The comparison that means something is between two rehearsals; what really happened stands beside them, to judge the model.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from inbox.domain.conversations import Priority
from inbox.domain.ids import AgentId, ConversationId
from inbox.domain.people import Roster
from inbox.pipeline.backtest import Standing, Step
from inbox.pipeline.duties import NEVER, duty
from inbox.pipeline.floor import End, Hand, Work, play
from inbox.rulebook.values import NONE
from inbox.sla.board import Terms
from inbox.sla.durations import after
from inbox.sla.hours import Calendar
from inbox.sla.policy import Metric
from inbox.store.episodes import Episode

UNKNOWN = timedelta(minutes=10)
"""What an answer takes while nobody has given any."""
LONGEST = 3
"""How many of an agent's usual times one answer takes at most: a pause is no work."""
AHEAD = timedelta(days=14)
"""How far behind the window duty is laid out, for what is not done within it."""
CLOSED = ("spam", "done")


@dataclass(slots=True)
class Count:
    """How clocks ended: answered in time or not; `open`: neither, so far; `none`: nothing was owed."""

    met: int = 0
    missed: int = 0
    open: int = 0
    none: int = 0

    @property
    def share(self) -> float:
        """The share of the judged ones that were met; 1 where none was."""
        judged = self.met + self.missed
        return self.met / judged if judged else 1.0


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came of it, by metric: as it was, rehearsed with what was decided, and rehearsed with the other rules.

    `handled`: answers by agent in the two rehearsals. `turned`: how many clocks would be met instead of missed, and the other
    way round; `better` and `worse`: the first conversations of each.
    """

    real: Mapping[Metric, Count]
    before: Mapping[Metric, Count]
    after: Mapping[Metric, Count]
    handled: Mapping[str, tuple[int, int]]
    turned: tuple[int, int] = (0, 0)
    better: tuple[str, ...] = ()
    worse: tuple[str, ...] = ()


Steps = Mapping[ConversationId, tuple[Step, ...]]
SHOWN = 20


def rehearse(
    episodes: Sequence[Episode],
    steps: Steps,
    roster: Roster,
    terms: Terms,
    until: datetime,
    *,
    usual: Calendar | None = None,
) -> Rehearsal:
    """The queue of these waits, twice: as the conversations stood after what was decided, and as other rules had left them.

    `until`: the end of the window, at which what is not due yet is open. Pure, and the same each time.
    """
    if not episodes:
        return Rehearsal(_counts(), _counts(), _counts(), {})
    crew, dues = _Crew.of(episodes, roster, usual, until), _Dues(terms)
    stands = [_stood(steps.get(one.conversation, ()), one.started_at) for one in episodes]
    before = [crew.work(number, one, stands[number][0], dues) for number, one in enumerate(episodes)]
    # What stands alike is the same work: most of it, and the same end where all of it does.
    after_ = [
        before[number] if stands[number][0] == stands[number][1] else crew.work(number, one, stands[number][1], dues)
        for number, one in enumerate(episodes)
    ]
    first = _played(before, crew, until.timestamp())
    ends = [first, first if before == after_ else _played(after_, crew, until.timestamp())]
    return _rehearsal(episodes, ends, until)


def _played(work: Sequence[Work | None], crew: "_Crew", until: float) -> tuple[list[str], list[End]]:
    ends = play([one for one in work if one is not None], crew.hands, until)
    return _judged(work, ends, until)


def _stood(steps: tuple[Step, ...], at: datetime) -> tuple[Standing | None, Standing | None]:
    """How a conversation stood once the message at `at` was decided on, under either rules; None where no decision is known."""
    if not steps:
        return None, None
    place = min(bisect_left(steps, at, key=lambda step: step[0]), len(steps) - 1)
    return steps[place][1:]


class _Dues:
    """When a wait is due, in seconds since 1970; the targets are looked up once."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms

    def of(self, metric: Metric, stand: Standing, at: datetime) -> float:
        policy = self._terms.policies.get(stand.policy)
        target = policy.target(metric, Priority(stand.priority)) if policy is not None else None
        if target is None or target.hours not in self._terms.calendars:
            return NEVER
        return after(self._terms.calendars[target.hours], at, target.duration).timestamp()


@dataclass(frozen=True, slots=True)
class _Crew:
    """Who works, and how long each answer took."""

    hands: Mapping[str, Hand]
    took: Mapping[int, float]

    @classmethod
    def of(cls, episodes: Sequence[Episode], roster: Roster, usual: Calendar | None, until: datetime) -> "_Crew":
        since = min(one.started_at for one in episodes)
        duties = {agent.id: duty(roster, agent, usual, since, until + AHEAD) for agent in roster.agents}
        took, times = _took(episodes, lambda id, at: duties[id].worked(at) if id in duties else 0.0)
        known = [seconds for each in times.values() for seconds in each]
        otherwise = median(known) if known else UNKNOWN.total_seconds()
        hands = {}
        for agent in roster.agents:
            teams = frozenset(team.name for team in roster.teams if agent.id in team.members)
            own = median(times[agent.id]) if times.get(agent.id) else otherwise
            hands[agent.handle] = Hand(duties[agent.id], teams, agent.capacity, own)
        return cls(hands, took)

    def work(self, number: int, one: Episode, stand: Standing | None, dues: _Dues) -> Work | None:
        """The wait as a piece of work; None where the rules had closed the matter."""
        if stand is not None and stand.state in CLOSED:
            return None
        left = one.stopped_at.timestamp() if one.stopped_at is not None and one.answered_by is None else NEVER
        at, takes = one.started_at.timestamp(), self.took.get(number)
        if stand is None:
            return Work(at, left, takes=takes)
        weight, due = Priority(stand.priority).weight, dues.of(one.metric, stand, one.started_at)
        team, assignee = (_name(name) for name in (stand.team, stand.assignee))
        return Work(at, left, weight, due, team, assignee, takes)


def _name(name: str) -> str:
    return "" if name == NONE else name


def _took(
    episodes: Sequence[Episode], worked: Callable[[AgentId, float], float]
) -> tuple[dict[int, float], dict[AgentId, list[float]]]:
    """The working seconds of each answer by its number, and all those of each agent."""
    answers: dict[AgentId, list[tuple[float, float, int]]] = defaultdict(list)
    for number, one in enumerate(episodes):
        if one.answered_by is not None and one.stopped_at is not None:
            answers[one.answered_by].append((one.stopped_at.timestamp(), one.started_at.timestamp(), number))
    found, times = dict[int, float](), dict[AgentId, list[float]]()
    for agent, given in answers.items():
        mine, last = dict[int, float](), 0.0
        for stopped, started, number in sorted(given):
            seconds = worked(agent, stopped) - worked(agent, max(started, last))
            if seconds > 0:
                mine[number] = seconds
            last = stopped
        if mine:
            times[agent] = list(mine.values())
            most = LONGEST * median(times[agent])
            found.update((number, min(seconds, most)) for number, seconds in mine.items())
    return found, times


def _judged(work: Sequence[Work | None], played: Iterable[End], until: float) -> tuple[list[str], list[End]]:
    """A verdict for each wait (the name of a field of Count), and its end."""
    verdicts, ends, left = [], [], iter(played)
    for one in work:
        end = End() if one is None else next(left)
        verdicts.append("none" if one is None else _verdict(one, end, until))
        ends.append(end)
    return verdicts, ends


def _verdict(one: Work, end: End, until: float) -> str:
    if one.due == NEVER or (end.at == NEVER and one.gone < min(one.due, until)):
        return "none"
    if end.at <= one.due:
        return "met" if end.at < NEVER else "open"
    return "missed" if one.due < until else "open"


def _real(one: Episode, until: datetime) -> str:
    if not one.owed or (one.stopped_at is not None and one.answered_by is None and not one.missed):
        return "none"
    if one.missed:
        return "missed"
    return "met" if one.stopped_at is not None and one.stopped_at < until else "open"


def _counts() -> dict[Metric, Count]:
    return {metric: Count() for metric in (Metric.FIRST_REPLY, Metric.NEXT_REPLY)}


def _rehearsal(episodes: Sequence[Episode], ends: list[tuple[list[str], list[End]]], until: datetime) -> Rehearsal:
    tables = real, before, after_ = _counts(), _counts(), _counts()
    handled: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    better, worse = list[str](), list[str]()
    (then, then_ends), (now, now_ends) = ends
    for number, one in enumerate(episodes):
        for table, verdict in zip(tables, (_real(one, until), then[number], now[number]), strict=True):
            count = table[one.metric]
            setattr(count, verdict, getattr(count, verdict) + 1)
        for place, end in enumerate((then_ends[number], now_ends[number])):
            if end.by:
                handled[end.by][place] += 1
        if (then[number], now[number]) == ("missed", "met"):
            better.append(one.reference)
        if (then[number], now[number]) == ("met", "missed"):
            worse.append(one.reference)
    firsts = [tuple(dict.fromkeys(found))[:SHOWN] for found in (better, worse)]
    shares = {name: (one, other) for name, (one, other) in sorted(handled.items())}
    turned = len(better), len(worse)
    return Rehearsal(real, before, after_, shares, turned, *firsts)
