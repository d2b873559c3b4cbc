"""Run as a process of its own: writes to a store until a limit of the file size says stop, and tells what happened."""

import json
import resource
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from inbox.domain.ids import ArrivalId, ChannelName
from inbox.domain.problems import Temporary
from inbox.store import arrivals, channels
from inbox.store.arrivals import Landing
from inbox.store.store import Store

NOW = datetime(2026, 11, 21, tzinfo=UTC)
MAIL = ChannelName("mail")


def main(folder: Path, room: int) -> None:
    """`room`: bytes that a file may have. Prints how many landed, the problem's key, and how many landed afterwards."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    store = Store("sqlite:///inbox.db", folder)
    store.write_now(channels.ensure, MAIL, "email")
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    landed, problem = 0, ""
    try:
        for n in range(100_000):
            land(store, n)
            landed += 1
    except Temporary as trouble:
        problem = trouble.key
    while_full = len(store.read_now(arrivals.pending, ArrivalId(0), 100_000, (MAIL,)))
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    land(store, 200_000)
    store.close()
    print(json.dumps({"landed": landed, "problem": problem, "while_full": while_full}))


def land(store: Store, n: int) -> None:
    """One arrival of 4 KB."""
    item = Landing(str(n), 4096, b"x" * 4096)
    store.write_now(lambda unit: arrivals.land(unit, MAIL, [item], str(n), NOW))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
