"""How a message sounds: urgent, angry or abusive, by words of a list and no more; a word that is denied says nothing.

It is told of a text and never of whoever wrote it. Pure, linear in the text, and alike for either language: words are compared
as rules compare them, whatever their spaces and half-spaces.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from inbox.text.fold import squeeze, words

TONES = ("urgent", "angry", "abusive")
LONGEST = 20_000
"""Characters of a message that are listened to."""
MOST = 12
"""Words that are told of one tone."""
BEFORE, BEHIND = 3, 2
"""How many words before it, or behind it, a word is denied by."""
_CLAUSES = re.compile(r"[.!?؟\n\r;؛:,،()\"«»“”]+")
_QUOTED = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_NOT_WORD = re.compile(r"\W+")

Heard = tuple[tuple[str, tuple[str, ...]], ...]
"""Each tone that is there, with the words that say so, as the list has them; in the order of TONES."""


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A word or several of a list. `begun`: any word that begins so."""

    written: str
    run: str
    begun: bool


@dataclass(frozen=True, slots=True)
class ToneWords:
    """The lists of a site, folded once."""

    phrases: Mapping[str, tuple[_Phrase, ...]]
    before: frozenset[str]
    behind: frozenset[str]

    @classmethod
    def of(cls, lists: Mapping[str, Sequence[str]], before: Sequence[str], behind: Sequence[str]) -> "ToneWords":
        """`lists`: by tone."""
        phrases = {tone: tuple(map(_phrase, dict.fromkeys(lists.get(tone, ())))) for tone in TONES}
        return cls(phrases, frozenset(map(_run, before)), frozenset(map(_run, behind)))

    def heard(self, text: str) -> Heard:
        """What the newly written text says; whatever is quoted in it with `>` is somebody else's."""
        own = _QUOTED.sub("", text[:LONGEST])
        whole = "".join(words(own))
        near = {tone: [one for one in self.phrases[tone] if one.run in whole] for tone in TONES}
        if not any(near.values()):  # most messages; the others are looked at clause by clause
            return ()
        clauses = [_Clause.of(one) for one in _CLAUSES.split(own)]
        found = {tone: tuple(dict.fromkeys(self._of(near[tone], clauses)))[:MOST] for tone in TONES}
        return tuple((tone, said) for tone, said in found.items() if said)

    def _of(self, several: Sequence[_Phrase], clauses: Sequence["_Clause"]) -> list[str]:
        return [one.written for clause in clauses if clause.run for one in several if self._says(clause, one)]

    def _says(self, clause: "_Clause", phrase: _Phrase) -> bool:
        at = clause.run.find(phrase.run)
        while at >= 0:
            end = at + len(phrase.run)
            if at in clause.starts and (phrase.begun or end in clause.ends) and not self._denied(clause, at, end):
                return True
            at = clause.run.find(phrase.run, at + 1)
        return False

    def _denied(self, clause: "_Clause", at: int, end: int) -> bool:
        first = clause.starts[at]
        last = next((number for border, number in clause.ends.items() if border >= end), len(clause.said) - 1)
        before = clause.said[max(0, first - BEFORE) : first]
        behind = clause.said[last + 1 : last + 1 + BEHIND]
        return _any(before, self.before) or _any(behind, self.behind)


@dataclass(frozen=True, slots=True)
class _Clause:
    """Its words run together; where each begins and ends, and which one that is."""

    said: list[str]
    run: str
    starts: Mapping[int, int]
    ends: Mapping[int, int]

    @classmethod
    def of(cls, text: str) -> "_Clause":
        said = words(text)
        borders = list(accumulate(map(len, said), initial=0))
        starts = {at: number for number, at in enumerate(borders[:-1])}
        return cls(said, "".join(said), starts, {at: number for number, at in enumerate(borders[1:])})


def _any(said: Sequence[str], known: frozenset[str]) -> bool:
    """Whether one of the words is known, or two of them that a half-space parted."""
    pairs = (f"{one}{two}" for one, two in pairwise(said))
    return any(one in known for one in (*said, *pairs))


def _phrase(written: str) -> _Phrase:
    return _Phrase(written.rstrip("*"), _run(written), written.endswith("*"))


def _run(written: str) -> str:
    return _NOT_WORD.sub("", squeeze(written))


SILENT = ToneWords.of({}, (), ())
"""Of a site that listens to nothing."""
