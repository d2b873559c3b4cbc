"""The child that reads one file after the other: paths in, a line each; what stands in the files out, under limits.

python -P -m inbox.runtime.reader_child KIND SECONDS MEMORY_MB
"""

import gc
import os
import signal
import stat
import sys
from importlib.metadata import entry_points
from pathlib import Path

from inbox.domain.arrivals import Raw, Spooled
from inbox.domain.problems import Unreadable
from inbox.ports.codec import Reader
from inbox.runtime import answers, bounds

IN_MEMORY = 1 << 20
"""Bytes of a file up to which it is read at once; a larger one is read where it lies."""


def main() -> None:
    """Serve until the parent closes the pipe; one that was killed leaves nobody to complain to."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    kind, seconds, memory_mb = sys.argv[1:]
    reader: Reader = entry_points(group="inbox.readers")[kind].load()()
    gc.freeze()  # what is there now stays: the collector need not look at it again with every mail
    bounds.memory(int(memory_mb))
    said = sys.stdout.buffer
    for line in sys.stdin.buffer:
        bounds.processor(float(seconds))
        said.write(_answer(reader, line.removesuffix(b"\n")))
        said.flush()  # at once: of the questions that a dead child leaves, the first is the one that it died of


def _answer(reader: Reader, path: bytes) -> bytes:
    shown = path.decode("utf-8", "replace")
    try:
        return answers.described(reader.describe(_raw(path, shown)))
    except Unreadable as problem:
        return answers.problem(problem)
    except (MemoryError, RecursionError) as error:
        return answers.problem(Unreadable("reading.too_much", path=shown, limit=type(error).__name__))
    except Exception as error:
        return answers.problem(Unreadable("reading.failed", path=shown, error=type(error).__name__))


def _raw(path: bytes, shown: str) -> Raw:
    """The bytes of a file, or the file itself where it is large. Raises Unreadable."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)  # a pipe would wait for its writer
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Unreadable("reading.no_file", path=shown, reason=reason) from None
    told = os.fstat(descriptor)
    if not stat.S_ISREG(told.st_mode):
        os.close(descriptor)
        raise Unreadable("reading.not_a_file", path=shown)
    with open(descriptor, "rb") as file:
        return file.read() if told.st_size <= IN_MEMORY else Spooled(Path(os.fsdecode(path)), told.st_size)


if __name__ == "__main__":
    main()
