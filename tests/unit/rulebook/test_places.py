"""Every key of a TOML file is found on the line where it stands."""

import tomllib
from collections.abc import Iterator
from pathlib import Path as FilePath

import pytest

from inbox.rulebook.places import Path, line_of, places
from tests.unit.rulebook.site import ROOT

TEXT = '''# a comment with [[rule]] in it
format = 1

[[rule]]
name = "one # not a comment"
when.any = [
  { text.mentions = ["a", "b]"] },  # closing } in a comment
  { "to" = 'x@*' },
]

[[rule]]
name = """
long
text"""
when = { tag = [
  "a",
] }
then.field."odd \\"name\\"" = "x"

[rule.when.text]
mentions = "x"

[other.'literal.dot']
at = 2026-11-27 22:10:00
'''


def test_lines_of_keys_tables_and_elements() -> None:
    found = places(TEXT)
    assert {path: found[path] for path in EXPECTED} == EXPECTED


EXPECTED: dict[Path, int] = {
    ("format",): 2,
    ("rule", 0): 4,
    ("rule", 0, "name"): 5,
    ("rule", 0, "when"): 6,
    ("rule", 0, "when", "any", 0): 7,
    ("rule", 0, "when", "any", 0, "text", "mentions", 1): 7,
    ("rule", 0, "when", "any", 1, "to"): 8,
    ("rule", 1): 11,
    ("rule", 1, "name"): 12,
    ("rule", 1, "when"): 15,
    ("rule", 1, "when", "tag", 0): 16,
    ("rule", 1, "then", "field", 'odd "name"'): 18,
    ("rule", 1, "when", "text"): 20,
    ("rule", 1, "when", "text", "mentions"): 21,
    ("other", "literal.dot"): 23,
    ("other", "literal.dot", "at"): 24,
}


def test_what_has_no_line_is_found_where_its_surroundings_stand() -> None:
    found = places(TEXT)
    assert line_of(found, ("rule", 0, "then", "tag")) == 4
    assert line_of(found, ("nowhere",)) == 1


def test_what_is_no_toml_is_refused() -> None:
    with pytest.raises(ValueError, match="no TOML at character 0"):
        places("= 1")


@pytest.mark.parametrize("file", sorted((ROOT / "rules").rglob("*.toml")), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_key_of_a_real_file_is_missed(file: FilePath) -> None:
    text = file.read_text("utf-8")
    found, lines = places(text), text.splitlines()
    paths = list(every(tomllib.loads(text), ()))
    assert paths
    for path in paths:
        name = path[-1]
        assert not isinstance(name, str) or name in lines[found[path] - 1], path


def every(value: object, path: Path) -> Iterator[Path]:
    """The paths of all keys and elements within a parsed value."""
    inner: Iterator[tuple[str | int, object]] = iter(())
    if isinstance(value, dict):
        inner = iter(value.items())
    elif isinstance(value, list):
        inner = iter(enumerate(value))
    for name, one in inner:
        yield (*path, name)
        yield from every(one, (*path, name))
