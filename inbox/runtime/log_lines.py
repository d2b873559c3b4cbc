"""Where log lines go: a bounded queue and a thread that writes, so that no full disk and no stuck pipe holds anybody up."""

import io
import os
import queue
import threading
import time
from collections.abc import Callable
from typing import TextIO

ROOM = 5_000
"""Lines that may wait to be written; what comes on top of them is lost and counted."""
PATIENCE = 2.0
"""Seconds that the end of the process waits for lines that are not written yet."""


class LogLines:
    """A text stream for loggers. `write` takes whole lines, returns at once and never raises; `lost` words a count of lost ones."""

    def __init__(self, stream: TextIO, lost: Callable[[int], str], room: int = ROOM) -> None:
        self._stream = stream
        self._lost = lost
        self._lines: queue.Queue[str] = queue.Queue(room)
        self._missing = 0
        self._torn = False
        self._count = threading.Lock()
        threading.Thread(target=self._run, name="log", daemon=True).start()

    def write(self, text: str) -> int:
        """Take some lines."""
        try:
            self._lines.put_nowait(text)
        except queue.Full:
            self._lose(1)
        return len(text)

    def flush(self) -> None:
        """Nothing: a line is written when it can be."""

    def drain(self, seconds: float = PATIENCE) -> bool:
        """Wait until everything is written, so long at most; whether it is."""
        ends = time.monotonic() + seconds
        while self._lines.unfinished_tasks and time.monotonic() < ends:
            time.sleep(0.005)
        return not self._lines.unfinished_tasks

    def _run(self) -> None:
        while True:
            text = self._lines.get()
            missing = self._found()
            if missing and not self._out(self._lost(missing) + "\n"):
                self._lose(missing)
            if not self._out(text):
                self._lose(1)
            self._lines.task_done()

    def _lose(self, lines: int) -> None:
        with self._count:
            self._missing += lines

    def _found(self) -> int:
        with self._count:
            missing, self._missing = self._missing, 0
        return missing

    def _out(self, text: str) -> bool:
        """Past the stream's own buffer, which would keep what could not be written and break a line in two."""
        try:
            data = ("\n" + text if self._torn else text).encode("utf-8", "backslashreplace")
            return self._whole(data)
        except (OSError, ValueError):
            return False

    def _whole(self, data: bytes) -> bool:
        try:
            handle = self._stream.fileno()
        except (io.UnsupportedOperation, AttributeError):
            self._stream.write(data.decode())
            self._stream.flush()
            return True
        left = data
        try:
            while left:
                left = left[os.write(handle, left) :]
        finally:
            self._torn = bool(left) and (len(left) < len(data) or self._torn)
        return True
