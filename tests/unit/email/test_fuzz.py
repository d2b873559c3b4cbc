"""No input raises anything but Unreadable, whatever is done to a mail on its way."""

import json
import random
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from inbox.domain.happenings import InboundMessage
from inbox.domain.problems import Unreadable
from tests.unit.email.letters import codec

CORPUS = sorted((Path(__file__).parents[2] / "corpus").glob("*.eml"))
SPLINTERS = [
    *(
        b"\r\n",
        b"\n",
        b"\r",
        b"\r\n\r\n",
        b"--",
        b"=?",
        b"?=",
        b"=?utf-8?B?",
        b'"',
        b"<",
        b">",
        b"(",
        b")",
        b";",
        b":",
        b",",
    ),
    *(
        b"@",
        b"\x00",
        b"\xff\xfe",
        b"=",
        b"\xed\xa0\x80",
        b"\xd8\xb3",
        b"\xe2\x80\xa8",
        b"\n--BB\r\n",
        b"\n--BB--",
        b"> ",
    ),
    *(
        b"charset=utf-7",
        b'charset="unicode_escape"',
        b"charset=idna",
        b"filename*0*=utf-8''%D8",
        b"begin 644 x\n",
        b"</div>",
    ),
    *(b"Content-Type: multipart/mixed; boundary=BB\r\n", b"Content-Type: message/rfc822\r\n\r\n", b"From: a@b\r\n"),
    *(
        b"Content-Transfer-Encoding: x-uuencode\r\n",
        b"Date: Mon, 99 Foo 99999 99:99 +9999\r\n",
        b"<blockquote type=cite>",
    ),
]


def survives(raw: bytes) -> None:
    """Read the bytes in every way there is."""
    reading = codec("mx.desk.test")
    try:
        (found,) = reading.parse(raw)
    except Unreadable:
        return
    json.dumps(reading.describe(raw), ensure_ascii=False).encode()
    repr(found).encode()
    if isinstance(found, InboundMessage):
        for one in found.attachments:
            reading.attachment(raw, one.start, one.length, one.encoding)


@given(st.binary(max_size=2000))
@example(b"\x00")
@example(b"\r")
@example(b":\n\n")
@example(b"Content-Type: multipart/mixed; boundary=\n\n--\n--\n")
def test_any_bytes(raw: bytes) -> None:
    survives(raw)


@settings(max_examples=300)
@given(st.sampled_from(CORPUS), st.integers(0, 2**32))
def test_any_mutation_of_the_corpus(file: Path, seed: int) -> None:
    survives(mutated(file.read_bytes(), random.Random(seed)))


def mutated(mail: bytes, rng: random.Random) -> bytes:
    """The mail with up to a dozen changes: splinters put in, bytes taken out, changed or repeated."""
    raw = bytearray(mail)
    for _ in range(rng.randint(1, 12)):
        at = rng.randrange(len(raw) + 1)
        change = rng.randrange(4)
        if change == 0:
            raw[at:at] = rng.choice(SPLINTERS) * rng.choice((1, 1, 5, 100))
        elif change == 1:
            del raw[at : at + rng.choice((1, 20, 300))]
        elif change == 2:
            raw[at : at + 1] = bytes([rng.randrange(256)])
        else:
            start = rng.randrange(len(raw) + 1)
            raw[at:at] = raw[start : start + rng.randint(1, 200)]
    return bytes(raw)
