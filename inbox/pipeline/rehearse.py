"""A rehearsal: which clocks would have been met, had the conversations stood otherwise; the queue replayed with the agents' own times.

What is assumed, and printed with the result: customers wrote when they wrote and went away when they did; each answer takes
the working time that it really took its agent, from the later of the message and their answer before, three of their usual
times at most; an agent does one thing after the other; every strategy gives to the least busy. Only reply clocks are
rehearsed: when a matter is done depends on what is said in it.

The comparison that means something is between two rehearsals; what really happened stands beside them, to judge the model.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from inbox.domain.people import Roster
from inbox.pipeline.crew import crew
from inbox.pipeline.duties import NEVER
from inbox.pipeline.floor import Hand, play
from inbox.pipeline.owed import Dues, owed
from inbox.pipeline.queue import Ends, Queue
from inbox.pipeline.waits import MISSED, NOBODY, NOT_YET, OWED, Waits, seconds
from inbox.sla.board import Terms
from inbox.sla.hours import Calendar
from inbox.sla.policy import Metric

SHOWN = 20
"""Conversations that are named on each side."""
VERDICTS = ("met", "missed", "open", "none")
MET, LATE, OPEN, NONE = range(4)
"""Verdicts by their places: fields of Count."""


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


def rehearse(
    waits: Waits, roster: Roster, terms: Terms, until: datetime, *, usual: Calendar | None = None
) -> Rehearsal:
    """The queue of these waits, twice: as the conversations stood after what was decided, and as other rules had left them.

    `until`: the end of the window, at which what is not due yet is open. Pure, and the same each time.
    """
    if not waits:
        return Rehearsal(_counts(), _counts(), _counts(), {})
    waits = waits.in_order()
    hands, took = crew(waits, roster, usual, until)
    dues, end = Dues(terms), until.timestamp()
    before = owed(waits, waits.before, took, dues)
    first = _Played.of(before, hands, end)
    if waits.before == waits.after:
        return _rehearsal(waits, first, first, end)
    return _rehearsal(waits, first, _Played.of(owed(waits, waits.after, took, dues, before), hands, end), end)


@dataclass(frozen=True, slots=True)
class _Played:
    """How each wait ended in one rehearsal, and what is to be said of that."""

    ends: Ends
    verdicts: bytes

    @classmethod
    def of(cls, work: Queue, hands: Mapping[str, Hand], until: float) -> "_Played":
        ends = play(work, hands, until)
        return cls(ends, bytes(_verdict(work, ends, number, until) for number in range(len(work))))


def _verdict(work: Queue, ends: Ends, number: int, until: float) -> int:
    due, end = work.due[number], ends.at[number]
    if work.out[number] or due == NEVER or (end == NEVER and work.gone[number] < min(due, until)):
        return NONE
    if end <= due:
        return MET if end < NEVER else OPEN
    return LATE if due < until else OPEN


def _real(waits: Waits, number: int, until: float) -> int:
    marks, stopped = waits.marks[number], waits.stopped[number]
    unanswered = stopped != NOT_YET and waits.answered_by[number] == NOBODY
    if not marks & OWED or (unanswered and not marks & MISSED):
        return NONE
    if marks & MISSED:
        return LATE
    return MET if stopped != NOT_YET and seconds(stopped) < until else OPEN


def _counts() -> dict[Metric, Count]:
    return {metric: Count() for metric in (Metric.FIRST_REPLY, Metric.NEXT_REPLY)}


def _rehearsal(waits: Waits, first: _Played, second: _Played, until: float) -> Rehearsal:
    tables = real, before, after = _counts(), _counts(), _counts()
    for number, pair in enumerate(zip(first.verdicts, second.verdicts, strict=True)):
        metric = waits.metric(number)
        for table, verdict in zip(tables, (_real(waits, number, until), *pair), strict=True):
            count, name = table[metric], VERDICTS[verdict]
            setattr(count, name, getattr(count, name) + 1)
    turned = [list(_turned(first, second, pair)) for pair in ((LATE, MET), (MET, LATE))]
    better, worse = (tuple(dict.fromkeys(waits.references[number] for number in one))[:SHOWN] for one in turned)
    return Rehearsal(real, before, after, _handled(first, second), (len(turned[0]), len(turned[1])), better, worse)


def _turned(first: _Played, second: _Played, pair: tuple[int, int]) -> Iterator[int]:
    verdicts = zip(first.verdicts, second.verdicts, strict=True)
    return (number for number, one in enumerate(verdicts) if one == pair)


def _handled(first: _Played, second: _Played) -> dict[str, tuple[int, int]]:
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for place, played in enumerate((first, second)):
        for name, count in played.ends.handled().items():
            found[name][place] = count
    return {name: (one, other) for name, (one, other) in sorted(found.items())}
