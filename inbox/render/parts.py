"""Parts: pieces that several templates include by name, looked up as templates are, in the language of the one that includes them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from inbox.domain.problems import Misconfigured
from inbox.render.running import Part
from inbox.render.sandbox import PART, parts_of
from inbox.render.shelf import PARTS_FOLDER, Shelf, is_parts

DEPTH = 3
"""How deep parts may stand in parts."""
FORMS = ("txt", "html")


def variants_of_parts(shelf: Shelf) -> tuple[str, ...]:
    """The variants of which there are parts; the plain ones apart."""
    return tuple(name.partition("@")[2] for name in shelf.files.folders if is_parts(name) and "@" in name)


def is_part_file(file: Path, folder: Path) -> bool:
    """Whether a file of a folder of parts is one: `<language>/<name>.txt.j2` or `<language>/<name>.html.j2`."""
    name, _, rest = file.name.partition(".")
    return file.parent.parent == folder and PART.fullmatch(name) is not None and rest in [f"{f}.j2" for f in FORMS]


def form(file: Path) -> str:
    """`html` or `txt`: which parts a file includes."""
    return "html" if file.name.endswith(".html.j2") else "txt"


def find(shelf: Shelf, name: str, form: str, language: str, variants: Sequence[str]) -> Path | None:
    """The file of a part: the variants as they are handed in, then the plain one; for each the site's own, then the shipped."""
    folders = (*(f"{PARTS_FOLDER}@{variant}" for variant in variants if variant), PARTS_FOLDER)
    paths = (place / "messages" / f / language / f"{name}.{form}.j2" for f in folders for place in shelf.files.places)
    return next((path for path in paths if shelf.files.has(path)), None)


def chosen(shelf: Shelf, file: Path, language: str, variants: Sequence[str]) -> dict[str, Path]:
    """The files of all parts of a template's file, parts of parts as well. Raises Misconfigured: one is not there, contains
    itself, or stands too deep."""
    found: dict[str, Path] = {}
    _collect(shelf, file, (language, tuple(variants)), found, (), set())
    return found


def compiled(shelf: Shelf, paths: Mapping[str, Path]) -> dict[str, Part]:
    """The same, ready to run."""
    return {name: shelf.part(path) for name, path in paths.items()}


def _collect(
    shelf: Shelf,
    file: Path,
    reader: tuple[str, Sequence[str]],
    found: dict[str, Path],
    trail: tuple[str, ...],
    seen: set[tuple[str, int]],
) -> None:
    for name, line in parts_of(shelf.parsed(file)):
        where = f"{shelf.files.named(file)}:{line}"
        if name in trail:
            raise Misconfigured("template.part_in_itself", where=where, name=name)
        if len(trail) == DEPTH:
            raise Misconfigured("template.part_too_deep", where=where, name=name, limit=DEPTH)
        if (name, len(trail)) in seen:
            continue
        seen.add((name, len(trail)))
        path = find(shelf, name, form(file), *reader)
        if path is None:
            known = ", ".join(sorted(set(_known(shelf, form(file), reader[0])))) or "-"
            raise Misconfigured("template.no_part", where=where, name=name, language=reader[0], known=known)
        found[name] = path
        _collect(shelf, path, reader, found, (*trail, name), seen)


def _known(shelf: Shelf, form: str, language: str) -> Iterator[str]:
    for file in shelf.files.all():
        if is_parts(file.parent.parent.name) and file.parent.name == language and file.name.endswith(f".{form}.j2"):
            yield file.name.partition(".")[0]
