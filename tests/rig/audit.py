"""What this process itself opens, looks up and calls, heard by Python's audit hook: in every thread, whoever does it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

PATHS = {
    "open": 1,
    "os.rename": 2,
    "os.link": 2,
    "os.symlink": 2,
    "os.mkdir": 1,
    "os.rmdir": 1,
    "os.remove": 1,
    "os.listdir": 1,
}
"""The events that name files, and how many of their arguments are paths."""


@dataclass
class Audit:
    """What was heard while it listened. `shut`: nobody is reached, and whoever calls is told that nobody is there."""

    shut: bool = True
    opened: list[Path] = field(default_factory=list)
    called: list[tuple[str, int]] = field(default_factory=list)
    looked_up: list[str] = field(default_factory=list)

    def outside(self, *roots: Path) -> list[Path]:
        """The files that lie in none of these folders."""
        within = [root.resolve() for root in roots]
        return [path for path in self.opened if not any(path.is_relative_to(root) for root in within)]

    def hear(self, event: str, args: tuple[Any, ...]) -> None:
        """One event, before it happens. Raises ConnectionRefusedError in place of a call."""
        if event in PATHS:
            named = [one for one in args[: PATHS[event]] if isinstance(one, str | bytes | os.PathLike)]
            self.opened += [Path(os.path.abspath(os.fsdecode(one))) for one in named]
        elif event == "socket.connect" and isinstance(args[1], tuple):
            self.called.append((str(args[1][0]), int(args[1][1])))
            if self.shut:
                raise ConnectionRefusedError(f"nobody is at {args[1]}")
        elif event == "socket.getaddrinfo":
            self.looked_up.append(str(args[0]))


@cache
def _listening() -> list[Audit]:
    """Those who listen now. A hook stays for as long as the process, so there is one for all."""
    now: list[Audit] = []

    def hook(event: str, args: tuple[Any, ...]) -> None:
        for one in now:
            one.hear(event, args)

    sys.addaudithook(hook)
    return now


@contextmanager
def audited(*, shut: bool = True) -> Iterator[Audit]:
    """Listen."""
    made = Audit(shut)
    _listening().append(made)
    try:
        yield made
    finally:
        _listening().remove(made)
