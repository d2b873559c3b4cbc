"""Run as a process of its own: brings a database up to date, and is killed by itself before one of the statements of that."""

import os
import signal
import sys
from pathlib import Path

import sqlalchemy as sa

from inbox.store.migrate import migrate
from inbox.store.store import Store


def main(url: str, folder: Path, last: int) -> None:
    """Prints how many statements it took, where it comes that far."""
    store = Store(url, folder)
    given = 0

    @sa.event.listens_for(store.engine, "before_cursor_execute")
    def count(*_: object) -> None:
        nonlocal given
        given += 1
        if given == last:
            os.kill(os.getpid(), signal.SIGKILL)

    migrate(store)
    print(given)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
