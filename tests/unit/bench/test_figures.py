"""Figures decide the exit code, and only the binding ones."""

import json
import math
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from bench.figures import (
    Figure,
    Result,
    at_least,
    at_most,
    cells,
    exactly,
    missed,
    percentile,
    ratio_at_least,
    ratio_at_most,
    read,
    table,
    told,
    verdict,
    write,
)

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


def test_a_run_is_kept_as_one_file_of_json_and_read_again_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bench.figures.RESULTS", tmp_path / "results")
    found = [
        result(exactly("conversations", 2899, 2900), ratio_at_least("rate", 50.0, "/s", 100.0, 0.8, binding=False))
    ]
    file = write(found, "bench short")
    assert file.name == "bench-short-20261121T120000Z.json"
    kept = json.loads(file.read_text(encoding="utf-8"))
    assert kept["failed"] is True
    assert kept["results"][0]["measured_at"] == "2026-11-21T12:00:00+00:00"
    assert kept["results"][0]["figures"][0]["value"] == 2899
    assert read(file) == found


def test_a_figure_stands_beside_its_floor() -> None:
    rate = ratio_at_least("rate", 50.0, "/s", 100.0, 0.8, binding=True)
    assert (rate.ratio, rate.wanted, rate.met) == (0.5, "ratio ≥ 0.8", False)
    assert rate.missed_by == pytest.approx(0.375)
    cost = ratio_at_most("CPU", 3.0, "s", 1.0, 4.0, binding=True)
    assert (cost.ratio, cost.met, cost.missed_by) == (3.0, True, None)
    assert cells(told("memory", 50.0, "MB", floor=40.0)) == ("memory", "50 MB", "40 MB", "1.25", "")


@pytest.mark.parametrize(
    ("figure", "by"),
    [
        (at_most("p50", 75.0, "ms", 60, binding=False), 0.25),
        (at_least("rate", 30.0, "/s", 60, binding=False), 0.5),
        (exactly("conversations", 2899, 2900), 1 / 2900),
        (exactly("lost", 3, 0), None),
        (at_most("p50", 59.0, "ms", 60, binding=False), None),
    ],
)
def test_a_budget_that_is_missed_says_by_how_much(figure: Figure, by: float | None) -> None:
    assert figure.missed_by == (None if by is None else pytest.approx(by))


def test_more_than_twice_a_budget_is_told_in_times() -> None:
    assert missed(at_most("CPU", 7.6, "s", 2, binding=False)) == ", 3.8 times as much"
    assert missed(at_most("CPU", 2.5, "s", 2, binding=False)) == " by 25%"
    assert missed(exactly("lost", 3, 0)) == ""


@pytest.mark.parametrize(
    ("values", "percent", "expected"), [([1, 2, 3], 50, 2), (list(range(101)), 99, 99), ([7], 50, 7)]
)
def test_a_percentile_is_the_value_below_which_that_share_lies(
    values: list[float], percent: int, expected: float
) -> None:
    assert percentile(values, percent) == expected


def test_a_percentile_of_nothing_is_no_number() -> None:
    assert math.isnan(percentile([], 50))
