"""The languages of one template side by side: they should tell the same facts."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path

from jinja2 import nodes

from inbox.domain.facts import facts_of
from inbox.domain.problems import Misconfigured
from inbox.render import parts
from inbox.render.checking import FILES
from inbox.render.sandbox import read_names
from inbox.render.shelf import Shelf

NEVER_SAID = frozenset({"language", "zone"})
"""What a language may need for its words alone."""


def differing(shelf: Shelf, names: Sequence[str]) -> list[Misconfigured]:
    """For each file that leaves out a fact which the same file in another language tells: which, and where that stands.

    Files that cannot be read are passed over: the check tells of them.
    """
    return [problem for name in names for form in FILES for problem in _compared(shelf, name, form)]


def _compared(shelf: Shelf, name: str, form: str) -> Iterator[Misconfigured]:
    used = {file: _used(shelf, name, file) for file in _effective(shelf, name, form)}
    told = {file: found for file, found in used.items() if found is not None}
    for file, mine in told.items():
        for other, theirs in told.items():
            lacking = sorted(theirs - mine - NEVER_SAID)
            if lacking:
                facts = {"names": ", ".join(lacking), "other": shelf.files.named(other)}
                yield Misconfigured("template.differs", where=shelf.files.named(file), **facts)


def _effective(shelf: Shelf, name: str, form: str) -> list[Path]:
    """The file of each language: the site's own, where it has one."""
    found: dict[str, Path] = {}
    for place in shelf.files.places:
        for file in shelf.files.within(place / "messages" / name):
            if file.name == form:
                found.setdefault(file.parent.name, file)
    return list(found.values())


def _used(shelf: Shelf, name: str, file: Path) -> set[str] | None:
    try:
        _, _, variant = name.partition("@")
        whole = [file, *parts.chosen(shelf, file, file.parent.name, (variant,)).values()]
        trees = [shelf.parsed(one) for one in whole]
    except Misconfigured:
        return None
    facts = {field.name for field in fields(facts_of(name))}
    read = {word for tree in trees for word, _ in read_names(tree)} & facts
    return read | {f".{one.attr}" for tree in trees for one in tree.find_all(nodes.Getattr)}
