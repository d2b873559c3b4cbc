"""Steps through a bot's menu, as they stand in a button's data: `menu:fa:article:17` shows that article in Persian.

Nothing is kept of where somebody is in it; each button says where it leads. Data comes back from the customer's own program,
which may say anything: a step is a wish, and whoever carries it out looks whether it is theirs.
"""

import re
from dataclasses import dataclass
from typing import Literal, get_args

from inbox.domain.articles import LANGUAGES
from inbox.domain.choices import LONGEST_DATA, Offer

Verb = Literal["top", "topics", "topic", "articles", "article", "solved", "person", "find", "found", "pass", "mine"]
"""`topics`: the choices of the channel's menu, `topic`: one of them is chosen; `articles`: a folder; `solved`: an article was
enough; `person`: somebody is wanted; `find`: asks for words, `found`: what says them; `pass`: words that were looked for are a
message after all; `mine`: their own requests."""
_SAID = re.compile(r"menu:([a-z]{2}):([a-z]{1,12})((?::[\w.-]{1,40}){0,3})")


@dataclass(frozen=True, slots=True)
class Step:
    """Where a button leads, and in which language it is shown."""

    language: str
    verb: Verb
    rest: tuple[str, ...] = ()

    @property
    def data(self) -> str:
        """As it stands in a button."""
        return ":".join(("menu", self.language, self.verb, *self.rest))

    def to(self, verb: Verb, *rest: object) -> "Step":
        """Another step in the same language."""
        return Step(self.language, verb, tuple(map(str, rest)))

    def offer(self, label: str) -> Offer:
        """The button that leads there."""
        return Offer(label, self.data)

    def number(self, at: int) -> int:
        """The number that stands in that place; 0 where none does."""
        said = self.rest[at] if at < len(self.rest) else ""
        return int(said) if said.isascii() and said.isdecimal() and len(said) <= 15 else 0

    def word(self, at: int) -> str:
        """The word that stands in that place, or nothing."""
        return self.rest[at] if at < len(self.rest) else ""


def step(data: str) -> Step | None:
    """The step that the data of a button stands for; None for whatever is none."""
    found = _SAID.fullmatch(data) if len(data.encode("utf-8", "replace")) <= LONGEST_DATA else None
    if found is None or found[1] not in LANGUAGES:
        return None
    verb = next((one for one in get_args(Verb) if one == found[2]), None)
    return None if verb is None else Step(found[1], verb, tuple(found[3].split(":")[1:]))
