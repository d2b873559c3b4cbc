"""FETCH, SEARCH and LIST answers are read by name, in any order, with anything that nobody asked for in between."""

from datetime import UTC, datetime

import pytest

from channels.email.imap_answers import attributes, found_uids, instant, listed_folders
from channels.email.imap_framing import Answer


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ([b"* 1 FETCH (UID 7 RFC822.SIZE 12)"], {"UID": b"7", "RFC822.SIZE": b"12"}),
        ([b"* 1 FETCH (BODY[] {3}", b"abc", b" UID 7)"], {"BODY[]": b"abc", "UID": b"7"}),
        ([b"* 1 FETCH (BODY[] {1}", b"(", b" UID 7)"], {"BODY[]": b"(", "UID": b"7"}),
        ([b"* 1 FETCH (UID 7 BODY[]<0> {2}", b"ab", b")"], {"UID": b"7", "BODY[]<0>": b"ab"}),
        ([b"* 1 FETCH (UID 7 BODY[] NIL)"], {"UID": b"7", "BODY[]": None}),
        ([b'* 1 FETCH (BODY[] "UID 9 (* \\" x" UID 7)'], {"BODY[]": b'UID 9 (* " x', "UID": b"7"}),
        ([b"* 1 FETCH (FLAGS (\\Seen $A (x (y))) UID 7)"], {"UID": b"7"}),
        ([b"* 1 fetch (uid 7 body[] {0}", b"", b")"], {"UID": b"7", "BODY[]": b""}),
        (
            [b'* 1 FETCH (INTERNALDATE "17-Jul-2026 02:44:25 +0330" UID 7)'],
            {"INTERNALDATE": b"17-Jul-2026 02:44:25 +0330", "UID": b"7"},
        ),
        ([b'* 1 FETCH (ENVELOPE ("date" "Re: (" NIL) UID 7)'], {"UID": b"7"}),
        ([b"* 1 EXISTS"], None),
        ([b"* SEARCH 1 2"], None),
        ([b"* OK 1 FETCH (UID 7)"], None),
    ],
)
def test_what_a_fetch_answer_tells(answer: Answer, told: dict[str, bytes | None] | None) -> None:
    assert attributes(answer) == told


def test_an_answer_with_unending_text_is_not_read() -> None:
    assert attributes([b"* 1 FETCH (X " + b'"' * 70_000]) is None


def test_uids_of_a_search_in_one_line_in_several_or_in_none() -> None:
    assert found_uids([[b"* SEARCH 3 1 2"], [b"* 5 EXISTS"], [b"* SEARCH 9 3"]]) == [1, 2, 3, 9]
    assert found_uids([[b"* SEARCH"]]) == []
    assert found_uids([]) == []


def test_folders_that_can_be_opened_are_listed_with_the_names_that_people_know() -> None:
    answers: list[Answer] = [
        [b'* LIST (\\HasNoChildren) "/" INBOX'],
        [b'* LIST () "." "My \\"own\\" Folder"'],
        [b'* LIST (\\Noselect \\HasChildren) "/" "[Gmail]"'],
        [b'* LIST (\\NonExistent) "/" gone'],
        [b"* LIST () NIL &Bn4GNAYqBswGKAYnBkYGzA-"],
        [b'* LIST () "/" {3}', b'a"b', b""],
        [b"* OK that is all"],
    ]
    assert listed_folders(answers) == ["INBOX", 'My "own" Folder', "پشتیبانی", 'a"b']


def test_dates_of_arrival() -> None:
    assert instant(b"17-Jul-2026 02:44:25 +0330") == datetime(2026, 7, 16, 23, 14, 25, tzinfo=UTC)
    assert instant(b" 7-Jul-2026 02:44:25 +0000") == datetime(2026, 7, 7, 2, 44, 25, tzinfo=UTC)
    assert instant(b"01-Jan-1970 00:00:00 +0000") == datetime(1970, 1, 1, tzinfo=UTC)
    assert instant(b"yesterday") is None
    assert instant(None) is None
