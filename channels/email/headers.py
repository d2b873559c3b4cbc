"""A header block as fields: unfolded, counted and cut to size before anything looks inside, decoded on demand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from channels.email import charsets, encodedwords
from inbox.text.cleaning import clean_header

BLOCK_CAP = 1_000_000
"""Bytes of one header block that are looked at."""
FIELD_CAP = 100_000
"""Bytes of one field that are looked at."""
FIELDS_CAP = 2_000

OVERSIZED = "oversized"
BAD_FIELD = "bad-header-line"
RAW_EIGHT_BIT = "raw-8bit-header"

_FOLD = re.compile(rb"\r{0,2}\n(?=[ \t])")
_NAME = re.compile(rb"[!-9;-~]+")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Headers:
    """The fields of one block in order: names in lower case, values as bytes."""

    fields: tuple[tuple[str, bytes], ...]
    first: dict[str, bytes]
    """The first field of each name: the one that counts where a field may stand only once."""
    defects: tuple[str, ...] = ()

    def raw(self, name: str) -> bytes:
        """The first value of a field as bytes; empty where there is none."""
        return self.first.get(name, b"")

    def text(self, name: str) -> str:
        """The first value of a field as one clean line, encoded words decoded; empty where there is none."""
        value = self.first.get(name)
        return "" if value is None else decoded(value)

    def every(self, name: str) -> Iterator[bytes]:
        """All values of a field, from the top."""
        return (value for one, value in self.fields if one == name)

    def count(self, name: str) -> int:
        """How many fields have this name."""
        return sum(one == name for one, _ in self.fields) if name in self.first else 0


def headers_of(block: bytes) -> Headers:
    """The fields of a header block (RFC 5322, 2.2). Lines that are no fields are passed over and noted as a defect."""
    defects: set[str] = set()
    if len(block) > BLOCK_CAP:
        block = block[:BLOCK_CAP]
        defects.add(OVERSIZED)
    if b"\n" not in block and b"\r" in block:
        block = block.replace(b"\r", b"\n")
    fields = list(_fields(_FOLD.sub(b"", block), defects))
    if len(fields) > FIELDS_CAP:
        del fields[FIELDS_CAP:]
        defects.add(OVERSIZED)
    return Headers(tuple(fields), dict(reversed(fields)), tuple(sorted(defects)))


def _fields(unfolded: bytes, defects: set[str]) -> Iterator[tuple[str, bytes]]:
    for line in unfolded.split(b"\n"):
        name, colon, value = line.partition(b":")
        name = name.rstrip(b" \t")
        if not colon or not _NAME.fullmatch(name):
            # Mailbox files put "From somebody date" before a mail, some with ">" in front.
            if line.strip() and not line.startswith((b"From ", b">From ")):
                defects.add(BAD_FIELD)
            continue
        if len(value) > FIELD_CAP:
            value = value[:FIELD_CAP]
            defects.add(OVERSIZED)
        yield name.decode("ascii").lower(), value.strip()


def decoded(value: bytes) -> str:
    """A field's value as one clean line: raw letters by charset, encoded words (RFC 2047) put together."""
    text = value.decode("ascii") if value.isascii() else charsets.decode(value)[0]
    if "=?" in text:
        text = encodedwords.decode(text)
    return text if text.isascii() and text.isprintable() and "  " not in text else clean_header(text)
