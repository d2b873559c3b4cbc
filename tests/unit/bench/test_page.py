"""The page of performance is made of what was measured, and says of each missed budget by how much it is missed."""

from datetime import UTC, datetime

from bench.figures import Result, at_most, exactly, ratio_at_least, read, told
from bench.page import MEASURED, PAGE, Made, merged, page

NOW = datetime(2026, 11, 27, tzinfo=UTC)
FACTS = {"python": "3.11.7", "system": "Linux x86_64", "mails": "40"}
FOUND = [
    Result(
        "ingest",
        NOW,
        (ratio_at_least("mails a second", 50, "/s", 100, 0.8, binding=False), exactly("lost", 0, 0)),
        FACTS,
    ),
    Result("web", NOW, (at_most("list, p95", 12.5, "ms", 40, binding=False), told("CPU", 3, "ms")), FACTS),
]


def test_the_page_stands_as_it_is_made() -> None:
    assert PAGE.read_text("utf-8") == page(read(MEASURED)), "run `python -m bench.page`"


def test_a_missed_budget_is_told_with_by_how_much() -> None:
    line = "- ingest, mails a second: 50 /s, 0.50 times the floor of 100 /s; wanted is ratio ≥ 0.8: missed by 38%."
    assert Made(FOUND).missed() == line
    assert Made(FOUND[1:]).missed() == "None: every budget is kept."


def test_budgets_and_counts_are_told_apart() -> None:
    made = Made(FOUND)
    assert "| web | list, p95 | 12.50 ms |  |  | ≤ 40 ms | kept |" in made.budgets()
    assert "CPU" not in made.budgets()
    assert "lost" not in made.budgets()
    assert made.counts() == "Counts that must be exact: 1; all of them are."
    assert (
        Made([Result("a", NOW, (exactly("lost", 2, 0),), {})]).counts()
        == "Counts that must be exact: 1; **1 are not**."
    )


def test_a_table_is_of_the_measurements_that_are_named() -> None:
    assert "CPU" in Made(FOUND).table("web")
    assert "ingest" not in Made(FOUND).table("web")
    assert Made(FOUND).table("load") == "Not measured yet."


def test_a_newer_measurement_stands_in_the_place_of_the_older() -> None:
    newer = Result("ingest", NOW, (told("mails a second", 60),), FACTS)
    assert merged(FOUND, [newer]) == [newer, FOUND[1]]


def test_the_machine_and_the_sizes_are_told() -> None:
    whole = page(FOUND)
    assert "2026-11-27; CPython 3.11.7, Linux x86_64" in whole
    assert "- ingest (2026-11-27): mails 40" in whole
