"""F10: a text of any length goes out in pieces that the network takes, in order, and no letter or word is torn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.telegram.pieces import pieces, units
from inbox.text.excerpts import cut

LETTERS = [
    "a",
    "ب",
    " ",
    "\n",
    "\n\n",
    ".",
    "؟ ",
    "😀",
    "👩‍👩‍👧",
    "e\u0301",
    "می\u200cروم",
    "🇮🇷",
    "https://desk.test/a?b=c",
]
TEXTS = st.lists(st.sampled_from(LETTERS), max_size=200).map("".join)


@given(TEXTS, st.integers(min_value=24, max_value=120))
def test_pieces_fit_and_lose_nothing_but_blanks(text: str, limit: int) -> None:
    found = pieces(text, limit)
    assert all(0 < units(piece) <= limit and piece.strip() for piece in found)
    assert "".join("".join(found).split()) == "".join(text.split())


@given(TEXTS, st.integers(min_value=24, max_value=120))
def test_no_letter_is_torn(text: str, limit: int) -> None:
    whole, at = text, 0
    for piece in pieces(text, limit):
        at = whole.index(piece, at) + len(piece)
        assert cut(whole, at) == at, "the end of a piece is the end of a letter"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("one two three four", ["one two ", "three four"]),
        ("first.\n\nsecond and on", ["first.\n\n", "second and ", "on"]),
        ("short", ["short"]),
        ("", []),
        (" \n ", []),
        ("😀" * 12, ["😀" * 5, "😀" * 5, "😀" * 2]),
    ],
)
def test_it_is_cut_where_a_reader_would(text: str, found: list[str]) -> None:
    assert pieces(text, 11 if "\n\n" in text or "😀" in text else 10) == found


def test_an_address_stays_whole() -> None:
    link = "https://desk.test/" + "x" * 60
    assert link in pieces("word " * 10 + link + " word" * 10, 100)[1]


def test_a_letter_under_more_marks_than_fit_is_cut_nevertheless() -> None:
    assert [len(piece) for piece in pieces("e" + "\u0301" * 25, 10)] == [10, 10, 6]


def test_a_text_of_the_greatest_length_is_one_piece() -> None:
    assert [len(pieces("x" * length, 4096)) for length in (4096, 4097)] == [1, 2]
    assert [len(pieces("😀" * length, 4096)) for length in (2048, 2049)] == [1, 2]
