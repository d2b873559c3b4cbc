"""Lines of a pipe or file, taken one by one as they come; however many there are, only a few are in memory."""

import os
from collections import deque
from collections.abc import Iterable

LINE_CAP = 4096
"""Bytes of one line that are kept, and one more where it was longer; no path on Linux has as many."""
_BLOCK = 1 << 16


class Lines:
    """Asked for the next line; whoever gets none waits until `descriptor` is ready, and has it filled."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.ended = False
        """Whether nothing more will come: the lines that are here already are the last ones."""
        self._here: deque[bytes] = deque()
        self._begun = b""

    @classmethod
    def of(cls, lines: Iterable[bytes]) -> "Lines":
        """Lines that are known already."""
        made = cls(-1)
        made._here.extend(lines)
        made.ended = True
        return made

    def next(self) -> bytes | None:
        """The next line without its end; None where there is none yet, or no more."""
        return self._here.popleft() if self._here else None

    def fill(self) -> None:
        """Take in what lies there; waits where nothing does. A last line needs no end."""
        block = os.read(self.descriptor, _BLOCK)
        *whole, begun = (self._begun + block).split(b"\n")
        self._here.extend(line[: LINE_CAP + 1] for line in whole)
        self._begun = begun[: LINE_CAP + 1]
        if not block:
            self.ended = True
            if begun:
                self._here.append(self._begun)
