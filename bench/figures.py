"""What a measurement found: figures beside the floor and what is wanted of them, as a table, as JSON, and as an exit code."""

import json
import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results"
THE_RUN = "the run"
"""The result that tells of a run itself."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. `met` is None where nothing is wanted; a `binding` figure that is not met fails the run.

    `floor` is what the same run took of somebody who does only what nobody can do without; `missed_by` the share of the
    budget by which it is missed, where it is.
    """

    what: str
    value: float
    unit: str = ""
    wanted: str = ""
    met: bool | None = None
    binding: bool = False
    floor: float | None = None
    missed_by: float | None = None

    @property
    def failed(self) -> bool:
        """Whether this figure alone makes the run a failure."""
        return self.binding and self.met is False

    @property
    def ratio(self) -> float | None:
        """Ours beside the floor; None where there is no floor."""
        return self.value / self.floor if self.floor else None


@dataclass(frozen=True, slots=True)
class Result:
    """All figures of one measurement and the facts needed to compare it with another day's."""

    name: str
    measured_at: datetime
    figures: tuple[Figure, ...]
    facts: dict[str, str]


def told(what: str, value: float, unit: str = "", *, floor: float | None = None) -> Figure:
    """A number for the reader: nothing is wanted of it."""
    return Figure(what, value, unit, floor=floor)


def exactly(what: str, value: int, wanted: int) -> Figure:
    """A count. Counts are binding: one too few is a lost mail, one too many a double answer."""
    met = value == wanted
    return Figure(what, value, "", f"= {wanted:,}", met, True, None, _missed(value, wanted, met))


def at_least(what: str, value: float, unit: str, bound: float, *, binding: bool, floor: float | None = None) -> Figure:
    """A number that should be `bound` or more."""
    met = value >= bound
    return Figure(what, value, unit, f"≥ {bound:g} {unit}".rstrip(), met, binding, floor, _missed(value, bound, met))


def at_most(what: str, value: float, unit: str, bound: float, *, binding: bool, floor: float | None = None) -> Figure:
    """A number that should be `bound` or less."""
    met = value <= bound
    return Figure(what, value, unit, f"≤ {bound:g} {unit}".rstrip(), met, binding, floor, _missed(value, bound, met))


def ratio_at_least(what: str, value: float, unit: str, floor: float, bound: float, *, binding: bool) -> Figure:
    """A number that should be `bound` times the floor or more."""
    met = value / floor >= bound
    return Figure(what, value, unit, f"ratio ≥ {bound:g}", met, binding, floor, _missed(value / floor, bound, met))


def ratio_at_most(what: str, value: float, unit: str, floor: float, bound: float, *, binding: bool) -> Figure:
    """A number that should be `bound` times the floor or less."""
    met = value / floor <= bound
    return Figure(what, value, unit, f"ratio ≤ {bound:g}", met, binding, floor, _missed(value / floor, bound, met))


def _missed(value: float, bound: float, met: bool) -> float | None:
    return None if met or not bound else abs(value - bound) / abs(bound)


def percentile(values: Sequence[float], percent: int) -> float:
    """The value below which `percent` of 100 lie; NaN when nothing was measured."""
    if len(values) < 2:
        return values[0] if values else float("nan")
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def table(results: Iterable[Result]) -> Table:
    """One table of all measurements, a section each."""
    made = Table(title="inbox bench", title_justify="left")
    for heading in ("measurement", "figure"):
        made.add_column(heading)
    for heading in ("ours", "floor", "ratio", "budget"):
        made.add_column(heading, justify="right")
    made.add_column("verdict")
    for result in results:
        for number, figure in enumerate(result.figures):
            made.add_row("" if number else result.name, *cells(figure), _verdict(figure))
        made.add_section()
    return made


def cells(figure: Figure) -> tuple[str, str, str, str, str]:
    """What is said of a figure: what it is, ours, the floor, ours beside the floor, the budget."""
    floor = "" if figure.floor is None else amount(figure.floor, figure.unit)
    ratio = "" if figure.ratio is None else f"{figure.ratio:,.2f}"
    return figure.what, amount(figure.value, figure.unit), floor, ratio, figure.wanted


def write(results: Sequence[Result], name: str, at: datetime | None = None) -> Path:
    """Put all that a run measured into one file, named by the run and its instant (that of the first measurement, where none is
    given); returns the file."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    at = at or min(result.measured_at for result in results)
    file = RESULTS / f"{name.replace(' ', '-')}-{at:%Y%m%dT%H%M%SZ}.json"
    file.write_text(as_json(results), encoding="utf-8")
    return file


def as_json(results: Sequence[Result]) -> str:
    """A run as it is kept."""
    kept = [{**asdict(result), "measured_at": result.measured_at.isoformat()} for result in results]
    return json.dumps({"failed": verdict(results) != 0, "results": kept}, indent=1, ensure_ascii=False) + "\n"


def read(file: Path) -> list[Result]:
    """What a run measured, as `write` put it there."""
    return [_result(**kept) for kept in json.loads(file.read_text("utf-8"))["results"]]


def _result(name: str, measured_at: str, figures: list[dict[str, Any]], facts: dict[str, str]) -> Result:
    return Result(name, datetime.fromisoformat(measured_at), tuple(Figure(**figure) for figure in figures), facts)


def verdict(results: Iterable[Result]) -> int:
    """The exit code: 1 when a binding figure is not met, otherwise 0."""
    return int(any(figure.failed for result in results for figure in result.figures))


def conclude(results: Sequence[Result], console: Console, name: str = "", at: datetime | None = None) -> int:
    """Write and show what a run measured; returns the exit code."""
    write(results, name or results[0].name, at)
    console.print(table(results))
    return verdict(results)


def machine() -> dict[str, str]:
    """Where something was measured, in words that name no host; `load`: how many processes ran at the end of it."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": str(len(os.sched_getaffinity(0))),
        "load": f"{os.getloadavg()[0]:.1f}",
    }


def amount(value: float, unit: str = "") -> str:
    """A number with its unit, with as many digits as mean something."""
    digits = 0 if value == round(value) else 1 if abs(value) >= 100 else 2 if abs(value) >= 0.1 else 4
    return f"{value:,.{digits}f} {unit}".strip()


def missed(figure: Figure) -> str:
    """By how much a budget is missed, in words; nothing where it cannot be told."""
    if figure.missed_by is None:
        return ""
    return f" by {figure.missed_by:.0%}" if figure.missed_by < 1 else f", {figure.missed_by + 1:.1f} times as much"


def _verdict(figure: Figure) -> str:
    if figure.met is None:
        return ""
    if figure.met:
        return "[green]met[/]"
    return f"[bold red]FAILED[/]{missed(figure)}" if figure.binding else f"[yellow]missed[/]{missed(figure)}"
