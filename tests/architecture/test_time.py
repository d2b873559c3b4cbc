"""`now` is an argument: the clock and the dice are asked at the edges of the house only."""

import ast

import pytest

from tests.architecture.house import Source, called, sources

WALL_CLOCKS = {"time.time", "time.time_ns", "time.localtime", "time.gmtime"}
PRESENTS = {"now", "utcnow", "today"}  # of datetime and date, however they were imported

SLEEPS = {"time.sleep", "asyncio.sleep"}  # a fake clock's own sleep takes no time

VIRTUAL = ("tests/simulation/",)  # where time is the loop's own, and passes at once

# Where the edges are. Everything else is handed `now`.
EDGES = ("channels/", "inbox/runtime/", "inbox/ports/clock.py", "inbox/daemon.py", "inbox/cli/", "inbox/testing/")
DICE = {
    "inbox/store/store.py": "the pause before a unit is tried again",
    "inbox/store/watch.py": "the pause before a lost line is opened again",
}


def asks_the_clock(source: Source) -> list[int]:
    """The lines that ask what time it is."""
    calls = [node for node in ast.walk(source.tree) if isinstance(node, ast.Call)]
    return [node.lineno for node in calls if is_clock(called(node))]


def is_clock(name: str) -> bool:
    parts = name.split(".")
    return name in WALL_CLOCKS or (parts[-1] in PRESENTS and {"datetime", "date"} & set(parts[:-1]) != set())


def test_only_the_edges_ask_what_time_it_is() -> None:
    inner = [source for source in sources("inbox") if not source.name.startswith(EDGES)]
    assert [(source.name, lines) for source in inner if (lines := asks_the_clock(source))] == []


def test_only_the_edges_throw_dice() -> None:
    inner = [source for source in sources("inbox") if not source.name.startswith((*EDGES, *DICE))]
    assert [source.name for source in inner if "random" in source.imports()] == []


@pytest.mark.parametrize(
    "name", ["time.time", "datetime.now", "datetime.datetime.now", "date.today", "datetime.utcnow"]
)
def test_a_question_for_the_time_is_found(name: str) -> None:
    assert is_clock(name)
    assert not is_clock("clock.now")


def test_tests_wait_for_conditions_and_never_sleep() -> None:
    playing = [source for source in sources("tests") if not source.name.startswith(("tests/rig/", *VIRTUAL))]
    assert [(source.name, lines) for source in playing if (lines := sleeps(source))] == []
    assert [source.name for source in playing if "import " + "sleep" in source.text] == []


def sleeps(source: Source) -> list[int]:
    """The lines that let time pass; giving way to others with sleep(0) is no sleeping."""
    calls = [node for node in ast.walk(source.tree) if isinstance(node, ast.Call) and called(node) in SLEEPS]
    return [node.lineno for node in calls if not all(is_zero(argument) for argument in node.args)]


def is_zero(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 0
