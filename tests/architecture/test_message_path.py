"""The page of the message path tells the verbs in the order of the code, and its diagrams are the tables of moves."""

import pytest

from inbox.domain.promises import PROMISE_MOVES, PromiseState
from tests.architecture.calls import tables, verbs
from tests.architecture.house import ROOT
from tools.pages import diagram, diagrams, with_diagrams

PAGE = (ROOT / "docs" / "message-path.md").read_text("utf-8")
TOLD = {(file, function): rows for file, function, rows in tables(PAGE)}


def test_both_directions_are_told() -> None:
    told = set(TOLD)
    assert {("receive.py", "judge"), ("receive.py", "receive"), ("receive.py", "_message")} <= told
    assert {("reply.py", "reply"), ("say.py", "say"), ("outcome.py", "settle")} <= told


@pytest.mark.parametrize(("file", "function"), sorted(TOLD))
def test_the_page_names_the_calls_of_the_code_in_their_order(file: str, function: str) -> None:
    assert TOLD[file, function] == verbs(file, function)


def test_the_diagrams_are_the_tables_of_moves() -> None:
    assert with_diagrams(PAGE) == PAGE, "run `make docs`"
    assert all(f"<!-- diagram: {name} -->" in PAGE for name in diagrams())


def test_a_diagram_that_nobody_draws_is_an_error() -> None:
    with pytest.raises(KeyError):
        with_diagrams("<!-- diagram: clock -->\n<!-- end -->")


def test_a_diagram_shows_every_move_and_where_there_is_none() -> None:
    drawn = diagram(PROMISE_MOVES, PromiseState.OPEN).splitlines()
    assert drawn[:3] == ["```mermaid", "stateDiagram-v2", "    [*] --> open"]
    assert {"    kept --> open", "    late --> [*]"} <= set(drawn)
    assert sum("-->" in line for line in drawn) == 1 + sum(len(moves) or 1 for moves in PROMISE_MOVES.values())
