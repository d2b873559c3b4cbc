"""What an archive is: a list of where its mails lie and when each was written, and their bytes one at a time."""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from inbox.domain.arrivals import Raw
from inbox.domain.problems import Problem

SMALL = 64 * 1024
"""Bytes of a mail up to which it is read into memory; a larger one stays, or is made, a file."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)

Told = Callable[[int], None]
"""Hears how many bytes have been looked through."""


class NotThere(Problem):
    """Where mail should lie there is none, or it cannot be read."""


@dataclass(frozen=True, slots=True)
class Found:
    """One mail: `place` is the archive's own way to find it again (an offset, a number), `size` its bytes there."""

    at: datetime
    place: int
    size: int


class Index:
    """The mails of an archive in 24 bytes each, for an archive may hold millions."""

    def __init__(self) -> None:
        self._at, self._place, self._size = array("q"), array("q"), array("q")

    def __len__(self) -> int:
        return len(self._at)

    def add(self, at: datetime, place: int, size: int) -> None:
        """One more mail."""
        self._at.append((at - EPOCH) // SECOND)
        self._place.append(place)
        self._size.append(size)

    def by_time(self) -> Iterator[Found]:
        """The oldest first; those of one second as they lie there."""
        for n in sorted(range(len(self._at)), key=self._at.__getitem__):
            yield Found(EPOCH + self._at[n] * SECOND, self._place[n], self._size[n])


class Archive(Protocol):
    """Mail in files of one form. Nothing is ever changed in it."""

    @property
    def size(self) -> int:
        """Bytes to be looked through by `index`; 0 where that is not known beforehand."""
        ...

    def index(self, now: datetime, told: Told) -> Index:
        """Look through all of it. Raises NotThere."""
        ...

    def raw(self, found: Found, spool: Path) -> Raw:
        """The bytes of one mail. A file below `spool` is the caller's to remove. Raises OSError where it is gone."""
        ...

    def named(self, found: Found) -> str:
        """Where that mail lies, for people."""
        ...

    def close(self) -> None:
        """Let go of what is open. Safe twice."""
        ...
