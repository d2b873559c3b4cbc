"""What stands on a page of a PDF, letter by letter with its place, and what it says when it is read from one side."""

import io
import re
from dataclasses import dataclass
from typing import cast

from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream, DictionaryObject, StreamObject, TextStringObject

_PAIR = re.compile(r"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>")


@dataclass(frozen=True, slots=True)
class Letter:
    """The letters that one glyph stands for, and the place from which it is drawn, in points from the lower left."""

    text: str
    x: float
    y: float
    bold: bool


def pages(file: bytes) -> list[list[Letter]]:
    """The glyphs of each page."""
    return [_letters(page) for page in PdfReader(io.BytesIO(file)).pages]


def line(letters: list[Letter], y: float, *, rightward: bool) -> str:
    """What stands at that height, in the order in which it is drawn from the right or from the left."""
    there = sorted((one for one in letters if one.y == y), key=lambda one: one.x, reverse=rightward)
    return "".join(one.text for one in there)


def lines(letters: list[Letter], *, rightward: bool) -> list[str]:
    """All of them from the top."""
    return [line(letters, y, rightward=rightward) for y in sorted({one.y for one in letters}, reverse=True)]


def _letters(page: PageObject) -> list[Letter]:
    fonts = cast(DictionaryObject, cast(DictionaryObject, page["/Resources"])["/Font"])
    maps = {name: _map(font.get_object()) for name, font in fonts.items()}
    found, x, y, font = [], 0.0, 0.0, ""
    contents = page.get_contents()
    assert contents is not None
    for operands, operator in ContentStream(contents, page.pdf).operations:
        if operator == b"Tf":
            font = operands[0]
        elif operator in (b"Tm", b"Td"):
            x, y = map(float, operands[-2:])
        elif operator == b"Tj":
            bold = "Bold" in str(cast(DictionaryObject, fonts[font])["/BaseFont"])
            found += [Letter(maps[font].get(code, ""), x, round(y, 1), bold) for code in _codes(operands[0])]
    return found


def _codes(shown: object) -> list[int]:
    raw = shown if isinstance(shown, bytes) else cast(TextStringObject, shown).original_bytes
    return [int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2)]


def _map(font: DictionaryObject) -> dict[int, str]:
    stream = font["/ToUnicode"]
    assert isinstance(stream, StreamObject)
    pairs = _PAIR.findall(stream.get_data().decode("latin-1"))
    return {int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}
