"""What proves something is compared in a time that tells nothing, and tables for spreadsheets are written in one place."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.house import Source, sources

PROOFS = ("token", "secret", "seal", "signature", "password", "hmac", "mac")
"""Last words of names of what proves something."""
PLAIN = {
    "inbox/web/accounts/passwords.py": "one person typed it twice",
}
"""Files in which such a name is compared as it is, and why."""
TABLES = {
    "inbox/text/spreadsheets.py": "writes tables, and makes no cell a formula",
    "inbox/elsewhere/rows.py": "only reads",
}
"""Files that know the format of comma-separated values."""


def compared(source: Source) -> Iterator[int]:
    """The lines on which a name of a proof is compared with another value by `==` or `!=`. In a query `==` is no comparison, but a look-up;
    and a digest tells nothing of what it was made of."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq):
            sides = (node.left, *node.comparators)
            constant = any(isinstance(side, ast.Constant) for side in sides)
            column = any(isinstance(side, ast.Attribute) and _is_column(side) for side in sides)
            if not constant and not column and any(_proves(side) for side in sides):
                yield node.lineno


def _proves(side: ast.expr) -> bool:
    name = side.attr if isinstance(side, ast.Attribute) else side.id if isinstance(side, ast.Name) else ""
    return name.lower().rpartition("_")[2] in PROOFS


def _is_column(side: ast.Attribute) -> bool:
    """`t.letter.c.token`, or `_L.token` where a module has put `t.letter.c` into a name of its own."""
    owner = side.value
    return (isinstance(owner, ast.Attribute) and owner.attr == "c") or (
        isinstance(owner, ast.Name) and (owner.id == "c" or owner.id.isupper())
    )


def test_s21_no_secret_is_compared_as_plain_text() -> None:
    found = {one.name: lines for one in sources("inbox", "channels") if (lines := list(compared(one)))}
    assert {name: lines for name, lines in found.items() if name not in PLAIN} == {}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("given == self.secret", [1]),
        ("if token != row.token: pass", [1]),
        ("api_token == x", [1]),
        ("t.letter.c.token == token", []),
        ("_L.token == digest(token)", []),
        ("hmac.compare_digest(seal, made)", []),
        ('token == ""', []),
    ],
)
def test_a_plain_comparison_is_found(text: str, lines: list[int]) -> None:
    assert list(compared(Source("x.py", text, ast.parse(text)))) == lines


def test_s32_tables_are_written_in_one_place() -> None:
    assert {one.name for one in sources("inbox", "channels") if "csv" in one.imports()} == TABLES.keys()
    reader = next(one for one in sources("inbox") if one.name == "inbox/elsewhere/rows.py")
    assert "csv.writer" not in reader.text
    assert "DictWriter" not in reader.text
