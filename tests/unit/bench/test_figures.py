"""Figures decide the exit code, and only the binding ones."""

import json
import math
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from bench.figures import Figure, Result, at_least, at_most, exactly, percentile, table, told, verdict, write

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def result(*figures: Figure) -> Result:
    return Result("ingest", NOW, figures, {"python": "3.11"})


@pytest.mark.parametrize(
    ("figure", "code"),
    [
        (told("CPU", 4.2, "s"), 0),
        (exactly("lost", 0, 0), 0),
        (exactly("conversations", 2899, 2900), 1),
        (at_least("ratio", 0.3, "", 0.3, binding=True), 0),
        (at_least("ratio", 0.29, "", 0.3, binding=True), 1),
        (at_most("p50", 61.0, "ms", 60, binding=False), 0),
        (at_most("p50", 61.0, "ms", 60, binding=True), 1),
        (at_most("p50", float("nan"), "ms", 60, binding=True), 1),
    ],
)
def test_only_a_binding_figure_that_is_not_met_fails_the_run(figure: Figure, code: int) -> None:
    assert verdict([result(told("first", 1)), result(figure)]) == code


def test_the_table_names_what_was_measured_what_was_wanted_and_what_came_of_it() -> None:
    figures = (exactly("conversations", 2899, 2900), at_most("p50", 61.5, "ms", 60, binding=False), told("CPU", 4, "s"))
    console = Console(width=120, record=True, file=None, quiet=False, force_terminal=False)
    with console.capture() as shown:
        console.print(table([result(*figures)]))
    words = shown.get()
    for expected in ("ingest", "2,899", "= 2,900", "FAILED", "61.50 ms", "≤ 60 ms", "missed", "4 s"):
        assert expected in words


def test_a_result_is_kept_as_json_with_its_verdict(tmp_path: Path) -> None:
    file = write(result(exactly("conversations", 2899, 2900)), tmp_path / "results")
    kept = json.loads(file.read_text(encoding="utf-8"))
    assert file.name == "ingest-20261121T120000Z.json"
    assert kept["failed"] is True
    assert kept["measured_at"] == "2026-11-21T12:00:00+00:00"
    assert kept["figures"][0]["value"] == 2899


@pytest.mark.parametrize(
    ("values", "percent", "expected"), [([1, 2, 3], 50, 2), (list(range(101)), 99, 99), ([7], 50, 7)]
)
def test_a_percentile_is_the_value_below_which_that_share_lies(
    values: list[float], percent: int, expected: float
) -> None:
    assert percentile(values, percent) == expected


def test_a_percentile_of_nothing_is_no_number() -> None:
    assert math.isnan(percentile([], 50))
