"""Run as a process of its own: lands one arrival after the other and tells of each once it is stored, until it is killed."""

import sys
from pathlib import Path

from inbox.store import channels
from inbox.store.store import Store
from tests.store.fill_disk import MAIL, land


def main(url: str, folder: Path, first: int) -> None:
    """Prints the number of each arrival after its commit was reported."""
    store = Store(url, folder)
    store.write_now(channels.ensure, MAIL, "email")
    print("ready", flush=True)
    while True:
        land(store, first)
        print(first, flush=True)
        first += 1


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
