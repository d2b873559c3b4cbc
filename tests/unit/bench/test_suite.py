"""The suite runs what is named, holds counts and ratios, tells of what broke, and leaves no measurement out."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench import __main__ as suite
from bench.figures import Result, at_most, exactly, read, told
from bench.suite import PARTS, Part
from tests.architecture.house import ROOT

APART = {"floor", "visitors", "talking"}
"""Within the measurements that it is the floor of, and parts of `chat`."""


def part(*figures: object) -> Part:
    found = [Result("part", datetime(2026, 11, 27, tzinfo=UTC), tuple(figures), {})]  # type: ignore[arg-type]  # they are figures
    return Part(lambda _: found, lambda _: [])


def broken(_: Path) -> list[Result]:
    raise RuntimeError("no such server")


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the runs of a test are written."""
    monkeypatch.setattr("bench.figures.RESULTS", tmp_path)
    return tmp_path


def run(
    results: Path, monkeypatch: pytest.MonkeyPatch, parts: dict[str, Part], *words: str
) -> tuple[int, list[Result]]:
    monkeypatch.setattr(suite, "PARTS", parts)
    code = suite.main(["--folder", str(results / "sites"), *words])
    (file,) = results.glob("*.json")
    return code, read(file)


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (part(told("CPU", 1.0, "s"), at_most("p50", 9.0, "ms", 1, binding=False)), 0),
        (part(exactly("lost", 1, 0)), 1),
        (part(at_most("ratio", 9.0, "", 1, binding=True)), 1),
        (Part(broken, broken), 1),
    ],
)
def test_the_run_fails_with_a_count_a_ratio_or_a_measurement_that_broke(
    results: Path, monkeypatch: pytest.MonkeyPatch, found: Part, code: int
) -> None:
    assert run(results, monkeypatch, {"one": found})[0] == code


def test_what_broke_is_told_and_the_others_go_on(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, found = run(results, monkeypatch, {"bad": Part(broken, broken), "good": part(told("CPU", 1.0))})
    assert [result.name for result in found] == ["part", "the run"]
    assert found[-1].facts["broken"] == "bad"


def test_a_few_can_be_named_and_a_name_that_is_none_is_refused(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = {"bad": Part(broken, broken), "good": part(told("CPU", 1.0))}
    code, found = run(results, monkeypatch, parts, "good")
    assert (code, found[-1].facts["broken"]) == (0, "")
    with pytest.raises(SystemExit) as ended:
        suite.main(["nonsense"])
    assert ended.value.code == 2


def test_every_measurement_of_the_folder_is_in_the_suite() -> None:
    measuring = {
        file.stem for file in (ROOT / "bench").glob("*.py") if "\ndef measure(" in file.read_text("utf-8")
    } - APART
    assert measuring == set(PARTS) - {"quarter"}  # a folder of its own
