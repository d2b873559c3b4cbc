"""Mailbox names travel in modified UTF-7, everything that people type in quotes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email.mailbox_names import decoded, encoded, quoted, same_folder


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        ("INBOX", "INBOX"),
        ("My Folder", "My Folder"),
        ("R&D", "R&-D"),
        ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),  # the example of RFC 3501, 5.1.3
        ("پشتیبانی", "&Bn4GNAYqBswGKAYnBkYGzA-"),
        ("نامه‌ها", "&BkYGJwZFBkcgDAZHBic-"),
        ("📥", "&2D3c5Q-"),
    ],
)
def test_names_in_modified_utf_7(name: str, wire: str) -> None:
    assert encoded(name) == wire
    assert decoded(wire) == name


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_name_survives_the_way_to_the_wire_and_back(name: str) -> None:
    assert encoded(name).isascii()
    assert encoded(name).isprintable()
    assert decoded(encoded(name)) == name


def test_a_name_that_is_no_modified_utf_7_is_shown_as_it_is() -> None:
    assert decoded("&!!-") == "&!!-"
    assert decoded("Entwürfe & mehr") == "Entwürfe & mehr"


def test_quotes_and_backslashes_stay_inside_the_string() -> None:
    assert quoted('a"b\\c') == '"a\\"b\\\\c"'


def test_the_inbox_has_one_name_in_any_case_and_other_folders_have_theirs() -> None:
    assert same_folder("Inbox") == same_folder("inbox") == "INBOX"
    assert same_folder("Archive") != same_folder("archive")
