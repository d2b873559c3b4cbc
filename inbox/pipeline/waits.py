"""Waits of customers by the hundred thousand: columns of numbers, since a rehearsal needs all of them at once and little of each."""

from array import array
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from inbox.pipeline.standings import Standing
from inbox.sla.policy import Metric
from inbox.store.episodes import Episode

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
METRICS = (Metric.FIRST_REPLY, Metric.NEXT_REPLY)
MISSED, OWED = 2, 4
"""Bits of a wait's marks; the lowest one is its place in METRICS."""
NOT_YET, NOBODY, UNKNOWN = -1, 0, 0


@dataclass(slots=True)
class Waits:
    """A row a wait. Instants are whole microseconds since 1970 and NOT_YET for none; `answered_by` is an agent or NOBODY.

    `before` and `after` are places in `standings`: how the conversation stood once its message was decided on, under either
    rules; UNKNOWN where no decision is known.
    """

    clock: "array[int]" = field(default_factory=lambda: array("q"))
    started: "array[int]" = field(default_factory=lambda: array("q"))
    stopped: "array[int]" = field(default_factory=lambda: array("q"))
    answered_by: "array[int]" = field(default_factory=lambda: array("q"))
    marks: "array[int]" = field(default_factory=lambda: array("B"))
    before: "array[int]" = field(default_factory=lambda: array("i"))
    after: "array[int]" = field(default_factory=lambda: array("i"))
    references: list[str] = field(default_factory=list)
    standings: dict[Standing | None, int] = field(default_factory=lambda: {None: UNKNOWN})
    """Each with its place, in the order of the places: there are few different ones."""

    def __len__(self) -> int:
        return len(self.clock)

    def add(self, one: Episode, before: Standing | None, after: Standing | None) -> None:
        """One more."""
        self.clock.append(one.clock)
        self.started.append(_microseconds(one.started_at))
        self.stopped.append(NOT_YET if one.stopped_at is None else _microseconds(one.stopped_at))
        self.answered_by.append(one.answered_by or NOBODY)
        self.marks.append(METRICS.index(one.metric) + MISSED * one.missed + OWED * one.owed)
        self.before.append(self._place(before))
        self.after.append(self._place(after))
        last = self.references[-1] if self.references else ""
        self.references.append(last if last == one.reference else one.reference)  # one string a conversation

    def take(self, other: "Waits") -> None:
        """All of another's, behind these."""
        places = [self._place(one) for one in other.standings]
        for mine, theirs in zip(self._numbers(), other._numbers(), strict=True):
            mine.extend(theirs)
        self.before.extend(places[one] for one in other.before)
        self.after.extend(places[one] for one in other.after)
        self.references += other.references

    def in_order(self) -> "Waits":
        """The same in the order of their clocks."""
        order = sorted(range(len(self)), key=self.clock.__getitem__)
        made = Waits(references=[self.references[number] for number in order], standings=self.standings)
        for mine, theirs in zip(made._numbers(), self._numbers(), strict=True):
            mine.extend(map(theirs.__getitem__, order))
        for mine, theirs in ((made.before, self.before), (made.after, self.after)):
            mine.extend(map(theirs.__getitem__, order))
        return made

    def metric(self, number: int) -> Metric:
        """Of which clock it is."""
        return METRICS[self.marks[number] & 1]

    def _numbers(self) -> "tuple[array[int], ...]":
        return self.clock, self.started, self.stopped, self.answered_by, self.marks

    def _place(self, one: Standing | None) -> int:
        return self.standings.setdefault(one, len(self.standings))


def seconds(microseconds: int) -> float:
    """Seconds since 1970, as `datetime.timestamp` gives them."""
    return microseconds / 1_000_000


def instant(microseconds: int) -> datetime:
    """The instant."""
    return EPOCH + timedelta(microseconds=microseconds)


def _microseconds(at: datetime) -> int:
    return (at - EPOCH) // MICROSECOND
