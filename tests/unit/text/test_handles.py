"""Whom a note mentions."""

import pytest

from inbox.text.handles import MOST, handles, pieces


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@sara can you look?", ("sara",)),
        ("ask @Sara, then @omid.", ("sara", "omid")),
        ("(@sara) and @sara again", ("sara",)),
        ("mail to sara@example.org or @ nobody", ()),
        ("https://example.org/@sara", ()),
        ("@first.last-name- is one", ("first.last-name",)),
        ("سلام @سارا، ببین", ("سارا",)),
        ("@@sara", ()),
        ("", ()),
    ],
)
def test_a_handle_stands_where_a_word_begins(text: str, found: tuple[str, ...]) -> None:
    assert handles(text) == found


@pytest.mark.parametrize("text", ["@sara can you look?", "ask @Sara, then @omid.", "سلام @سارا، ببین", "a@b.c @x-", ""])
def test_pieces_are_the_text_and_name_its_handles(text: str) -> None:
    assert "".join(words for words, _ in pieces(text)) == text
    assert tuple(handle for _, handle in pieces(text) if handle) == handles(text)


def test_a_text_names_so_many_at_most() -> None:
    assert len(handles(" ".join(f"@a{n}" for n in range(1000)))) == MOST
