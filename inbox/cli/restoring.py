"""Reading a backup: what is wrong with it, and a site made of it that knows that it was restored."""

import os
import shutil
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from inbox.blobs import CHUNK, fsync_folder
from inbox.cli import manifest
from inbox.cli.manifest import Manifest
from inbox.domain.problems import Problem
from inbox.settings.database import database
from inbox.settings.options import StoreOptions
from inbox.site import Site
from inbox.store import restored
from inbox.store.migrate import known_revisions
from inbox.store.restored import Mark
from inbox.store.snapshot import empty, looked, put_back, readable
from inbox.store.store import Damaged, Store
from inbox.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a backup: `what` is a word of the catalogue, `name` the file or the table, `detail` what was found."""

    what: str
    name: str
    detail: str = ""


def findings(folder: Path, made: Manifest, told: Callable[[int], None]) -> Iterator[Finding]:
    """Everything that keeps a backup from being whole. Reads all of it, and changes nothing."""
    wrong = list(_files(folder, made))
    yield from wrong
    for number, (digest, size) in enumerate(made.blobs.items()):
        yield from _blob(folder, digest, size)
        told(number + 1)
    yield from (Finding("blob_lost", digest) for digest in made.missing)
    if made.revision not in known_revisions():
        yield Finding("newer", made.database, made.revision)
    if not any(one.name == made.database and one.what == "lacks" for one in wrong):
        yield from _database(folder / made.database, made)


def _files(folder: Path, made: Manifest) -> Iterator[Finding]:
    for one in made.files:
        try:
            found = manifest.kept(folder, folder / one.path)
        except OSError:
            yield Finding("lacks", one.path)
            continue
        if found != one:
            yield Finding("differs", one.path, f"{found.size} / {one.size}")


def _blob(folder: Path, digest: str, size: int) -> Iterator[Finding]:
    path = folder / "blobs" / digest[:2] / digest[2:]
    try:
        found = manifest.kept(folder, path)
    except OSError:
        yield Finding("lacks", path.relative_to(folder).as_posix())
        return
    if (found.sha256, found.size) != (digest, size):
        yield Finding("differs", found.path, f"{found.size} / {size}")


def _database(path: Path, made: Manifest) -> Iterator[Finding]:
    if made.kind == "postgresql":
        why = readable(path)
        if why:
            yield Finding("damaged", path.name, why)
        return
    try:
        found = looked(path)
    except Damaged as error:
        yield Finding("damaged", path.name, str(error.facts["detail"]))
        return
    yield from (Finding("damaged", path.name, one) for one in found.damages)
    if found.revision != made.revision:
        yield Finding("count", "alembic_version", f"{found.revision} / {made.revision}")
    for name, count in made.counts.items():
        if found.counts.get(name) != count:
            yield Finding("count", name, f"{found.counts.get(name)} / {count}")
    known = {*made.blobs, *made.missing}
    yield from (Finding("lacks", digest) for digest in found.blobs if digest not in known)


@dataclass(frozen=True, slots=True)
class Restoring:
    """A site made of a backup that is whole. `until`: what reached the network before then may have been seen to already.
    `url`: another database of PostgreSQL than the one that the config names."""

    folder: Path
    made: Manifest
    target: Path
    until: datetime
    now: datetime
    url: str = ""

    def run(self, told: Callable[[int], None]) -> None:
        """The config comes last: a site that is half there does not start. Raises Problem, also where something is there already."""
        try:
            self._run(told)
        except OSError as error:
            raise Problem("restore.not_written", path=error.filename or self.target, reason=error.strerror) from error

    def _run(self, told: Callable[[int], None]) -> None:
        site = Site(self.target)
        own = self.folder / self.made.site
        options = self._options(own)
        if site.config.exists():
            raise Problem("restore.site_there", folder=self.target)
        self.target.mkdir(parents=True, exist_ok=True)
        data = site.data
        place = self._place(options)
        if place is not None and place.exists():
            raise Problem("restore.database_there", path=place)
        for number, digest in enumerate(self.made.blobs):
            within = Path("blobs") / digest[:2] / digest[2:]
            _copy(self.folder / within, data / within)
            told(number + 1)
        for one in self.made.files:
            path = Path(one.path)
            if path.is_relative_to(self.made.site) and path != Path(self.made.site) / "config.toml":
                _copy(self.folder / path, self.target / path.relative_to(self.made.site))
        if place is None:
            self._postgresql(options)
        else:
            self._sqlite(place)
        if (own / "config.toml").exists():
            _copy(own / "config.toml", site.config)

    def _options(self, own: Path) -> StoreOptions:
        config = own / "config.toml"
        table = tomllib.loads(config.read_text("utf-8")).get("store", {}) if config.exists() else {}
        return StoreOptions(**{**table, **({"url": self.url} if self.url else {})})

    def _place(self, options: StoreOptions) -> Path | None:
        """Where the file of the database belongs; None for PostgreSQL. Raises Problem where the backup is of the other kind."""
        sqlite = options.url.startswith("sqlite:")
        if sqlite != (self.made.kind == "sqlite"):
            raise Problem("restore.other_kind", kind=self.made.kind, url=options.url.partition(":")[0])
        return self.target / options.url.removeprefix("sqlite:///") if sqlite else None

    def _sqlite(self, place: Path) -> None:
        draft = place.with_name(f".{place.name}.restoring")
        _copy(self.folder / self.made.database, draft)
        self._marked(Store(f"sqlite:///{draft}", self.target))
        draft.rename(place)
        fsync_folder(place.parent)

    def _postgresql(self, options: StoreOptions) -> None:
        store = Store(database(options, self.target), self.target)
        try:
            if not empty(store):
                raise Problem("restore.database_taken")
        finally:
            store.close()
        url = database(options, self.target)
        password = "" if options.password is None else url.rpartition("@")[0].rpartition(":")[2]
        put_back(self.folder / self.made.database, options.url, password)
        self._marked(Store(url, self.target))

    def _marked(self, store: Store) -> None:
        """Before anybody can start it, the database knows that it was restored."""

        def mark(unit: Unit) -> None:
            upto = restored.last_delivery(unit)
            restored.put(unit, Mark(self.made.made_at, self.now, self.until, upto))

        try:
            store.write_now(mark)
        finally:
            store.close()


def whole(found: list[Finding]) -> list[Finding]:
    """Those findings that keep a backup from being restored: what was gone when it was made is gone anyhow."""
    return [one for one in found if one.what != "blob_lost"]


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with source.open("rb") as read, target.open("wb") as write:
        shutil.copyfileobj(read, write, CHUNK)
        write.flush()
        os.fsync(write.fileno())
    target.chmod(0o600)
    fsync_folder(target.parent)
