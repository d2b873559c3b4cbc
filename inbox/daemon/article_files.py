"""The files of articles on a disk: a folder read whole into the store, or the store written into a folder."""

import errno
import os
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from inbox.blobs import Blobs
from inbox.domain.arrivals import Spooled
from inbox.domain.problems import Problem
from inbox.knowledge import files
from inbox.knowledge.addresses import DEEPEST
from inbox.knowledge.files import ARTICLE, FILES, FOLDER, Fault, Tree
from inbox.pipeline import articles_filed
from inbox.pipeline.articles import LARGEST_FILE, Editor
from inbox.pipeline.articles_filed import Contents, NotTaken, Outcome
from inbox.store.store import Store

LONGEST_TEXT = 1_000_000
"""Bytes of a file of text."""
ASIDE = frozenset({"README.md", "LICENSE"})
"""What may lie beside the articles at the top of a folder."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """A folder as it was read: its articles, and where the files of each lie."""

    tree: Tree
    paths: dict[tuple[str, str], Path]


def gather(root: Path) -> Gathered:
    """What lies in a folder; names that begin with a dot are nobody's. Raises Problem where it cannot be read."""
    entries: dict[str, bytes] = {}
    others: dict[str, Path] = {}
    faults: list[Fault] = []
    try:
        if not root.is_dir():
            raise Problem("archive.unreadable", path=str(root), reason="no folder")
        for path in _paths(root):
            name = unicodedata.normalize("NFC", path.relative_to(root).as_posix())
            if path.is_symlink() or not path.is_file():
                faults.append(Fault(name, 0, Problem("kb.file.strange", name=path.name[:80])))
            elif path.suffix in (".md", ".toml") and path.parent.name != FILES:
                if path.stat().st_size > LONGEST_TEXT:
                    faults.append(Fault(name, 0, Problem("kb.file_too_large", name=path.name, most=LONGEST_TEXT)))
                else:
                    entries[name] = path.read_bytes()
            else:
                others[name] = path
    except OSError as error:
        raise Problem("archive.unreadable", path=error.filename or str(root), reason=error.strerror) from error
    tree = files.read(entries, sorted(others))
    theirs = {(one.place, name): others[f"{one.place}/{FILES}/{name}"] for one in tree.articles for name in one.files}
    for (place, name), path in theirs.items():
        if path.stat().st_size > LARGEST_FILE:
            problem = Problem("kb.file_too_large", name=name, most=LARGEST_FILE)
            faults.append(Fault(f"{place}/{FILES}/{name}", 0, problem))
    whole = sorted((*tree.faults, *faults), key=lambda one: (one.path, one.line))
    return Gathered(Tree(tree.articles, tree.folders, tuple(whole)), theirs)


def take(
    store: Store, blobs: Blobs, gathered: Gathered, editor: Editor, now: datetime, *, rehearse: bool = False
) -> Sequence[Outcome]:
    """What became of each article, or with `rehearse` would. Raises NotTaken with all that is wrong: then nothing is stored."""
    if gathered.tree.faults:
        raise NotTaken(gathered.tree.faults)
    contents: dict[tuple[str, str], tuple[str, int]] = {}
    for place, path in gathered.paths.items():
        size = path.stat().st_size
        contents[place] = (blobs.put(Spooled(path, size)), size)
    taken: Contents = contents
    try:
        return store.write_now(articles_filed.take, editor, gathered.tree, taken, now, rehearse=rehearse)
    except articles_filed.Rehearsed as tried:
        return tried.outcomes


def write(store: Store, blobs: Blobs, root: Path) -> int:
    """All articles into a folder; how many. What an earlier time wrote there and the store has no more, is removed. Raises Problem."""
    found, folders, enclosed = store.read_now(articles_filed.out)
    try:
        root.mkdir(parents=True, exist_ok=True)
        before, wanted = set(_ours(root)), set[Path]()
        for name, content in files.written(found, folders):
            wanted.add(_put(root, name, content))
        for place, several in enclosed.items():
            for file in several:
                wanted.add(_put(root, f"{place}/{FILES}/{file.name}", blobs.read(file.digest)))
        for path in sorted(before - wanted):
            path.unlink()
            _emptied(path.parent, root)
    except FileNotFoundError as error:
        raise Problem("kb.file_lost", path=error.filename) from error
    except OSError as error:
        raise Problem("site.not_writable", path=error.filename or root, reason=error.strerror) from error
    return len(found)


def _paths(root: Path) -> Iterator[Path]:
    """The files of a folder in a fixed order."""
    for path in sorted(root.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _below(path, DEEPEST + 1)
        elif path.name not in ASIDE:
            yield path


def _below(folder: Path, deeper: int) -> Iterator[Path]:
    """`deeper`: so many folders in one another are looked into; what lies deeper stands for all in it."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if deeper and path.is_dir() and not path.is_symlink():
            yield from _below(path, deeper - 1)
        else:
            yield path


def _ours(root: Path) -> Iterator[Path]:
    """What looks as if it had been written from here."""
    for path in _paths(root):
        home = path.parent.parent if path.parent.name == FILES else path.parent
        if path.name == FOLDER or (home / ARTICLE).exists():
            yield path


def _put(root: Path, name: str, content: bytes) -> Path:
    """A file that says so already is left as it is. A link in a folder that others write to may lead out of it: OSError."""
    path = root / name
    for one in (path, *path.parents[: name.count("/")]):
        if one.is_symlink():
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(one))
    if not path.is_file() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return path


def _emptied(folder: Path, root: Path) -> None:
    """Folders in which nothing is left go too."""
    while folder != root and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
