"""docs/performance.md, made from what was measured: prose from `bench/performance.md.j2`, every number from `bench/measured.json`.

    python -m bench.page [RUN.json ...]

Runs that are named are taken in first: each of their measurements stands in for the one of its name before.
"""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bench.figures import THE_RUN, Figure, Result, as_json, cells, missed, read

BENCH = Path(__file__).parent
MEASURED = BENCH / "measured.json"
PAGE = BENCH.parent / "docs" / "performance.md"
SAME = ("python", "system")
"""Facts that are told once."""
HEADINGS = ("measurement", "figure", "ours", "floor", "ratio", "budget", "verdict")


def page(results: Sequence[Result]) -> str:
    """The page."""
    jinja = Environment(
        loader=FileSystemLoader(BENCH),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made = Made(results)
    return jinja.get_template("performance.md.j2").render(made=made)


class Made:
    """What the prose may ask of the measurements."""

    def __init__(self, results: Sequence[Result]) -> None:
        self._results = {result.name: result for result in results}

    def whole(self) -> str:
        """The one table of everything."""
        return "\n".join(_rows(self._results.values(), HEADINGS))

    def table(self, *begins: str) -> str:
        """A table of the measurements whose names begin with one of these; nothing of those that were not made."""
        found = [result for result in self._results.values() if result.name.startswith(begins)]
        return "\n".join(_rows(found, HEADINGS)) if found else "Not measured yet."

    def missed(self) -> str:
        """A line for each budget that is not kept, with by how much."""
        lines = [
            _missed(result, one) for result in self._results.values() for one in result.figures if one.met is False
        ]
        return "\n".join(lines) or "None: every budget is kept."

    def counts(self) -> str:
        """How many counts there are, and that they are exact, or how many are not."""
        every = [one for result in self._results.values() for one in result.figures if one.wanted.startswith("= ")]
        wrong = sum(one.met is False for one in every)
        return f"Counts that must be exact: {len(every)}; " + (f"**{wrong} are not**." if wrong else "all of them are.")

    def budgets(self) -> str:
        """A table of all figures of which something is wanted, counts apart."""
        return "\n".join(_rows([_budgeted(result) for result in self._results.values()], HEADINGS))

    def facts(self) -> str:
        """A line for each measurement with what it was made of."""
        return "\n".join(
            f"- {result.name} ({result.measured_at:%Y-%m-%d}): "
            + ", ".join(f"{name} {fact}" for name, fact in result.facts.items() if fact and name not in SAME)
            for result in self._results.values()
        )

    def when(self) -> str:
        """The days on which it was measured, and with what."""
        days = sorted({f"{result.measured_at:%Y-%m-%d}" for result in self._results.values()})
        kinds = sorted(
            {f"CPython {r.facts['python']}, {r.facts['system']}" for r in self._results.values() if "python" in r.facts}
        )
        return f"{', '.join(days)}; {'; '.join(kinds)}"


def _machine(result: Result) -> str:
    return f"CPython {result.facts.get('python', '?')}, {result.facts.get('system', '?')}"


def _budgeted(result: Result) -> Result:
    return replace(
        result, figures=tuple(one for one in result.figures if one.wanted and not one.wanted.startswith("= "))
    )


def _rows(results: Iterable[Result], headings: Sequence[str]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | --- |"
    for result in results:
        for number, figure in enumerate(result.figures):
            said = ("" if number else result.name, *cells(figure), _verdict(figure))
            yield f"| {' | '.join(one.replace('|', '/') for one in said)} |"


def _verdict(figure: Figure) -> str:
    if figure.met is None:
        return ""
    return "kept" if figure.met else f"**missed{missed(figure)}**"


def _missed(result: Result, figure: Figure) -> str:
    what, ours, floor, ratio, wanted = cells(figure)
    beside = f", {ratio} times the floor of {floor}" if floor else ""
    return f"- {result.name}, {what}: {ours}{beside}; wanted is {wanted}: missed{missed(figure)}."


def merged(before: Sequence[Result], now: Sequence[Result]) -> list[Result]:
    """Each measurement once, the newer one in the place of the older; what a run tells of itself is left out."""
    found = {result.name: result for result in before}
    return list((found | {result.name: result for result in now if result.name != THE_RUN}).values())


def take(results: Sequence[Result]) -> None:
    """Keep what was measured beside what is known already, and write the page from all of it."""
    before = read(MEASURED) if MEASURED.exists() else []
    whole = merged(before, results)
    PAGE.write_text(page(whole), encoding="utf-8")
    MEASURED.write_text(as_json(whole), encoding="utf-8")


def main() -> None:
    """Take the runs in and write the page."""
    parser = argparse.ArgumentParser(prog="python -m bench.page", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("runs", nargs="*", type=Path, metavar="RUN.json")
    taken: list[Result] = []
    for file in parser.parse_args().runs:
        taken = merged(taken, read(file))
    take(taken)


if __name__ == "__main__":
    main()
