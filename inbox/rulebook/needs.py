"""What facts must hold for a condition to hold at all: a few marks, one of which has to be there. The index asks for them."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from inbox.rulebook import values
from inbox.text.fold import fold, words

ANY = "*"
"""The mark that there is such a thing at all."""


class Mark(NamedTuple):
    """One thing that facts may show: of which kind, and which. Of kind `word` it is a phrase's words run together."""

    kind: str
    what: str


Needs = frozenset[Mark] | None
"""One of these marks must be there; None: nothing can be said."""

ORDER = (
    "word",
    "from",
    "to",
    "cc",
    "from domain",
    "to domain",
    "cc domain",
    "from name",
    "to name",
    "cc name",
    "header value",
    "header",
    "organization tag",
    "organization",
    "contact tag",
    "changed",
    "automatic",
    "file",
    "channel",
    "brand",
    "authentication",
    "language",
)
"""Kinds of marks, those that tell messages apart best first."""


def needs(key: str, free: str, value: object) -> Needs:
    """What the condition `key` (of the vocabulary, with its free name) with a value that it takes cannot do without."""
    scope, _, rest = key.partition(".")
    if scope == "changed":
        return frozenset({Mark("changed", f"field.{free}" if rest.startswith("field") else rest.partition(".")[0])})
    of = _OF.get(key)
    return of(free, value) if of is not None else None


def best(choices: Iterable[Needs]) -> Needs:
    """Of several things that are all needed, the one that tells messages apart best."""
    known = [choice for choice in choices if choice is not None]
    return min(known, key=_rank, default=None)


def either(choices: Iterable[Needs]) -> Needs:
    """What is needed where one of several is enough."""
    found: frozenset[Mark] = frozenset()
    for choice in choices:
        if choice is None:
            return None
        found |= choice
    return found


def _rank(marks: frozenset[Mark]) -> tuple[int, int]:
    return max((ORDER.index(mark.kind) for mark in marks), default=0), len(marks)


def run(phrase: str) -> str:
    """The words of a phrase as they stand in a prepared text."""
    return "".join(words(phrase))


Of = Callable[[str, object], Needs]


def _mentions(_free: str, value: object) -> Needs:
    return frozenset(Mark("word", run(phrase)) for phrase in values.phrases(value))


def _mentions_all(_free: str, value: object) -> Needs:
    return frozenset({Mark("word", max((run(phrase) for phrase in values.phrases(value)), key=len))})


def _addresses(kind: str) -> Of:
    return lambda _free, value: either(_address(kind, fold(one)) for one in values.texts(value))


def _address(kind: str, pattern: str) -> Needs:
    """A whole address, the domain behind a star, or the name before one; nothing where the star stands elsewhere."""
    if "*" not in pattern:
        return frozenset({Mark(kind, pattern)})
    name, at, domain = pattern.rpartition("@")
    if at and "*" not in domain:
        return frozenset({Mark(f"{kind} domain", domain)})
    if at and "*" not in name and domain == "*":
        return frozenset({Mark(f"{kind} name", name)})
    return None


def _names(kind: str) -> Of:
    return lambda _free, value: frozenset(Mark(kind, one) for one in values.texts(value))


def _tags(kind: str) -> Of:
    return lambda _free, value: frozenset(Mark(kind, fold(one)) for one in values.texts(value))


def _automatic(_free: str, value: object) -> Needs:
    if isinstance(value, bool):
        return frozenset({Mark("automatic", ANY)}) if value else None
    return _names("automatic")("", value)


def _header(free: str, value: object) -> Needs:
    name = free.lower().replace("_", "-")
    if value == "absent":
        return None
    if value == "present" or any("*" in one for one in values.texts(value)):
        return frozenset({Mark("header", name)})
    return frozenset(Mark("header value", f"{name}: {fold(one)}") for one in values.texts(value))


def _there(kind: str) -> Of:
    return lambda _free, value: None if value is False else frozenset({Mark(kind, ANY)})


_OF: Mapping[str, Of] = {
    **{f"{scope}.mentions": _mentions for scope in ("text", "subject", "body")},
    **{f"{scope}.mentions_all": _mentions_all for scope in ("text", "subject", "body")},
    **{kind: _addresses(kind) for kind in ("from", "to", "cc")},
    **{kind: _names(kind) for kind in ("channel", "brand", "authentication", "language")},
    **{f"attachment.{what}": _there("file") for what in ("present", "name", "type", "larger_than")},
    "organization.name": _there("organization"),
    "organization.tag": _tags("organization tag"),
    "contact.tag": _tags("contact tag"),
    "automatic": _automatic,
    "header.<name>": _header,
}
