"""The store's statements are put together of columns, and of values that are bound: text of its own gets into one in few places."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.house import Source, sources

MADE = ("text", "literal_column", "column", "table")
METHODS = ("exec_driver_sql", "op", "prefix_with", "suffix_with", "with_hint")
"""What makes a piece of a statement out of a text: functions of SQLAlchemy, and methods of what it gives."""
OURS = {
    ("inbox/store/articles_found.py", "f\"'{weight}'\""): "A to D, by their place",
    (
        "inbox/store/articles_found.py",
        "f\"'{{{WEIGHTS[2] / 8}, {WEIGHTS[2] / 8}, {WEIGHTS[1] / 8}, 1.0}}'::float4[]\"",
    ): "numbers of ours",
    ("inbox/store/carried.py", "table.name"): "a table of ours",
    ("inbox/store/carried.py", "column.name"): "a column of ours",
    ("inbox/store/carried.py", "f'ALTER TABLE {table} DROP CONSTRAINT {name}'"): "as PostgreSQL names what we made",
    ("inbox/store/carried.py", "f'ALTER TABLE {table} ADD CONSTRAINT {key}'"): "as PostgreSQL told it before",
    ("inbox/store/clocks.py", "ARMED"): "as the index has it",
    ("inbox/store/engine.py", "'BEGIN' if reading else 'BEGIN IMMEDIATE'"): "one or the other",
    ("inbox/store/invariants.py", "f'PRAGMA quick_check({SHOWN})'"): "a number of ours",
    ("inbox/store/overview.py", "f'PRAGMA {one}'"): "page_count and page_size",
    ("inbox/store/promises_counted.py", "str(n)"): "the place of a column",
    ("inbox/store/ratings.py", "str(n)"): "the place of a column",
    ("inbox/store/rolled.py", "str(n)"): "the place of a column",
    ("inbox/store/rolled.py", "str(number)"): "days as whole numbers",
    ("inbox/store/snapshot.py", "name"): "a table of ours",
    ("inbox/store/snapshot.py", "text"): "statements of ours for two databases",
    ("inbox/store/tables/columns.py", "where"): "of which rows an index is, made with the tables",
    ("inbox/store/tables/finding.py", "statement"): "made with the tables",
    ("inbox/store/tables/knowing.py", "statement"): "made with the tables",
    ("inbox/store/taking_part.py", "f\"'{OUTSIDE}'\""): "a word of ours",
    (
        "inbox/store/types.py",
        "f\"'{value}'\" if isinstance(value, str) else str(value)",
    ): "`fixed`, which takes words and numbers",
}
"""Where it is not written down as it stands, and of what it is made instead."""


def texts(source: Source) -> Iterator[str]:
    """What is made a piece of a statement and is no constant."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _makes(node.func):
            yield from (ast.unparse(one) for one in node.args[:1] if not isinstance(one, ast.Constant))


def _makes(called: ast.Attribute) -> bool:
    made = isinstance(called.value, ast.Name) and called.value.id == "sa" and called.attr in MADE
    return made or called.attr in METHODS


def stores() -> list[Source]:
    """The files that know SQLAlchemy, but for the migrations, which ran before anybody wrote."""
    return [one for one in sources("inbox") if "sqlalchemy" in one.text and "/migrations/" not in one.name]


def test_s30_a_statement_is_made_of_our_own_text_in_known_places_only() -> None:
    found = {(one.name, text) for one in stores() for text in texts(one)}
    assert found - OURS.keys() == set()
    assert OURS.keys() - found == set()


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ('sa.text(f"name = {typed}")', ["f'name = {typed}'"]),
        ('sa.text("name = " + typed)', ["'name = ' + typed"]),
        ("query.order_by(sa.literal_column(sort))", ["sort"]),
        ("connection.exec_driver_sql(asked)", ["asked"]),
        ('sa.text("due_at IS NULL")', []),
        ("column.op(sign)(value)", ["sign"]),
        ("sa.select(t.contact.c.name).where(t.contact.c.name == typed)", []),
    ],
)
def test_a_piece_that_is_typed_is_found(written: str, found: list[str]) -> None:
    assert list(texts(Source("x.py", written, ast.parse(written)))) == found
