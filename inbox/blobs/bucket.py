"""Large bytes in an S3-style store, for several machines: the bucket has them all, a folder the ones that were used here lately."""

import errno
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import obstore
from obstore import exceptions
from obstore.store import S3Store

from inbox.blobs import CHUNK, Blobs, fsync_folder
from inbox.domain.arrivals import Raw, Spooled
from inbox.domain.problems import Temporary
from inbox.ports.probe import Probe, silent

T = TypeVar("T")
FRESH = timedelta(minutes=20)
"""Bytes that were stored within this time are not stored again; a sweep looks at an hour."""
LARGE = 32 << 20
"""Bytes above which a file is sent in parts."""


@dataclass(frozen=True, slots=True)
class Access:
    """Where the bucket is and who we are there. `endpoint`: empty for Amazon's own."""

    bucket: str
    endpoint: str
    region: str
    prefix: str
    key: str
    secret: str
    seconds: int = 20
    """What one call may take."""

    def __repr__(self) -> str:
        return f"Access({self.endpoint or 's3'}/{self.bucket})"


class Bucket(Blobs):
    """The same promises as the folder's. `put` returns once the bucket has the bytes; whoever reads gets a verified copy here.

    Raises Temporary where the bucket cannot be reached or does not let us in: what was to be stored is taken up again later.
    """

    def __init__(self, access: Access, root: Path, probe: Probe = silent) -> None:
        super().__init__(root, probe)
        self._named = access.bucket
        self._far = S3Store(
            access.bucket,
            prefix=access.prefix or None,
            endpoint=access.endpoint or None,
            region=access.region,
            access_key_id=access.key,
            secret_access_key=access.secret,
            virtual_hosted_style_request=False,
            client_options={"allow_http": True, "timeout": f"{access.seconds}s", "connect_timeout": "5s"},
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=access.seconds)},
        )

    def put(self, raw: Raw) -> str:
        """Store bytes or a spooled file durably, here and in the bucket; the digest (hex) to refer to them by."""
        digest = super().put(raw)
        path = self._path(digest)
        now, known = datetime.fromtimestamp(path.stat().st_mtime, UTC), self._stored(digest)
        if known is None or known < now - FRESH:  # it is wanted anew: `remove` leaves it, here or elsewhere
            self._probe("blob.before_upload")
            with path.open("rb") as file:
                large = path.stat().st_size > LARGE
                self._asked(lambda: obstore.put(self._far, _key(digest), file, use_multipart=large))
            self._probe("blob.after_upload")
        return digest

    def find(self, digest: str) -> Spooled:
        """Where the bytes are on this machine, fetched where they are not yet. Raises FileNotFoundError where they are gone."""
        path = self._path(digest)
        with suppress(FileNotFoundError):
            os.utime(path)  # it is used: `prune` leaves it
            return Spooled(path, path.stat().st_size)
        self._fetch(digest, path)
        return Spooled(path, path.stat().st_size)

    def read(self, digest: str) -> bytes:
        """All of the bytes. Raises as `find` does."""
        return self.find(digest).path.read_bytes()

    def remove(self, digest: str, before: datetime) -> bool:
        """Bytes that no row refers to go from the bucket and from here, unless somebody stored them since then."""
        stored = self._stored(digest)
        if stored is not None and stored >= before:
            return False
        if not super().remove(digest, before):
            return False
        if stored is not None:
            self._asked(lambda: obstore.delete(self._far, _key(digest)))
        return True

    def prune(self, before: datetime) -> int:
        """Copies that nobody used since then go from this machine, if the bucket has them; how many."""
        gone = 0
        for path in self._root.glob("[0-9a-f][0-9a-f]/*"):
            with suppress(FileNotFoundError):
                if path.name.startswith(".") or path.stat().st_mtime >= before.timestamp():
                    continue
                if self._stored(path.parent.name + path.name) is not None:
                    path.unlink()
                    gone += 1
        return gone

    def reach(self) -> None:
        """Write, read and remove a few bytes of no use, to see whether we may. Raises Temporary."""
        name = f"doctor-{secrets.token_hex(8)}"
        self._asked(lambda: obstore.put(self._far, name, b"inbox"))
        self._asked(lambda: obstore.get(self._far, name).bytes())
        self._asked(lambda: obstore.delete(self._far, name))

    def _stored(self, digest: str) -> datetime | None:
        """When the bucket got it last; None where it lacks it."""
        try:
            return self._asked(lambda: obstore.head(self._far, _key(digest)))["last_modified"]
        except FileNotFoundError:
            return None

    def _fetch(self, digest: str, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{digest}.{secrets.token_hex(4)}")
        try:
            with draft.open("xb") as file:
                whole = sha256()
                for chunk in self._chunks(digest):
                    whole.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            if whole.hexdigest() != digest:
                raise FileNotFoundError(errno.EIO, "the bucket has other bytes under this name")
            draft.rename(path)
        finally:
            draft.unlink(missing_ok=True)
        fsync_folder(path.parent)

    def _chunks(self, digest: str) -> Iterator[bytes]:
        found = self._asked(lambda: obstore.get(self._far, _key(digest)))
        with self._translated():
            for chunk in found.stream(min_chunk_size=CHUNK):
                yield bytes(chunk)

    def _asked(self, call: Callable[[], T]) -> T:
        with self._translated():
            return call()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """The bucket's errors in our words. What it says may name our key, and is not told."""
        try:
            yield
        except exceptions.NotFoundError as error:
            raise FileNotFoundError(errno.ENOENT, "the bucket lacks it") from error
        except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError) as error:
            raise Temporary("blobs.refused", bucket=self._named) from error
        except exceptions.BaseError as error:
            raise Temporary("blobs.unreachable", bucket=self._named) from error


def _key(digest: str) -> str:
    return f"{digest[:2]}/{digest[2:]}"
