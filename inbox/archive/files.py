"""Mails that are files of their own: a Maildir with its folders, or single mails in a folder, or one of them."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from inbox.archive.found import SMALL, Found, Index, NotThere, Told
from inbox.archive.instants import HEAD, written_at
from inbox.domain.arrivals import Raw, Spooled

_STAMP = re.compile(r"(\d{9,10})\.")


class Files:
    """Implements `Archive` over files that are found once and read later; what was moved meanwhile is looked for."""

    def __init__(self, root: Path, paths: Iterator[Path]) -> None:
        self._root = root
        self._paths = paths
        self._found: list[str] = []

    @property
    def size(self) -> int:
        """Not known before they are all found."""
        return 0

    def index(self, now: datetime, told: Told) -> Index:
        """Every file with its number, by the time of its mail."""
        index = Index()
        for n, path in enumerate(self._paths):
            self._found.append(str(path))
            try:
                facts = path.stat()
                with path.open("rb") as file:
                    head = file.read(HEAD)
            except OSError:  # read again when its turn comes; then it is told
                index.add(now, n, 0)
                continue
            index.add(written_at(head, _filed(path.name, facts.st_mtime), now), n, facts.st_size)
            told(n + 1)
        return index

    def raw(self, found: Found, spool: Path) -> Raw:
        """The file's bytes, or the file where it is large. Raises OSError where it is gone."""
        path = _again(Path(self._found[found.place]))
        size = path.stat().st_size
        return Spooled(path, size) if size > SMALL else path.read_bytes()

    def named(self, found: Found) -> str:
        """The file."""
        return self._found[found.place]

    def close(self) -> None:
        """No file stays open."""


def maildir(root: Path) -> Files:
    """A Maildir with everything below it: `.Sent`, `.Archive.2024`, and folders that lie in one another. Raises NotThere."""
    _looked_at(root)
    if not any(True for _ in _mails_of(root)) and not any((root / name).is_dir() for name in ("cur", "new")):
        raise NotThere("archive.not_a_maildir", path=root)
    return Files(root, _mails_of(root))


def single(root: Path) -> Files:
    """One mail, or a folder of files that end in `.eml`, with everything below it. Raises NotThere."""
    _looked_at(root)
    return Files(root, iter([root]) if root.is_file() else _ending(root))


def _looked_at(root: Path) -> None:
    try:
        _ = root.stat()
        if root.is_dir():
            os.scandir(root).close()
    except OSError as error:
        raise NotThere("archive.unreadable", path=root, reason=error.strerror or type(error).__name__) from error


def _mails_of(root: Path) -> Iterator[Path]:
    for folder, inside, names in _walk(root):
        if folder.name in ("cur", "new"):
            inside.clear()
            yield from (folder / name for name in sorted(names) if not name.startswith("."))


def _ending(root: Path) -> Iterator[Path]:
    for folder, _, names in _walk(root):
        yield from (folder / name for name in sorted(names) if name.lower().endswith(".eml"))


def _walk(root: Path) -> Iterator[tuple[Path, list[str], list[str]]]:
    """The folders in order of their names; links to folders are not followed, for they may lead round in circles."""
    for folder, inside, names in os.walk(root):
        inside.sort()
        yield Path(folder), inside, names


def _filed(name: str, changed: float) -> datetime:
    """The time in a Maildir's file name (seconds since 1970), else the file's own."""
    stamp = _STAMP.match(name)
    return datetime.fromtimestamp(int(stamp.group(1)) if stamp else changed, UTC)


def _again(path: Path) -> Path:
    """The file, or where a mail program has put it meanwhile: from new to cur, or under other flags."""
    if path.exists() or path.parent.name not in ("cur", "new"):
        return path
    name = path.name.partition(":")[0]
    folder = path.parent.parent / "cur"
    return next((one for one in folder.iterdir() if one.name.partition(":")[0] == name), path)
