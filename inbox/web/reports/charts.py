"""Charts as shapes on a plane of fixed size: drawn by the page, so that no script and no picture is needed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from inbox.pipeline.leading import Day, Group

WIDTH, HEIGHT = 300, 60
GAP = 0.25
"""The share of a step that stays empty."""
WEEK = 7
BY_DAY = 31
"""With more days than these a bar is a week, counted back from today."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `kind` is `in` or `done`."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Step:
    """What came in and what was done from a day to a day, both counted."""

    first: date
    last: date
    came: int
    done: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Paired bars of one team, one channel or, with an empty name in group `all`, of everything."""

    group: str
    name: str
    steps: tuple[Step, ...]
    top: int
    """What the full height stands for: the same in all charts of a group, so that they can be compared."""

    @property
    def came(self) -> int:
        """All that came in."""
        return sum(step.came for step in self.steps)

    @property
    def done(self) -> int:
        """All that was done."""
        return sum(step.done for step in self.steps)

    @property
    def bars(self) -> Iterator[Bar]:
        """From the first day on, what came in before what was done."""
        step = WIDTH / max(1, len(self.steps))
        width = step * (1 - GAP) / 2
        for number, one in enumerate(self.steps):
            for at, (kind, count) in enumerate((("in", one.came), ("done", one.done))):
                height = HEIGHT * count / max(1, self.top)
                x = number * step + step * GAP / 2 + at * width
                if count:
                    yield Bar(kind, round(x, 2), round(HEIGHT - height, 2), round(width, 2), round(height, 2))


def everything(days: Sequence[Day]) -> Chart:
    """All teams together."""
    (chart,) = charts(days, "team", ("",), whole=True)
    return chart


def charts(days: Sequence[Day], group: Group, names: Sequence[str], *, whole: bool = False) -> list[Chart]:
    """One a name, on one scale; `whole`: the first stands for all names of the group."""
    made = [(name, tuple(_steps(days, group, None if whole else name))) for name in names]
    top = max((count for _, steps in made for step in steps for count in (step.came, step.done)), default=0)
    return [Chart("all" if whole else group, name, steps, top) for name, steps in made]


def _steps(days: Sequence[Day], group: Group, name: str | None) -> Iterator[Step]:
    size = 1 if len(days) <= BY_DAY else WEEK
    first = len(days) % size
    cuts = [0, *range(first, len(days) + 1, size)] if first else list(range(0, len(days) + 1, size))
    for start, end in pairwise(cuts):
        part = days[start:end]
        came = sum(_of(day.came, group, name) for day in part)
        done = sum(_of(day.done, group, name) for day in part)
        yield Step(part[0].on, part[-1].on, came, done)


def _of(counts: "dict[tuple[Group, str], int]", group: Group, name: str | None) -> int:
    """Without a name all of the group: what no team has counts there as well."""
    return sum(n for (which, key), n in counts.items() if which == group and name in (None, key))
