"""The query language: what people type to find conversations, read into words and filters; one reader for web, CLI and API.

`is:open assignee:me "exact words" -not`, with Persian names and values beside the English ones (`queries_names`). Everything
is joined by "and". A filter that cannot be read is kept as it was typed, with the sentence that says why; the rest still counts.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from inbox.text import queries_values as values
from inbox.text.fold import ZWNJ, squeeze, words
from inbox.text.queries_names import KNOWN, NAMES

LONGEST = 500
"""Characters that are read of what was typed."""
MOST = 40
"""Words and filters, at most; what stands behind them is not read."""

_PART = re.compile(
    r"""(?P<minus>[-\u2212]?)(?:
        (?P<open>["\u201c\u00ab])(?P<quoted>[^"\u201d\u00bb]*)["\u201d\u00bb]?
        |(?P<name>[^\s:"\u00ab\u00bb\u201c\u201d]+):(?:["\u201c\u00ab](?P<said>[^"\u201d\u00bb]*)["\u201d\u00bb]?|(?P<value>\S*))
        |(?P<word>[^\s"\u00ab\u00bb\u201c\u201d]+)
    )""",
    re.VERBOSE,
)

_QUOTES = re.compile('["\u201c\u201d\u00ab\u00bb]')


@dataclass(frozen=True, slots=True)
class Word:
    """Something that has to be said, or not. `exact`: these words in this order; `begun`: any word that begins so."""

    text: str
    exact: bool = False
    begun: bool = False
    negated: bool = False
    typed: str = field(default="", compare=False)
    """As it was typed."""

    def __str__(self) -> str:
        shown = f'"{self.text}"' if self.exact else f"{self.text}*" if self.begun else self.text
        return f"-{shown}" if self.negated else shown


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition by its English name, and its value as that condition writes it."""

    name: str
    value: str
    negated: bool = False
    typed: str = field(default="", compare=False)
    """As it was typed: in whichever language."""

    def __str__(self) -> str:
        value = f'"{self.value}"' if re.search(r"[\s\"]", self.value) else self.value
        return f"{'-' if self.negated else ''}{self.name}:{value}"


@dataclass(frozen=True, slots=True)
class Bad:
    """A filter that cannot be read: as it was typed, and the catalogue's sentence about it."""

    typed: str
    key: str
    facts: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return self.typed


Part = Word | Filter | Bad


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked for. `str()` writes it in English words, and reads back as the same."""

    parts: tuple[Part, ...] = ()

    def __str__(self) -> str:
        return " ".join(str(part) for part in self.parts)

    def without(self, part: Part) -> str:
        """What was typed, but for a part of it."""
        rest = (one.typed if isinstance(one, Bad) else one.typed or str(one) for one in self.parts if one != part)
        return " ".join(rest)

    @property
    def words(self) -> tuple[Word, ...]:
        """What has to be said, or must not be."""
        return tuple(part for part in self.parts if isinstance(part, Word))

    @property
    def filters(self) -> tuple[Filter, ...]:
        """The conditions that could be read."""
        return tuple(part for part in self.parts if isinstance(part, Filter))

    @property
    def bad(self) -> tuple[Bad, ...]:
        """What could not be read."""
        return tuple(part for part in self.parts if isinstance(part, Bad))


def read(typed: str) -> Query:
    """The query that somebody typed. Never raises: what is no filter is a word, what is a wrong filter is told."""
    found: list[Part] = []
    for match in _PART.finditer(typed[:LONGEST]):
        part = _part(match)
        if part is not None and part not in found and len(found) < MOST:
            found.append(part if isinstance(part, Bad) else replace(part, typed=match[0].strip()))
    return Query(tuple(found))


def _part(match: re.Match[str]) -> Part | None:
    negated = bool(match["minus"])
    if match["open"]:
        return _word(match["quoted"], negated, exact=True)
    if match["name"] is None:
        return _word(match["word"], negated)
    name = NAMES.get(squeeze(match["name"]))
    value = (match["said"] if match["said"] is not None else match["value"]).strip()
    if name is not None:
        return _filter(match[0], name, value, negated)
    of, dot, field = match["name"].partition(".")
    if dot and field and NAMES.get(squeeze(of)) in KNOWN:
        return _filter(match[0], NAMES[squeeze(of)], f"{field}={value}" if value else "", negated)
    if (
        not value or not _named(match["name"]) or value.startswith("//")
    ):  # "Re: hello", 10:30 and https:// are no filters
        return _word(match[0].removeprefix(match["minus"]), negated)
    return Bad(match[0], "query.unknown_name", {"name": match["name"], "known": ", ".join(sorted(set(NAMES.values())))})


def _named(name: str) -> bool:
    """Whether it looks like the name of a filter: letters alone."""
    return name.replace(ZWNJ, "").isalpha()


def _word(text: str, negated: bool, *, exact: bool = False) -> Word | None:
    plain = " ".join(_QUOTES.sub(" ", text).split())
    if exact:
        return Word(plain, exact, negated=negated) if words(plain) else None
    bare = plain.rstrip("*").lstrip("-\u2212")
    if " " in bare:  # 10:"30 is no filter, and what stood in quotes stays together
        return Word(bare, exact=True, negated=negated) if words(bare) else None
    return Word(bare, begun=plain.endswith("*"), negated=negated) if words(bare) else None


def _filter(typed: str, name: str, value: str, negated: bool) -> Part:
    if not value:
        return Bad(typed, "query.no_value", {"name": name, "known": values.known(name)})
    read_value = values.read(name, value)
    if read_value is None:
        return Bad(typed, f"query.bad_{values.kind(name)}", {"name": name, "value": value, "known": values.known(name)})
    return Filter(name, read_value, negated)
