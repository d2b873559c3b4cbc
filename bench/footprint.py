"""Memory and processor time of a running process with all its children, read from Linux's /proc."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SAMPLE_EVERY = 0.02  # seconds between two looks at the memory


@dataclass(slots=True)
class Peak:
    """The highest sum seen so far, in MB."""

    mb: float = 0.0


def family(pid: int) -> list[int]:
    """The process and its living descendants."""
    found, waiting = [], [pid]
    while waiting:
        found.append(one := waiting.pop())
        for children in Path(f"/proc/{one}/task").glob("*/children"):
            waiting += [int(child) for child in _read(children).split()]
    return found


def resident_mb(pid: int) -> float:
    """Resident memory of the whole family; pages that its members share count once for each, so this errs upwards."""
    pages = (_read(Path(f"/proc/{one}/statm")).split() for one in family(pid))
    return sum(int(fields[1]) for fields in pages if fields) * os.sysconf("SC_PAGE_SIZE") / 2**20


def proportional_mb(pid: int) -> float:
    """The same with a page that several share divided among them (proc(5): PSS of `smaps_rollup`); outsiders that share it count."""
    told = (_read(Path(f"/proc/{one}/smaps_rollup")) for one in family(pid))
    lines = (line.split() for words in told for line in words.splitlines() if line.startswith("Pss:"))
    return sum(int(fields[1]) for fields in lines) / 1024


def alive(pid: int) -> bool:
    """Whether the process still runs; one that has ended and was not waited for yet does not."""
    return resident_mb(pid) > 0


def cpu_seconds(pid: int) -> float:
    """User and system time of the whole family so far, children that have ended and were waited for included."""
    ticks = 0
    for one in family(pid):
        # proc(5): after the name in brackets come the fields from number 3 on; 14 to 17 are utime, stime, cutime, cstime
        fields = _read(Path(f"/proc/{one}/stat")).rpartition(")")[2].split()
        ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def watched(pid: int) -> Iterator[Peak]:
    """Keep the peak of the family's resident memory while the block runs: the most that it had at two looks in a row."""
    peak, over = Peak(resident_mb(pid)), threading.Event()

    def look() -> None:
        before = peak.mb
        while not over.wait(SAMPLE_EVERY):
            # A child that is just being started still has its parent's pages, and they would count twice.
            now = resident_mb(pid)
            peak.mb, before = max(peak.mb, min(before, now)), now

    watcher = threading.Thread(target=look, name="footprint")
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()
        peak.mb = max(peak.mb, resident_mb(pid))


def _read(file: Path) -> str:
    """The words of a /proc file; nothing when the process has just ended."""
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
