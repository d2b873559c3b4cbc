"""Encoded words: read generously, written strictly."""

import base64
import re
from email.header import decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email.encodedwords import decode, encode
from inbox.text.cleaning import clean_header


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("=?utf-8?B?2LPZhNin2YU=?=", "سلام"),
        ("=?UTF-8?q?=D8=B3=D9=84_?=", "سل "),
        ("=?utf-8?B?2LPZ?= =?utf-8?B?hNin2YU=?=", "سلام"),
        ("=?utf-8*fa?B?2LPZhNin2YU=?=", "سلام"),
        ("Re: =?utf-8?B?2LPZhNin2YU=?= ok", "Re: سلام ok"),
        ("=?utf-8?B?2LPZhNin2YU?=", "سلام"),
        ("=?utf-8?B?2LPZhNin2YU=?==?utf-8?B?2LPZhNin2YU=?=", "سلامسلام"),
        ("=?iso-8859-1?Q?caf=E9?=", "café"),
        ("=?windows-1256?B?08fj?=", "سام"),
        ("=?utf-8?Q?with space inside?=", "with space inside"),
        ("=?x-martian?Q?abc?=", "abc"),
        ("a =? b", "a =? b"),
        ("=?utf-8?B?!!!?=", ""),
    ],
)
def test_as_mail_programs_write_them(written: str, read: str) -> None:
    assert decode(written) == read


@given(st.text(), st.integers(0, 60))
def test_what_is_written_is_read_back(text: str, taken: int) -> None:
    clean = clean_header(text)
    written = encode(clean, taken)
    assert decode(written) == clean
    assert str(make_header(decode_header(written))) == clean


@given(st.text(min_size=1), st.integers(2, 20))
def test_no_word_is_longer_than_75_and_no_line_than_76(text: str, taken: int) -> None:
    clean = clean_header(text)
    written = encode(clean, taken)
    if written == clean:
        return
    assert all(len(word) <= 75 for word in re.split(r"\r\n ", written))
    assert taken + len(written.split("\r\n")[0]) <= 76


def test_plain_ascii_stays_as_it_is() -> None:
    assert encode("Re: your order #K7Q2") == "Re: your order #K7Q2"
    assert encode("looks =?like?= one") != "looks =?like?= one"


def test_base64_that_was_cut_anywhere_is_put_together() -> None:
    whole = base64.b64encode("سلام، سفارش من".encode()).decode()
    for cut in range(1, len(whole) - 2):
        assert decode(f"=?utf-8?B?{whole[:cut]}?= =?utf-8?B?{whole[cut:]}?=") == "سلام، سفارش من"


def test_a_word_that_lost_its_end_does_not_spoil_the_next() -> None:
    whole = base64.b64encode("سلام".encode()).decode().rstrip("=")
    assert decode(f"=?utf-8?B?{whole[:-1]}?= =?utf-8?B?{whole}?=").endswith("سلام")
