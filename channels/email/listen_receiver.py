"""The bytes of one mail that is being received: in memory while they are few, else in a spool file."""

from pathlib import Path
from types import TracebackType
from typing import IO, Self

from inbox.domain.arrivals import Raw, Spooled

SPOOL_FROM = 1_000_000
"""Bytes from which a mail is received into a file instead of memory."""
NOTICE = 65_536


class Receiver:
    """A context: what was not handed over when it ends, is thrown away with its file."""

    def __init__(self, head: bytes, limit: int, path: Path) -> None:
        self.limit = limit
        self.size = 0
        self.too_large = False
        self._pieces = [head]
        self._path = path
        self._file: IO[bytes] | None = None
        self._since = 0
        self._handed_over = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()
            if not self._handed_over:
                self._path.unlink(missing_ok=True)

    def add(self, piece: bytes) -> bool:
        """One more piece; of a mail beyond the limit nothing is kept. True about once in 64 KB."""
        self.size += len(piece)
        self._since += len(piece)
        self.too_large = self.too_large or self.size > self.limit
        if self.too_large:
            self._pieces.clear()
        else:
            self._pieces.append(piece)
        if self._since < NOTICE:
            return False
        self._since = 0
        if self.size > SPOOL_FROM:
            self._spill()
        return True

    def hand_over(self) -> Raw:
        """All that was received; whoever gets a `Spooled` has to remove its file."""
        self._handed_over = True
        if self._file is None:
            return b"".join(self._pieces)
        self._spill()
        self._file.close()
        return Spooled(self._path, self._path.stat().st_size)

    def _spill(self) -> None:
        if self._file is None:
            self._file = self._path.open("wb")
        self._file.write(b"".join(self._pieces))
        self._pieces.clear()
