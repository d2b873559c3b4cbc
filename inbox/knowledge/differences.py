"""What two versions have in common and what not: by lines first, then by words within the lines that changed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "added", "removed"]
AROUND = 2
"""Lines that are shown before and behind what changed."""
MOST = 2_000_000
"""Pairs of words that are compared within one passage; what is longer was written anew."""
_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one kind in their order."""

    kind: Kind
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the newer version and what it lost. Without pieces: so many lines are left out here that did not change."""

    pieces: tuple[Piece, ...]
    left_out: int = 0

    @property
    def changed(self) -> bool:
        """Whether anything in it did."""
        return any(one.kind != "same" for one in self.pieces)


def differences(old: str, new: str) -> tuple[Line, ...]:
    """The lines of both versions; those that did not change stand only beside those that did. Equal texts have no lines."""
    lines = list(_lines(old.split("\n"), new.split("\n")))
    return tuple(_shortened(lines)) if any(line.changed for line in lines) else ()


def _lines(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from (Line((Piece("same", line),)) for line in new[c:d])
        elif b - a == d - c:
            yield from (Line(tuple(_pieces(*pair))) for pair in zip(old[a:b], new[c:d], strict=True))
        elif kind == "insert":
            yield from (Line((Piece("added", line),)) for line in new[c:d])
        elif kind == "delete":
            yield from (Line((Piece("removed", line),)) for line in old[a:b])
        else:
            yield from _broken(_pieces("\n".join(old[a:b]), "\n".join(new[c:d])))


def _pieces(old: str, new: str) -> list[Piece]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if len(before) * len(after) > MOST:
        return [Piece("removed", old), Piece("added", new)]
    found: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Piece("same", "".join(after[c:d])))
        if kind in ("delete", "replace"):
            found.append(Piece("removed", "".join(before[a:b])))
        if kind in ("insert", "replace"):
            found.append(Piece("added", "".join(after[c:d])))
    return found


def _broken(pieces: Sequence[Piece]) -> Iterator[Line]:
    """Pieces with line ends in them, as lines."""
    line: list[Piece] = []
    for piece in pieces:
        first, *others = piece.words.split("\n")
        if first:
            line.append(Piece(piece.kind, first))
        for words in others:
            yield Line(tuple(line) or (Piece(piece.kind, ""),))
            line = [Piece(piece.kind, words)] if words else []
    if line:
        yield Line(tuple(line))


def _shortened(lines: Sequence[Line]) -> Iterator[Line]:
    near = [False] * len(lines)
    for at, line in enumerate(lines):
        if line.changed:
            near[max(0, at - AROUND) : at + AROUND + 1] = [True] * len(near[max(0, at - AROUND) : at + AROUND + 1])
    skipped = 0
    for line, shown in zip(lines, near, strict=True):
        if not shown:
            skipped += 1
            continue
        if skipped:
            yield Line((), skipped)
            skipped = 0
        yield line
    if skipped:
        yield Line((), skipped)
