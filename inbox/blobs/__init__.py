"""Large bytes as files by their SHA-256, in a folder or a bucket, never by a sender's name; a row refers to each."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from inbox.domain.arrivals import Raw, Spooled
from inbox.ports.probe import Probe, silent

CHUNK = 1 << 20


class Blobs:
    """A folder of files named by their own digest: the same bytes are one file, and a file is complete or not there.

    The folder may be one that several machines share. `blobs.bucket` has the other kind.
    """

    def __init__(self, root: Path, probe: Probe = silent) -> None:
        self._root = root
        self._probe = probe

    def put(self, raw: Raw) -> str:
        """Store bytes or a spooled file durably; the digest (hex) to refer to them by. A spooled file is left in place."""
        digest = digest_of(raw)
        path = self._path(digest)
        with suppress(FileNotFoundError):
            os.utime(path)  # it is wanted anew: `remove` leaves it
            return digest
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
            fsync_folder(self._root)
        draft = path.with_name(f".{digest}.{secrets.token_hex(4)}")
        try:
            self._write(draft, raw)
            self._probe("blob.before_rename")
            draft.rename(path)
        finally:
            draft.unlink(missing_ok=True)  # on a full disk a half-written file takes the room that is needed
        self._probe("blob.after_rename")
        fsync_folder(path.parent)
        return digest

    def _write(self, draft: Path, raw: Raw) -> None:
        with draft.open("xb") as file:
            for chunk in chunks(raw):
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())

    def find(self, digest: str) -> Spooled:
        """Where the bytes are. Raises FileNotFoundError where they are gone."""
        path = self._path(digest)
        return Spooled(path, path.stat().st_size)

    def holds(self, digest: str) -> bool:
        """Whether these bytes are here."""
        return self._path(digest).exists()

    def read(self, digest: str) -> bytes:
        """All of the bytes."""
        return self._path(digest).read_bytes()

    def remove(self, digest: str, before: datetime) -> bool:
        """Bytes that no row refers to go, unless somebody stored them since then: their row may be about to come. False where they are
        kept for now."""
        path = self._path(digest)
        aside = path.with_name(f".{digest}.gone")
        try:
            if path.stat().st_mtime >= before.timestamp():
                return False
            path.rename(aside)
        except FileNotFoundError:
            return True
        if aside.stat().st_mtime >= before.timestamp() and not path.exists():
            aside.rename(path)  # somebody stored them between the two looks
            return False
        aside.unlink()
        return True

    def prune(self, before: datetime) -> int:
        """Nothing: what lies here lies nowhere else."""
        return 0

    def _path(self, digest: str) -> Path:
        if len(digest) != 64 or not all(c in "0123456789abcdef" for c in digest):
            raise ValueError("not a digest")  # a name from outside never becomes a path
        return self._root / digest[:2] / digest[2:]


def chunks(raw: Raw) -> Iterator[bytes]:
    """The bytes, a piece at a time."""
    if isinstance(raw, bytes):
        yield raw
        return
    with raw.path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def digest_of(raw: Raw) -> str:
    """SHA-256, hex."""
    total = hashlib.sha256()
    for chunk in chunks(raw):
        total.update(chunk)
    return total.hexdigest()


def fsync_folder(folder: Path) -> None:
    """A rename is durable once its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
