"""Whether a text mentions a phrase as whole words, however either of them spaces its words."""

import re
from dataclasses import dataclass
from itertools import accumulate

from inbox.text.fold import squeeze, words

_NOT_WORD = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Searchable:
    """A text prepared once so that many phrases can be looked for in it: its words run together, and where words meet."""

    run: str
    borders: frozenset[int]

    def mentions(self, phrase: str) -> bool:
        """True when `phrase` stands in the text from one word border to another.

        «می‌شود», «می شود» and «میشود» find each other; "art" is not found in "start". An empty phrase is found nowhere.
        """
        sought = _NOT_WORD.sub("", squeeze(phrase))
        at = self.run.find(sought) if sought else -1
        while at >= 0:
            if at in self.borders and at + len(sought) in self.borders:
                return True
            at = self.run.find(sought, at + 1)
        return False


def searchable(text: str) -> Searchable:
    """`text` made ready for `Searchable.mentions`; linear in its length."""
    parts = words(text)
    return Searchable("".join(parts), frozenset(accumulate(map(len, parts), initial=0)))
