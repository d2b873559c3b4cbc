"""One daemon a site folder: a lock that the kernel lets go of when the process ends, however it ends; and who holds it.

Whoever holds it writes into the file what others may ask: its process, since when, its version, and where its pages are.
"""

import fcntl
import json
import os
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType

from inbox.domain.problems import Problem

LOCK = "inbox.lock"
"""The file's name in the data folder."""
TRIES, PAUSE = 5, 0.02
"""How often it is tried, and the seconds between: whoever only looks holds it for an instant."""


@dataclass(frozen=True, slots=True)
class Holder:
    """The daemon that runs. `address`: of its pages on this machine."""

    pid: int
    since: datetime
    version: str
    address: str


class SiteLock:
    """Held from enter to exit. Raises Problem where another process holds it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def __enter__(self) -> "SiteLock":
        self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        for left in reversed(range(TRIES)):
            try:
                fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if not left:
                    os.close(self._handle)
                    raise Problem("daemon.already_running", path=self._path) from error
                time.sleep(PAUSE)
        os.truncate(self._handle, 0)
        return self

    def tell(self, holder: Holder) -> None:
        """Write down who holds it."""
        assert self._handle is not None, "it is held"
        told = {
            "pid": holder.pid,
            "since": holder.since.isoformat(),
            "version": holder.version,
            "address": holder.address,
        }
        data = json.dumps(told).encode()
        os.pwrite(self._handle, data, 0)
        os.truncate(self._handle, len(data))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def held(path: Path) -> bool:
    """Whether a daemon runs."""
    try:
        handle = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def holder(path: Path) -> Holder | None:
    """The daemon that runs, as far as it has told yet; None where none does."""
    if not held(path):
        return None
    try:
        told = json.loads(path.read_bytes())
        return Holder(
            int(told["pid"]), datetime.fromisoformat(told["since"]), str(told["version"]), str(told["address"])
        )
    except (ValueError, KeyError, TypeError):
        return None
