"""Files of strangers read by several bounded children at once: answers in the order of the questions, none left out."""

import select
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from inbox.runtime.lines import Lines
from inbox.runtime.reading import Child, Limits, Question

WINDOW = 32
"""Answers a child that may wait for an earlier one: what a slow file holds up is bounded too."""


@dataclass(frozen=True, slots=True)
class Readers:
    """Up to `jobs` children for files of one kind; each is started when there is something for it to do."""

    children: tuple[Child, ...]
    again: deque[Question]
    """What a dead child left unanswered, to be asked first."""

    @classmethod
    def of(cls, kind: str, jobs: int, limits: Limits) -> Self:
        """Children for a kind of the entry-point group `inbox.readers`."""
        return cls(tuple(Child(kind, limits) for _ in range(jobs)), deque())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in self.children:
            child.stop()

    def read(self, paths: Lines) -> Iterator[list[Question]]:
        """Questions that were answered, in order, as many as are ready together; each path gives exactly one."""
        asked: deque[Question] = deque()
        while True:
            hungry = self._hand_out(paths, asked)
            done = []
            while asked and asked[0].answer is not None:
                done.append(asked.popleft())
            if done:
                yield done
            elif asked or hungry:
                self._wait(paths if hungry else None)
            else:
                return

    def _hand_out(self, paths: Lines, asked: deque[Question]) -> bool:
        """Give the children to do; whether there is room for paths that are still to come."""
        while (child := self._free()) is not None:
            if self.again:
                child.ask(self.again.popleft())
                continue
            if len(asked) >= WINDOW * len(self.children):
                return False
            path = paths.next()
            if path is None:
                return not paths.ended
            question = Question(path)
            asked.append(question)
            child.ask(question)
        return False

    def _free(self) -> Child | None:
        """The child that has least to do; one that is idle before one that would have to be started."""
        open_ones = [child for child in self.children if child.room]
        return min(open_ones, key=lambda child: (child.load, not child.running), default=None)

    def _wait(self, paths: Lines | None) -> None:
        """Until a child says something, a path comes, or a child has taken too long."""
        now = time.monotonic()
        busy = {child.descriptor: child for child in self.children if child.load}
        poll = select.poll()  # it takes plain files too, which are always ready
        for descriptor in busy:
            poll.register(descriptor, select.POLLIN)
        if paths is not None:
            poll.register(paths.descriptor, select.POLLIN)
        patience = min((child.patience(now) for child in busy.values()), default=None)
        ready = {descriptor for descriptor, _ in poll.poll(None if patience is None else max(0, patience) * 1000)}
        if paths is not None and paths.descriptor in ready:
            paths.fill()
        now = time.monotonic()
        for descriptor, child in busy.items():
            well = child.hear(now) if descriptor in ready else child.patience(now) > 0
            if not well:
                self.again.extend(child.give_up())
