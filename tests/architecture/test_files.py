"""Every file is small, says what it is, and every room stands on the architecture page in its own words."""

import re

import pytest

from tests.architecture.house import ROOT, Source, packages, sources

EVERYTHING = ("inbox", "channels", "bench", "tests")
LONGEST = 400  # lines; past that, two ideas live in one file


@pytest.mark.parametrize("folder", EVERYTHING)
def test_no_file_is_longer_than_one_idea(folder: str) -> None:
    long = {source.name: source.text.count("\n") for source in sources(folder)}
    assert {name: lines for name, lines in long.items() if lines > LONGEST} == {}


@pytest.mark.parametrize("folder", EVERYTHING)
def test_every_file_begins_by_saying_what_it_is(folder: str) -> None:
    silent = [source.name for source in sources(folder) if not first_line(source).endswith((".", ":"))]
    markers = {source.name for source in packages("tests") if not source.text}  # an empty file needs no introduction
    assert [name for name in silent if name not in markers] == []


def test_every_room_is_told_in_one_sentence() -> None:
    talkative = [room.name for room in packages("inbox", "channels") if not is_one_sentence(room.doc)]
    assert talkative == [], "the docstring of a room is one sentence in one line"


def test_the_architecture_page_tells_every_room_in_the_same_words() -> None:
    page = plain((ROOT / "docs" / "architecture.md").read_text("utf-8"))
    missing = [f"{room.name}: {room.doc}" for room in packages("inbox", "channels") if plain(room.doc) not in page]
    assert missing == [], "docs/architecture.md lacks these rooms, or tells them in other words"


def test_what_counts_as_one_sentence() -> None:
    assert is_one_sentence("Files (raw, frozen), e.g. by SHA-256.")
    assert not is_one_sentence("")
    assert not is_one_sentence("No end")
    assert not is_one_sentence("One thing. Another thing.")
    assert not is_one_sentence("Over two\nlines.")


def first_line(source: Source) -> str:
    """The first line of the docstring; one that runs on is joined to its end."""
    return " ".join(source.doc.split("\n\n")[0].split())


def is_one_sentence(text: str) -> bool:
    """One line with one full stop that ends it."""
    return text.endswith(".") and "\n" not in text and not re.search(r"[.!?]\s+[A-Z]", text)


def plain(text: str) -> str:
    """Text without Markdown's marks and line breaks, so that a table cell and a docstring compare."""
    return " ".join(re.sub(r"[`*_\\]", "", text).split())
