"""Patterns of rules: folded as the text is, and linear whatever the text."""

import time

import pytest

from inbox.rulebook.regexes import compiled, folded
from inbox.text.fold import fold

EVIL = [
    ("(a+)+$", "a" * 50_000 + "!"),
    ("(a|aa)+b", "a" * 50_000),
    ("(.*a){12}z", "a" * 50_000),
    ("(x+x+)+y", "x" * 50_000),
]


@pytest.mark.parametrize(("pattern", "text"), EVIL)
def test_what_makes_others_backtrack_takes_milliseconds(pattern: str, text: str) -> None:
    ready = compiled(pattern)
    begun = time.process_time()
    assert ready.search(text) is None
    assert time.process_time() - begun < 0.5


@pytest.mark.parametrize(
    ("pattern", "plain"),
    [
        ("كتاب\\d+", "کتاب\\d+"),
        ("می‌شود", "میشود"),
        ("می‌?شود", "میشود"),
        ("a\\\\?b", "a\\\\?b"),
        ("[۰-۹]{2}", "[0-9]{2}"),
        ("چرا؟", "چرا\\?"),
        ("چرا\\؟", "چرا\\?"),
        ("\\W\\PL\\.", "\\W\\PL\\."),
        ("٪", "%"),
    ],
)
def test_its_letters_are_folded_and_its_syntax_is_not(pattern: str, plain: str) -> None:
    assert folded(pattern).replace("\\%", "%") == plain


@pytest.mark.parametrize("text", ["كِتاب ۱۲", "کتاب ١٢", "KITAB کتاب 12"])
def test_it_finds_what_is_written_otherwise(text: str) -> None:
    assert compiled("کتاب \\d{2}").search(fold(text)) is not None
