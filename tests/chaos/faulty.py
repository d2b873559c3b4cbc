"""The `inbox` command with a fault in it: `python -m tests.chaos.faulty run --site SITE`, and `FAULT` in the environment.

`FAULT=point#2=kill` ends the process as a power cut would when it comes to that point for the second time; `=error` raises there, `=cancel`
cancels the task that came there, or that waits for the thread that did. It happens once for a site: what happened stands in `faults.log`
beside the config. `FAULT=record` notes each point that is reached. Nothing of this is in the house: it gets another probe.
"""

import asyncio
import os
import signal
import sys
import threading
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Literal

from inbox.__main__ import main
from inbox.cli import run
from inbox.daemon.run import Daemon
from inbox.settings import Settings
from inbox.site import Site
from inbox.text.wording import Wording

VARIABLE = "FAULT"
RECORD = "record"
BOOK = "faults.log"

Kind = Literal["kill", "error", "cancel"]
KINDS: dict[str, Kind] = {"kill": "kill", "error": "error", "cancel": "cancel"}


class Hurt(Exception):
    """What is raised at a point: nothing that anybody knows of."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to happen: at which point, when it is reached for which time."""

    point: str
    nth: int
    kind: Kind

    def __str__(self) -> str:
        return f"{self.point}#{self.nth}={self.kind}"

    @classmethod
    def read(cls, text: str) -> "Order":
        """As `str` writes it."""
        place, _, kind = text.rpartition("=")
        point, _, nth = place.partition("#")
        return cls(point, int(nth), KINDS[kind])


def happened(site: Path) -> list[str]:
    """What stands in the book of a site."""
    book = site / BOOK
    return book.read_text("utf-8").splitlines() if book.exists() else []


def note(book: Path, line: str) -> None:
    """Durable before anything happens."""
    with book.open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
        file.flush()
        os.fsync(file.fileno())


@dataclass(slots=True)
class Recording:
    """A probe that notes each point once."""

    book: Path
    seen: set[str] = field(default_factory=set)

    def __call__(self, point: str) -> None:
        if point not in self.seen:
            self.seen.add(point)
            note(self.book, point)


@dataclass(slots=True)
class Hurting:
    """A probe that carries an order out, once for the site."""

    order: Order
    book: Path
    reached: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    loop: asyncio.AbstractEventLoop | None = None

    def __call__(self, point: str) -> None:
        self._remember()
        if point != self.order.point or not self._now():
            return
        note(self.book, str(self.order))
        if self.order.kind == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
            signal.pause()
        if self.order.kind == "error":
            raise Hurt(point)
        self._cancel()

    def _now(self) -> bool:
        with self.lock:
            self.reached += 1
            return self.reached == self.order.nth and not self.book.exists()

    def _remember(self) -> None:
        if self.loop is None and threading.current_thread() is threading.main_thread():
            try:
                self.loop = asyncio.get_running_loop()
            except RuntimeError:
                return

    def _cancel(self) -> None:
        if threading.current_thread() is threading.main_thread():
            task = asyncio.current_task()
            assert task is not None, "a point that no task comes to"
            task.cancel()
        elif self.loop is not None:
            self.loop.call_soon_threadsafe(_cancel_waiting)


def _cancel_waiting() -> None:
    """Of the tasks that wait for a thread, the one that began first."""
    for task in asyncio.all_tasks():
        if any(frame.f_code.co_name in ("write", "to_thread") for frame in _frames(task)):
            task.cancel()
            return


def _frames(task: "asyncio.Task[object]") -> list[FrameType]:
    """The coroutines that wait for one another, the innermost last."""
    found: list[FrameType] = []
    at: object = task.get_coro()
    while at is not None and (frame := getattr(at, "cr_frame", None)) is not None:
        found.append(frame)
        at = getattr(at, "cr_await", None)
    return found


def daemon(order: str, site: Site, settings: Settings, wording: Wording) -> Daemon:
    """The daemon of a site, with a probe that obeys an order."""
    book = site.root / BOOK
    return Daemon(site, settings, wording, Recording(book) if order == RECORD else Hurting(Order.read(order), book))


if __name__ == "__main__":
    if os.environ.get(VARIABLE):
        setattr(run, "Daemon", partial(daemon, os.environ[VARIABLE]))  # noqa: B010  # the one wire that is laid anew
    sys.exit(main())
