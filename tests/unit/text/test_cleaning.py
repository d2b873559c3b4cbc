"""Whatever comes from outside, a header stays one line and a terminal sees no controls."""

import unicodedata
from email.message import Message

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.text.cleaning import clean_header, strip_controls

ANYTHING = st.text(st.characters(codec=None))  # lone surrogates too
NASTY = st.text(st.sampled_from("a ب\r\n\x00\x1b\x85\u2028\u2029\u202e\u2066\ud800\udfff\u200c\t\x0b\x1c\ufeff"))


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("Hi\r\nBcc: x@y.z", "Hi Bcc: x@y.z"),
        ("a\u2028b\u2029c\x85d", "a b c d"),
        ("a\x00b\x1b[31mc", "ab[31mc"),
        ("evil\u202efdp.exe", "evilfdp.exe"),
        ("half \ud83d", "half \ufffd"),
        ("  می‌شود \t 👨‍👩‍👧 ", "می‌شود 👨‍👩‍👧"),
        ("", ""),
    ],
)
def test_header_values(given_text: str, expected: str) -> None:
    assert clean_header(given_text) == expected


@given(ANYTHING | NASTY)
def test_a_clean_header_can_always_be_sent(text: str) -> None:
    value = clean_header(text)
    assert len(value.splitlines()) <= 1
    assert not any(unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in value)
    assert clean_header(value) == value
    message = Message()
    message["Subject"] = value
    value.encode()


def test_controls_go_and_lines_stay() -> None:
    assert strip_controls("a\x00\u202e\u2066\x07b\r\n\tc\u200cd\udc80") == "ab\r\n\tc\u200cd\ufffd"
