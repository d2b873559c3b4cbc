"""The child that replays a share of a backtest: stretches of conversations in, their tallies out, until the parent has no more.

Both ways go pickles: the child reads from our own database what its parent reads from it too.
"""

import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from inbox.domain.problems import Problem
from inbox.pipeline.backtest import Backtest, Replay
from inbox.rulebook.load import load
from inbox.rulebook.names import Names
from inbox.sla.hours import Calendar, Hours
from inbox.store.decisions import Stretch, Window
from inbox.store.store import Store


@dataclass(frozen=True, slots=True)
class Share:
    """The child's first word: all that it takes to do a parent's backtest in another process."""

    url: str = field(repr=False)  # a password may stand in it
    root: Path
    files: Mapping[str, str]
    names: Names
    hours: tuple[Hours, ...]
    window: Window
    keep: int | None
    clocks: bool

    def backtest(self, store: Store) -> Backtest:
        """The same backtest again."""
        calendars = {one.name: Calendar(one) for one in self.hours}
        return Backtest(
            store, self.window, Replay(load(self.files, self.names), calendars, keep=self.keep), self.clocks
        )


def main() -> None:
    """Serve until the parent has no more, or is gone."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # who interrupts us hears of it from our parent
    with Connection(os.dup(sys.stdin.fileno())) as parent:
        share: Share = parent.recv()
        try:
            _serve(parent, share)
        except Problem as problem:
            parent.send(problem)
            while _next(parent) is not None:  # closed with a question unread, the socket would swallow the answer
                pass


def _serve(parent: "Connection[Any, Any]", share: Share) -> None:
    store = Store(share.url, share.root)
    backtest = share.backtest(store)
    while (stretch := _next(parent)) is not None:
        parent.send(backtest.of(stretch))
    store.close()


def _next(parent: "Connection[Any, Any]") -> Stretch | None:
    try:
        found: Stretch = parent.recv()
    except EOFError:
        return None
    return found


if __name__ == "__main__":
    main()
