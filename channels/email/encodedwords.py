"""Encoded words (RFC 2047), read as generously as mail programs write them badly, and written strictly."""

import binascii
import re
from itertools import groupby

from channels.email import charsets

_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?]*)\?=")
_PAIR = re.compile(r"(\?=)[ \t\r\n]+(?==\?[^?\s]{1,80}\?[bBqQ]\?)")
_WORD_MOST = 900  # a line has 998 (RFC 5322, 2.1.1), and something may stand before the word
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


def decode(text: str) -> str:
    """`text` with its encoded words decoded. Adjacent ones are joined as bytes first: a letter may be split between two."""
    pieces = _WORD.split(_PAIR.sub(r"\1", text))
    words = [
        (plain, charset.partition("*")[0].lower(), form, body)
        for plain, charset, form, body in zip(pieces[::4], pieces[1::4], pieces[2::4], pieces[3::4], strict=False)
    ]
    return "".join(_joined(words)) + pieces[-1]


def _joined(words: list[tuple[str, str, str, str]]) -> list[str]:
    run = 0
    numbered: list[tuple[int, str, str, str, str]] = []
    for plain, charset, form, body in words:
        if plain or not numbered or numbered[-1][1] != charset:
            run += 1
        numbered.append((run, charset, plain, form, body))
    told = []
    for (_, charset), group in groupby(numbered, key=lambda one: one[:2]):
        members = list(group)
        told.append(members[0][2] + charsets.decode(_bytes([one[3:] for one in members]), charset)[0])
    return told


def _bytes(words: list[tuple[str, str]]) -> bytes:
    """The bytes of adjacent words of one charset. Some programs cut base64 anywhere: then it fits together only as a whole."""
    if len(words) > 1 and all(form in "bB" for form, _ in words) and any(len(body) % 4 for _, body in words[:-1]):
        whole = "".join(body.strip() for _, body in words)
        if len(whole) % 4 == 0 and "=" not in whole[:-2]:
            return _raw("b", whole)
    return b"".join(_raw(form, body) for form, body in words)


def _raw(form: str, body: str) -> bytes:
    raw = body.encode("ascii", "ignore")
    if form in "qQ":
        return binascii.a2b_qp(raw, header=True)
    plain = _NOT_BASE64.sub(b"", raw)
    usable = plain[: len(plain) - 1] if len(plain) % 4 == 1 else plain
    return binascii.a2b_base64(usable + b"=" * (-len(usable) % 4))


def encode(text: str, taken: int = 0, whatever: bool = False) -> str:
    """`text` as it may stand in a header: itself where it is printable ASCII, else encoded words of at most 75 characters.

    `whatever` the letters are, they become encoded words: for what must not be read as more than words. So does ASCII
    with a word that no line can hold.

    Words are parted by a fold (CRLF and a space) and never inside a letter (RFC 2047, 2 and 5); `taken` is how many
    characters the first line holds already. Text must be clean: no line ends, no controls, no lone surrogates.
    """
    if not whatever and text.isascii() and text.isprintable() and "=?" not in text and _foldable(text):
        return text
    words: list[str] = []
    piece, size, room = "", 0, _room(taken)
    for letter in text:
        width = len(letter.encode())
        if size + width > room and piece:
            words.append(_word(piece))
            piece, size, room = "", 0, _room(1)
        piece, size = piece + letter, size + width
    return "\r\n ".join([*words, _word(piece)])


def _foldable(text: str) -> bool:
    return len(text) <= _WORD_MOST or max(map(len, text.split(" "))) <= _WORD_MOST


def _room(taken: int) -> int:
    """Bytes of text that fit: the frame takes 12 characters of a line of 76, and base64 makes four of three."""
    return max(6, min(45, (76 - 12 - taken) // 4 * 3))


def _word(piece: str) -> str:
    return f"=?utf-8?B?{binascii.b2a_base64(piece.encode(), newline=False).decode('ascii')}?="
