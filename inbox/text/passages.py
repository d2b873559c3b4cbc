"""The part of a text in which words were found, with the words marked: as people wrote it, found as the index finds it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inbox.text.fold import ZWNJ, fold, fold_spaced, words
from inbox.text.queries import Word

LONGEST = 20_000
"""Characters of a text that are looked through."""
_STRETCH = re.compile(rf"[^\n]{{1,300}}(?:[\s{ZWNJ}]|$)|[^\n]{{1,300}}")
_WRITTEN = re.compile(rf"[\w{ZWNJ}]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a passage; `hit`: it is what was looked for."""

    text: str
    hit: bool = False


def marked(text: str, wanted: Sequence[Word]) -> tuple[Piece, ...]:
    """The whole text in pieces, the words that were looked for marked; empty where there are none."""
    looked = _looked(wanted)
    pieces: list[Piece] = []
    at, any_hit = 0, False
    for start, end in _found(text, looked):
        if start > at:
            pieces.append(Piece(text[at:start]))
        pieces.append(Piece(text[start:end], hit=True))
        at, any_hit = end, True
    return (*pieces, Piece(text[at:])) if any_hit and at < len(text) else tuple(pieces) if any_hit else ()


def passage(text: str, wanted: Sequence[Word], length: int = 160) -> tuple[Piece, ...]:
    """About so many characters round the first place where one of the words stands; empty where none does."""
    looked = _looked(wanted)
    if not looked:
        return ()
    for line in _STRETCH.finditer(text[:LONGEST]):
        if not any(stem in _folded(line[0]) for stem, _ in looked):
            continue
        first = next(_found(line[0], looked), None)
        if first is not None:
            return marked(_round(line[0], *first, length), wanted)
    return ()


def _folded(line: str) -> str:
    return fold(line) if ZWNJ not in line else f"{fold(line)} {fold_spaced(line)}"


def _looked(wanted: Sequence[Word]) -> list[tuple[str, bool]]:
    """Each word of what was looked for, folded, and whether it is the beginning of one."""
    found: list[tuple[str, bool]] = []
    for word in wanted:
        if not word.negated:
            parts = [*words(word.text), *words(fold(word.text))]
            found += [(part, word.begun and part == parts[-1]) for part in dict.fromkeys(parts)]
    return found


def _found(text: str, looked: Sequence[tuple[str, bool]]) -> Iterator[tuple[int, int]]:
    stems = {stem for stem, _ in looked}
    begun = tuple(stem for stem, begun in looked if begun)
    for written in _WRITTEN.finditer(text):
        word = written[0]
        forms = {word.lower()} if word.isascii() else {fold(word), *words(word)}
        if not stems.isdisjoint(forms) or (begun and any(form.startswith(begun) for form in forms)):
            yield written.span()


def _round(line: str, start: int, end: int, length: int) -> str:
    """The line round a place, cut between words."""
    spare = max(0, length - (end - start)) // 2
    low, high = max(0, start - spare), min(len(line), end + spare)
    if low:
        low = line.find(" ", low, start) + 1 or low
    if high < len(line):
        cut = line.rfind(" ", end, high)
        high = cut if cut > 0 else high
    return f"{'…' if low else ''}{line[low:high].strip()}{'…' if high < len(line.rstrip()) else ''}"
