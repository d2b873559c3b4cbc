"""Work that waits, and how it ended, in columns: a rehearsal holds a whole past of it at once."""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from inbox.pipeline.duties import NEVER

UNTOLD = -1.0
"""In place of the seconds that a piece of work takes where nobody knows them."""
NOBODY = -1


@dataclass(frozen=True, slots=True)
class Work:
    """One waiting customer. `gone`: when they waited no more without an answer of ours; `takes`: seconds of work, None where
    nobody knows; `assignee`: a handle, `by <strategy>` or empty; `team` may be empty: then anybody takes it."""

    at: float
    gone: float = NEVER
    weight: int = 1
    due: float = NEVER
    team: str = ""
    assignee: str = ""
    takes: float | None = None


@dataclass(slots=True)
class Queue:
    """Pieces of work, a row each. Those that are `out` are none: their row only holds the place."""

    at: "array[float]" = field(default_factory=lambda: array("d"))
    gone: "array[float]" = field(default_factory=lambda: array("d"))
    due: "array[float]" = field(default_factory=lambda: array("d"))
    takes: "array[float]" = field(default_factory=lambda: array("d"))
    weight: "array[int]" = field(default_factory=lambda: array("b"))
    out: bytearray = field(default_factory=bytearray)
    team: "array[int]" = field(default_factory=lambda: array("i"))
    assignee: "array[int]" = field(default_factory=lambda: array("i"))
    names: list[str] = field(default_factory=list)
    """Teams and assignees, by the numbers that stand in their columns."""
    _places: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.at)

    def add(self, one: Work | None) -> None:
        """One more; None only takes a place."""
        self.out.append(one is None)
        one = one or Work(NEVER)
        self.at.append(one.at)
        self.gone.append(one.gone)
        self.due.append(one.due)
        self.takes.append(UNTOLD if one.takes is None else one.takes)
        self.weight.append(one.weight)
        self.team.append(self._name(one.team))
        self.assignee.append(self._name(one.assignee))

    def arriving(self) -> "array[int]":
        """The numbers of what is work, in the order in which it arrives."""
        there = (number for number, out in enumerate(self.out) if not out)
        return array("l", sorted(there, key=self.at.__getitem__))

    def _name(self, name: str) -> int:
        place = self._places.get(name)
        if place is None:
            place = self._places[name] = len(self.names)
            self.names.append(name)
        return place


def queue(work: Iterable[Work | None]) -> Queue:
    """A queue of these, in their order."""
    made = Queue()
    for one in work:
        made.add(one)
    return made


@dataclass(frozen=True, slots=True)
class End:
    """How one piece of work ended: when, by whom; NEVER and nobody where it was not done."""

    at: float = NEVER
    by: str = ""


@dataclass(slots=True)
class Ends:
    """How each piece of a queue ended."""

    crew: tuple[str, ...]
    places: dict[str, int]
    """Of each in the crew."""
    at: "array[float]"
    by: "array[int]"

    def __len__(self) -> int:
        return len(self.at)

    def __iter__(self) -> Iterator[End]:
        return (self[number] for number in range(len(self)))

    def __getitem__(self, number: int) -> End:
        by = self.by[number]
        return End(self.at[number], "" if by == NOBODY else self.crew[by])

    def handled(self) -> dict[str, int]:
        """How many each of the crew has done, where it is any."""
        return {self.crew[by]: count for by, count in Counter(self.by).items() if by != NOBODY}

    def put(self, number: int, at: float, by: str) -> None:
        """It is done."""
        self.at[number] = at
        self.by[number] = self.places[by]


def open_ends(crew: Iterable[str], count: int) -> Ends:
    """So many that are not done."""
    names = tuple(crew)
    places = {name: place for place, name in enumerate(names)}
    return Ends(names, places, array("d", [NEVER]) * count, array("i", [NOBODY]) * count)
