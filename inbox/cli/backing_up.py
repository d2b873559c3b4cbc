"""Writing a backup beside a running daemon: the database first, then the blobs that it refers to, the manifest at the very end."""

import fcntl
import os
import shutil
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from inbox.blobs import CHUNK, Blobs, fsync_folder
from inbox.cli import manifest
from inbox.cli.manifest import Kept, Manifest
from inbox.domain.problems import Problem
from inbox.domain.secrets import SOURCES
from inbox.settings import Settings
from inbox.settings.database import WHERE
from inbox.settings.secret import read as read_secret
from inbox.site import Site
from inbox.store.snapshot import Looked, taken
from inbox.store.store import Store

OURS = ("config.toml", "rules", "templates")
"""What of a site's folder is the site's own."""
OF_THE_SITE = "data/secret"
AGAIN = 3
"""Times that the database is looked at anew where blobs went while they were being copied."""

Told = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class BackingUp:
    """One backup of a site into a folder, which may hold an older one: that stays whole until this one is."""

    site: Site
    settings: Settings
    store: Store
    folder: Path
    version: str
    now: datetime

    def run(self, told: Callable[[int], Told]) -> tuple[Manifest, int]:
        """The manifest, and how many blobs were new. `told` is handed the number of blobs, and gives who hears how far it is.

        Raises Problem.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with _alone(self.folder):
                made, new = self._made(told)
                manifest.write(self.folder, made)
                _tidy(self.folder, made)
                return made, new
        except OSError as error:
            raise Problem("backup.not_written", path=error.filename or self.folder, reason=error.strerror) from error

    def _made(self, told: Callable[[int], Told]) -> tuple[Manifest, int]:
        stamp = f"{self.now:%Y%m%dT%H%M%S%fZ}"
        kind = "sqlite" if self.store.sqlite else "postgresql"
        database = self.folder / f"database-{stamp}.{'sqlite' if self.store.sqlite else 'dump'}"
        new = 0
        for _ in range(AGAIN):
            looked = self._database(database)
            blobs, missing, copied = self._blobs(looked, told(len(looked.blobs)))
            new += copied
            if not missing:
                break
        own = self.folder / f"site-{stamp}"
        files = [manifest.kept(self.folder, database), *self._own(own)]
        fsync_folder(self.folder)
        return Manifest(
            self.now,
            self.version,
            kind,
            looked.revision,
            database.name,
            own.name,
            looked.counts,
            tuple(files),
            blobs,
            left_out=tuple(references(self.site.config)),
            missing=tuple(missing),
        ), new

    def _database(self, path: Path) -> Looked:
        options = self.settings.store
        password = "" if options.password is None else read_secret(options.password, self.site.root, WHERE)
        with taken(self.store, path, options.url, password) as looked:
            path.chmod(0o600)
            return looked

    def _blobs(self, looked: Looked, told: Told) -> tuple[dict[str, int], list[str], int]:
        """Sizes of those that are there, those that are not, and how many were new. What was copied before is left as it is."""
        source, target = Blobs(self.site.data / "blobs"), self.folder / "blobs"
        sizes: dict[str, int] = {}
        missing, new = [], 0
        for number, digest in enumerate(looked.blobs):
            path = target / digest[:2] / digest[2:]
            try:
                found = source.find(digest)
                if not (path.is_file() and path.stat().st_size == found.size):
                    new += 1
                    if not taken_over(found.path, path, digest):
                        missing.append(digest)
                        continue
                sizes[digest] = found.size
            except FileNotFoundError:
                missing.append(digest)
            told(number + 1)
        for folder in [target, *target.iterdir()] if target.is_dir() else []:
            fsync_folder(folder)
        return sizes, missing, new

    def _own(self, target: Path) -> Iterator[Kept]:
        """Config, rules, templates and the site's secret."""
        root = self.site.root
        found = [path for name in OURS for path in _files(root / name)]
        self.site.secret()
        for path in [*found, root / OF_THE_SITE]:
            to = target / path.relative_to(root)
            to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _copy(path, to)
            yield manifest.kept(self.folder, to)


def taken_over(source: Path, path: Path, digest: str) -> bool:
    """A blob as a second name of the same file where that can be, else as a copy; False where its bytes are not those of its name."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.draft")
    draft.unlink(missing_ok=True)
    try:
        os.link(source, draft)
    except FileNotFoundError:
        raise
    except OSError:
        _copy(source, draft)
    if manifest.kept(draft.parent, draft).sha256 != digest:
        draft.unlink()
        return False
    draft.rename(path)
    return True


def references(config: Path) -> Iterator[str]:
    """The secrets that a config refers to, as `place: source:name`. Their values are not in a backup."""

    def within(value: Any, where: str) -> Iterator[str]:
        if isinstance(value, dict) and len(value) == 1 and (source := next(iter(value))) in SOURCES:
            words = value[source]
            if isinstance(words, str | list):
                yield f"{where}: {source}:{words if isinstance(words, str) else words[0]}"
                return
        for name, inner in value.items() if isinstance(value, dict) else ():
            yield from within(inner, f"{where}.{name}" if where else name)

    with suppress(OSError, ValueError):
        yield from within(tomllib.loads(config.read_text("utf-8")), "")


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir():
        yield from (one for one in sorted(path.rglob("*")) if one.is_file() and "__pycache__" not in one.parts)


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as read, target.open("wb") as write:
        shutil.copyfileobj(read, write, CHUNK)
        write.flush()
        os.fsync(write.fileno())
    target.chmod(0o600)


def _tidy(folder: Path, made: Manifest) -> None:
    """What the backup before had and this one has not; and what one that was broken off left."""
    for path in folder.iterdir():
        if path.name.startswith("database-") and path.name != made.database:
            path.unlink()
        elif path.name.startswith("site-") and path.name != made.site:
            shutil.rmtree(path)
    for path in (folder / "blobs").rglob("*"):
        if path.is_file() and path.parent.name + path.name not in made.blobs:
            path.unlink()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One backup at a time in a folder. Raises Problem."""
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Problem("backup.under_way", folder=folder) from error
        yield
