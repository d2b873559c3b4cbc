"""Whole answers come out of the bytes of a server, whatever they hold and however the network cuts them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email import imap_framing
from channels.email.imap_framing import Answer, Framer, Unframed

TRICKY = [
    [b"* OK ready {5}"],
    [b"* 1 FETCH (UID 7 BODY[] {22}", b"A1 OK done\r\n* 2 EXISTS", b" FLAGS (\\Seen))"],
    [b"* 2 FETCH (UID 8 BODY[] {0}", b"", b")"],
    [b'* 3 FETCH (UID 9 BODY[] "* ( not (closed")'],
    [b"* 4 FETCH (BODY[] {4}", b"\r\n\r\n", b" X {3}", b"abc", b" UID 10)"],
    [b'* LIST () "/" {6}', b"a\r\nb c", b""],
    [b"+ go ahead {3}"],
    [b"* SEARCH"],
    [b"A1 OK done {7}"],
]


def wire(answers: list[Answer]) -> bytes:
    """The answers as bytes: text ends in CRLF, a literal does not."""
    return b"".join(part if number % 2 else part + b"\r\n" for answer in answers for number, part in enumerate(answer))


def test_literals_strings_and_words_for_people_are_told_apart() -> None:
    assert Framer().feed(wire(TRICKY)) == TRICKY


@pytest.mark.parametrize("size", [1, 2, 3, 7, 20])
def test_the_same_answers_come_out_however_the_bytes_are_cut(size: int) -> None:
    framer, data, answers = Framer(), wire(TRICKY), []
    for start in range(0, len(data), size):
        answers += framer.feed(data[start : start + size])
    assert answers == TRICKY
    assert framer.empty


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=8), st.lists(st.integers(1, 60), min_size=1))
def test_any_bytes_pass_through_literals_unharmed(bodies: list[bytes], cuts: list[int]) -> None:
    sent = [[b"* %d FETCH (BODY[] {%d}" % (n, len(body)), body, b")"] for n, body in enumerate(bodies, 1)]
    data, framer, answers, at = wire(sent), Framer(), [], 0
    for turn in range(len(data)):
        step = cuts[turn % len(cuts)]
        answers += framer.feed(data[at : at + step])
        at += step
    assert answers == sent


def test_a_literal_is_not_handed_out_before_its_last_byte_and_its_last_line() -> None:
    framer = Framer()
    assert framer.feed(b"* 1 FETCH (BODY[] {5}\r\nhell") == []
    assert framer.feed(b"o") == []
    assert not framer.empty
    assert framer.feed(b")\r\n") == [[b"* 1 FETCH (BODY[] {5}", b"hello", b")"]]


def test_a_hundred_thousand_lines_in_one_read_take_linear_time() -> None:
    lines = b"".join(b"* %d FETCH (UID %d FLAGS ())\r\n" % (n, n) for n in range(1, 100_001))
    began = time.process_time()
    assert len(Framer().feed(lines)) == 100_000
    assert time.process_time() - began < 5


def test_a_line_and_a_literal_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap_framing, "LONGEST_LINE", 1000)
    with pytest.raises(Unframed, match="line"):
        Framer().feed(b"x" * 1001)
    with pytest.raises(Unframed, match="literal"):
        Framer().feed(b"* 1 FETCH (BODY[] {99999999999}\r\n")
