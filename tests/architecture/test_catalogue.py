"""Every point of the security pass and every row of the failure catalogue is a test that exists, or a limit with its reason."""

import ast
import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.house import ROOT

LIMITS = ROOT / "docs" / "limits.md"
TABLES = sorted((ROOT / "tests" / "catalogue").glob("*.toml"))
POINTS = [f"S{number}" for number in range(1, 43)]
"""Those of the security pass, which `security.toml` holds."""
MOST = 12
"""Rows of one table that may be limits."""
_LIMIT = re.compile(r"^- \*\*(?P<id>[A-Z]{1,2}\d+)\*\*:? (?P<why>.+)", re.MULTILINE)


def table(path: Path) -> dict[str, list[str]]:
    """The tests of each id."""
    return {id: [one] if isinstance(one, str) else one for id, one in tomllib.loads(path.read_text("utf-8")).items()}


def limits(page: str) -> dict[str, str]:
    """The ids that the page names, each with its reason."""
    return {found["id"]: found["why"] for found in _LIMIT.finditer(page)}


@cache
def standing_in(file: str) -> frozenset[str]:
    """The tests of a file, those of its classes as `Class::test`; none where there is no such file."""
    path = ROOT / file
    return frozenset(_named(ast.parse(path.read_text("utf-8")).body)) if path.is_file() else frozenset()


def _named(body: Sequence[ast.stmt], before: str = "") -> list[str]:
    found = []
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            found.append(before + node.name)
        if isinstance(node, ast.ClassDef):
            found += _named(node.body, f"{before}{node.name}::")
    return found


def missing(named: Sequence[str]) -> list[str]:
    """Those of some `file::test` that do not exist; what stands in brackets is a case of the test."""
    return [one for one in named if one.partition("::")[2].partition("[")[0] not in standing_in(one.partition("::")[0])]


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_every_test_that_a_table_names_exists(path: Path) -> None:
    rows = table(path)
    assert rows
    assert [id for id, named in rows.items() if not named] == []
    assert [(id, gone) for id, named in rows.items() if (gone := missing(named))] == []


def test_every_point_of_the_security_pass_is_a_test_or_a_limit() -> None:
    proved, told = table(ROOT / "tests" / "catalogue" / "security.toml"), limits(LIMITS.read_text("utf-8"))
    assert [id for id in POINTS if id not in proved and id not in told] == []
    assert sorted(set(proved) - set(POINTS)) == []


def test_what_is_a_limit_is_no_test_as_well_and_has_its_reason() -> None:
    told = limits(LIMITS.read_text("utf-8"))
    proved = {id for path in TABLES for id in table(path)}
    assert sorted(told.keys() & proved) == []
    assert [id for id, why in told.items() if len(why.split()) < 5] == []
    assert sum(id in POINTS for id in told) <= MOST


def test_a_name_that_is_no_test_is_found() -> None:
    here = Path(__file__).relative_to(ROOT).as_posix()
    good = f"{here}::test_a_name_that_is_no_test_is_found"
    assert missing([good, f"{good}[case]"]) == []
    assert len(missing([f"{here}::test_nothing", "tests/none.py::test_a", f"{here}::missing", here])) == 4
    assert limits("- **S9** Nothing is sent.\n- **C4**: No.\n* S1 x") == {"S9": "Nothing is sent.", "C4": "No."}
