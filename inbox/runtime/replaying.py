"""A backtest shared by several processes: each takes the next stretch of conversations, and the tallies come in their order.

This process works too, and begins alone: a small past is done before a child would have started.
"""

import os
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Sequence
from contextlib import ExitStack
from multiprocessing.connection import Pipe, wait
from types import TracebackType
from typing import Self

from inbox.domain.problems import Problem
from inbox.pipeline.backtest import Backtest, Tally
from inbox.runtime.replay_child import Share
from inbox.store.decisions import Stretch

ALONE = 2_000
"""Decisions after which it is worth to start children."""
AHEAD = 2
"""Stretches that a child has at once, so that it never waits for us."""
MOST = 4
"""Processes at most: each needs some 60 MB."""

Numbered = tuple[int, Stretch]


def processes() -> int:
    """How many processes a backtest is shared by: as many as there are cores for us, within bounds."""
    return min(len(os.sched_getaffinity(0)), MOST)


def tallies(backtest: Backtest, share: Share, jobs: int, alone: int) -> Generator[Tally, None, None]:
    """The tallies of all stretches in order, from `jobs` processes, of which this is one; `share` is `backtest` for the others.

    `alone`: so many decisions are replayed here before children are started. Raises what a stretch raises wherever it is
    done, and Problem where a child ends before its time.
    """
    left, seen = deque(enumerate(backtest.stretches())), 0
    while left and (jobs < 2 or seen < alone):
        tally = backtest.of(left.popleft()[1])
        seen += tally.decisions
        yield tally
    if left:
        first = left[0][0]
        with ExitStack() as ending:
            children = [ending.enter_context(_Child(share)) for _ in range(min(jobs - 1, len(left)))]
            yield from _shared(backtest, children, left, first)


def _shared(
    backtest: Backtest, children: list["_Child"], left: deque[Numbered], due: int
) -> Generator[Tally, None, None]:
    done: dict[int, Tally] = {}
    while left or done or any(child.asked for child in children):
        for child in children:
            while left and len(child.asked) < AHEAD:
                child.ask(left.popleft())
        if left:
            number, stretch = left.popleft()
            done[number] = backtest.of(stretch)
        done.update(_heard(children, patient=not left and due not in done))
        while due in done:
            yield done.pop(due)
            due += 1


def _heard(children: Sequence["_Child"], *, patient: bool) -> dict[int, Tally]:
    """What the children have said; `patient`: waits until one says something."""
    ready = wait([child.pipe for child in children if child.asked], None if patient else 0)
    return dict(child.hear() for child in children if child.pipe in ready)


class _Child:
    """One process, and what it was asked and has not answered."""

    def __init__(self, share: Share) -> None:
        self.asked: deque[int] = deque()
        self.pipe, theirs = Pipe()
        with theirs:
            # In a group of its own: what interrupts us at a terminal must not make it complain there.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "inbox.runtime.replay_child"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                process_group=0,
            )
        self._say(share)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.pipe.close()
        if kind is not None:
            self._process.kill()
        self._process.wait()

    def ask(self, one: Numbered) -> None:
        """Hand it a stretch."""
        number, stretch = one
        self._say(stretch)
        self.asked.append(number)

    def hear(self) -> tuple[int, Tally]:
        """Its next answer, waited for; raises the problem that it met."""
        try:
            answer: Tally | Problem = self.pipe.recv()
        except (EOFError, OSError):
            raise self._died() from None
        if isinstance(answer, Problem):
            raise answer
        return self.asked.popleft(), answer

    def _say(self, what: object) -> None:
        try:
            self.pipe.send(what)
        except OSError:
            raise self._died() from None

    def _died(self) -> Problem:
        return Problem("replay.child_died", code=self._process.wait())
