"""The check of message templates at load: each file against the list of what is allowed and against example facts."""

import difflib
from collections.abc import Container, Iterator, Sequence
from dataclasses import fields
from pathlib import Path

from inbox.domain.facts import facts_of
from inbox.domain.problems import Misconfigured
from inbox.render import parts
from inbox.render.examples import examples
from inbox.render.files import Files
from inbox.render.sandbox import unknown_names
from inbox.render.shelf import Shelf, in_parts, is_parts

FILES = ("subject.txt.j2", "body.txt.j2", "body.html.j2", "chat.txt.j2")


def findings(shelf: Shelf, names: Sequence[str], default: str) -> list[Misconfigured]:
    """All that is wrong with these templates and with the parts. One without a body in the site's language `default` has
    no last resort."""
    wrong: list[Misconfigured] = []
    theirs = _unproven(shelf.files)
    for name in names:
        folders = [place / "messages" / name for place in shelf.files.places]
        wrong += (problem for folder in folders for problem in _folder(shelf, name, folder, theirs))
        if "@" not in name and not any(shelf.files.has(folder / default / "body.txt.j2") for folder in folders):
            where = f"templates/messages/{name}"
            wrong.append(Misconfigured("template.missing", where=where, name=name, language=default))
    wrong += (problem for file in theirs for problem in _beside(shelf, file))
    # A part that is wrong in itself is found by whoever includes it: told once, it can be mended.
    return list({(one.key, *map(str, one.facts.values())): one for one in wrong}.values())


def _unproven(files: Files) -> dict[Path, None]:
    """The files that have to be looked at, in their order. What we ship was looked at before, and that of hundreds of files takes
    half a second; but where a site has parts of its own, they may go into any of them."""
    theirs = dict.fromkeys(file for file in files.all() if not files.as_shipped(file))
    return dict.fromkeys(files.all()) if any(in_parts(file) for file in theirs) else theirs


def _folder(shelf: Shelf, name: str, folder: Path, theirs: Container[Path]) -> Iterator[Misconfigured]:
    for file in (one for one in shelf.files.within(folder) if one in theirs):
        if file.name not in FILES or file.parent.parent != folder:
            yield Misconfigured("template.unknown_file", where=shelf.files.named(file), known=", ".join(FILES))
        else:
            yield from _file(shelf, name, file.parent.name, file)


def _beside(shelf: Shelf, file: Path) -> Iterator[Misconfigured]:
    """What is wrong with a file that belongs to no template: a part that is well formed, or something that is never read."""
    place = next(place for place in shelf.files.places if file.is_relative_to(place))
    named = file.relative_to(place / "messages").parts
    if len(named) < 2:
        yield Misconfigured("template.unknown_file", where=shelf.files.named(file), known=", ".join(FILES))
    elif is_parts(named[0]):
        if not parts.is_part_file(file, place / "messages" / named[0]):
            yield Misconfigured("template.unknown_part_file", where=shelf.files.named(file))
            return
        try:
            parts.chosen(shelf, file, file.parent.name, (named[0].partition("@")[2],))
            shelf.compiled(file)
        except Misconfigured as problem:
            yield problem


def _file(shelf: Shelf, name: str, language: str, file: Path) -> Iterator[Misconfigured]:
    known = frozenset(field.name for field in fields(facts_of(name))) | {"direction"}
    try:
        unknown = [_unknown(shelf, file, line, word, known) for word, line in unknown_names(shelf.parsed(file), known)]
        for variants in _variants(shelf, name):
            for piece in parts.chosen(shelf, file, language, variants).values():
                unknown += _strangers(shelf, piece, known, name)
        yield from unknown
        if unknown:
            return
        _rendered(shelf, name, language, file)
    except Misconfigured as problem:
        yield problem


def _rendered(shelf: Shelf, name: str, language: str, file: Path) -> None:
    """Render it against each example, with the parts of each variant. Raises Misconfigured."""
    template = shelf.compiled(file)
    chosen = {
        tuple(sorted(c.items())): c for c in (parts.chosen(shelf, file, language, v) for v in _variants(shelf, name))
    }
    for paths in chosen.values():
        made = parts.compiled(shelf, paths)
        for facts in examples(name, language):
            shelf.run(template, {field.name: getattr(facts, field.name) for field in fields(facts)}, made)


def _variants(shelf: Shelf, name: str) -> list[tuple[str, ...]]:
    """The variants under which this template may be asked for parts: its own, alone and with each that has parts of its own."""
    _, _, own = name.partition("@")
    return [(own,), *((other, own) for other in parts.variants_of_parts(shelf) if other != own)]


def _unknown(shelf: Shelf, file: Path, line: int, name: str, known: frozenset[str]) -> Misconfigured:
    where = f"{shelf.files.named(file)}:{line}"
    return Misconfigured("template.unknown_variable", where=where, name=name, suggestion=_nearest(name, known))


def _strangers(shelf: Shelf, piece: Path, known: frozenset[str], by: str) -> Iterator[Misconfigured]:
    """The names in a part that a template which includes it is not given."""
    for name, line in unknown_names(shelf.parsed(piece), known):
        facts = {"name": name, "suggestion": _nearest(name, known), "by": by}
        yield Misconfigured("template.unknown_in_part", where=f"{shelf.files.named(piece)}:{line}", **facts)


def _nearest(name: str, known: frozenset[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return near[0] if near else ", ".join(sorted(known))
