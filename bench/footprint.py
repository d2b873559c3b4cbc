"""Memory and processor time of a running process with all its children, read from Linux's /proc."""

import os
import threading
from collections import Counter
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


def counted_once_mb(pid: int) -> float:
    """The same with each file that several members have mapped counted once, as the largest of them has it. Unlike the kernel's own
    proportional figure it does not fall where strangers use the same libraries; memory that a fork shares counts for each."""
    own, files = 0, dict[str, int]()
    for one in family(pid):
        mapped = Counter[str]()
        for name, kilobytes, anonymous in _mapped(one):
            own += anonymous
            mapped[name] += kilobytes - anonymous
        files = {name: max(files.get(name, 0), mapped[name]) for name in files.keys() | mapped.keys()}
    return (own + sum(files.values())) / 1024


def _mapped(pid: int) -> Iterator[tuple[str, int, int]]:
    """Each mapping by its file, with the kilobytes that are resident, and those that are the process's own (proc(5), smaps)."""
    name, resident = "", 0
    for line in _read(Path(f"/proc/{pid}/smaps")).splitlines():
        key, *rest = line.split(maxsplit=5)
        if not key.endswith(":"):
            name = rest[4] if len(rest) > 4 else ""
        elif key == "Rss:":
            resident = int(rest[0])
        elif key == "Anonymous:":
            yield name, resident, int(rest[0])


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
