"""The check of message templates at load: each file against the list of what is allowed and against example facts."""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path

from inbox.domain.facts import facts_of
from inbox.domain.problems import Misconfigured
from inbox.render.examples import examples
from inbox.render.sandbox import unknown_names
from inbox.render.shelf import Shelf

FILES = ("subject.txt.j2", "body.txt.j2", "body.html.j2", "chat.txt.j2")


def findings(shelf: Shelf, names: Sequence[str], default: str) -> list[Misconfigured]:
    """All that is wrong with these templates. One without a body in the site's language `default` has no last resort."""
    wrong: list[Misconfigured] = []
    for name in names:
        folders = [place / "messages" / name for place in shelf.places if (place / "messages" / name).is_dir()]
        wrong += (problem for folder in folders for problem in _folder(shelf, name, folder))
        if "@" not in name and not any((folder / default / "body.txt.j2").is_file() for folder in folders):
            where = f"templates/messages/{name}"
            wrong.append(Misconfigured("template.missing", where=where, name=name, language=default))
    return wrong


def _folder(shelf: Shelf, name: str, folder: Path) -> Iterator[Misconfigured]:
    for file in sorted(folder.rglob("*")):
        language = file.parent.name
        if not file.is_file() or file.name.startswith("."):
            continue
        if file.name not in FILES or file.parent.parent != folder:
            yield Misconfigured("template.unknown_file", where=shelf.path(file), known=", ".join(FILES))
        else:
            yield from _file(shelf, name, language, file)


def _file(shelf: Shelf, name: str, language: str, file: Path) -> Iterator[Misconfigured]:
    known = frozenset(field.name for field in fields(facts_of(name))) | {"direction"}
    try:
        unknown = [
            _unknown(shelf.path(file), line, word, known) for word, line in unknown_names(shelf.parsed(file), known)
        ]
        yield from unknown
        if unknown:
            return
        for facts in examples(name, language):
            shelf.run(shelf.compiled(file), {field.name: getattr(facts, field.name) for field in fields(facts)})
    except Misconfigured as problem:
        yield problem


def _unknown(path: str, line: int, name: str, known: frozenset[str]) -> Misconfigured:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    suggestion = near[0] if near else ", ".join(sorted(known))
    return Misconfigured("template.unknown_variable", where=f"{path}:{line}", name=name, suggestion=suggestion)
