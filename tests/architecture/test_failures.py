"""Every row of the catalogue of faults is named by a test, or is a limit with its reason."""

import re
import tomllib

from tests.architecture.house import ROOT

ROWS = {"A": 24, "B": 16, "C": 14, "D": 21, "E": 13, "F": 20, "G": 6, "H": 12}
"""How many rows each group has: intake, reading, store, outbox, loops, bots, time, process."""
MOST = 12
"""Rows that may be limits."""


def test_every_row_is_a_test_or_a_limit_and_few_are_limits() -> None:
    rows = {f"{group}{number}" for group, most in ROWS.items() for number in range(1, most + 1)}
    proved = set(tomllib.loads((ROOT / "tests" / "catalogue" / "failures.toml").read_text("utf-8")))
    told = set(re.findall(r"^- \*\*([A-H]\d+)\*\*", (ROOT / "docs" / "limits.md").read_text("utf-8"), re.MULTILINE))
    assert sorted(rows - proved - told) == []
    assert sorted(proved - rows) == []
    assert sorted(proved & told) == []
    assert len(told) <= MOST
