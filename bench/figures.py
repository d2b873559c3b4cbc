"""What a measurement found: figures beside what is wanted of them, as a table, as JSON, and as an exit code."""

import json
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. `met` is None where nothing is wanted; a `binding` figure that is not met fails the run."""

    what: str
    value: float
    unit: str = ""
    wanted: str = ""
    met: bool | None = None
    binding: bool = False

    @property
    def failed(self) -> bool:
        """Whether this figure alone makes the run a failure."""
        return self.binding and self.met is False


@dataclass(frozen=True, slots=True)
class Result:
    """All figures of one measurement and the facts needed to compare it with another day's."""

    name: str
    measured_at: datetime
    figures: tuple[Figure, ...]
    facts: dict[str, str]


def told(what: str, value: float, unit: str = "") -> Figure:
    """A number for the reader: nothing is wanted of it."""
    return Figure(what, value, unit)


def exactly(what: str, value: int, wanted: int) -> Figure:
    """A count. Counts are binding: one too few is a lost mail, one too many a double answer."""
    return Figure(what, value, "", f"= {wanted:,}", value == wanted, binding=True)


def at_least(what: str, value: float, unit: str, bound: float, *, binding: bool) -> Figure:
    """A number that should be `bound` or more."""
    return Figure(what, value, unit, f"≥ {bound:g} {unit}".rstrip(), value >= bound, binding)


def at_most(what: str, value: float, unit: str, bound: float, *, binding: bool) -> Figure:
    """A number that should be `bound` or less."""
    return Figure(what, value, unit, f"≤ {bound:g} {unit}".rstrip(), value <= bound, binding)


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
    made.add_column("measured", justify="right")
    made.add_column("wanted", justify="right")
    made.add_column("verdict")
    for result in results:
        for number, figure in enumerate(result.figures):
            made.add_row("" if number else result.name, figure.what, _amount(figure), figure.wanted, _verdict(figure))
        made.add_section()
    return made


def write(result: Result, folder: Path = RESULTS) -> Path:
    """Put a result into a file of its own, named by measurement and instant; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{result.name}-{result.measured_at:%Y%m%dT%H%M%SZ}.json"
    facts = {**asdict(result), "measured_at": result.measured_at.isoformat(), "failed": verdict([result]) != 0}
    file.write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return file


def verdict(results: Iterable[Result]) -> int:
    """The exit code: 1 when a binding figure is not met, otherwise 0."""
    return int(any(figure.failed for result in results for figure in result.figures))


def conclude(results: Sequence[Result], console: Console) -> int:
    """Write and show what was measured; returns the exit code."""
    for result in results:
        write(result)
    console.print(table(results))
    return verdict(results)


def machine() -> dict[str, str]:
    """Where something was measured, in words that name no host."""
    return {"python": platform.python_version(), "system": f"{platform.system()} {platform.machine()}"}


def _amount(figure: Figure) -> str:
    digits = f"{figure.value:,.0f}" if figure.value == round(figure.value) else f"{figure.value:,.2f}"
    return f"{digits} {figure.unit}".strip()


def _verdict(figure: Figure) -> str:
    if figure.met is None:
        return ""
    if figure.met:
        return "[green]met[/]"
    return "[bold red]FAILED[/]" if figure.binding else "[yellow]missed[/]"
