"""One bounded child that reads files: what it was asked, what it said, and what is to blame when it ends."""

import errno
import os
import subprocess
import sys
from collections import deque
from contextlib import suppress
from dataclasses import dataclass

from inbox.domain.problems import Unreadable
from inbox.runtime import answers
from inbox.runtime.lines import LINE_CAP

AHEAD = 8
"""Questions that a child has at once; together they fit into a pipe, so that asking never waits."""
_BLOCK = 1 << 18


@dataclass(frozen=True, slots=True)
class Limits:
    """For one file: seconds of CPU, and a little more than twice as many on the clock; megabytes of address space."""

    seconds: float = 20.0
    memory_mb: int = 512


@dataclass(slots=True)
class Question:
    """A path, and once there is one its answer: a JSON object in one line, or why there is none."""

    path: bytes
    answer: bytes | Unreadable | None = None

    @property
    def shown(self) -> str:
        """The path as text."""
        return self.path.decode("utf-8", "replace")


class Child:
    """One process, started at its first question and again at the first one after it ended."""

    def __init__(self, kind: str, limits: Limits) -> None:
        self._command = [sys.executable, "-P", "-m", "inbox.runtime.reader_child", kind]
        self._command += [str(limits.seconds), str(limits.memory_mb)]
        self._wall = limits.seconds * 2 + 1
        self._process: subprocess.Popen[bytes] | None = None
        self._asked: deque[Question] = deque()
        self._heard = bytearray()
        self._since: float | None = None

    @property
    def running(self) -> bool:
        """Whether there is a process."""
        return self._process is not None

    @property
    def load(self) -> int:
        """How many questions it has not answered."""
        return len(self._asked)

    @property
    def room(self) -> bool:
        """Whether it can be asked one more."""
        return len(self._asked) < AHEAD

    @property
    def descriptor(self) -> int:
        """What is ready when it has said something, or has ended."""
        assert self._process is not None
        assert self._process.stdout is not None
        return self._process.stdout.fileno()

    def ask(self, question: Question) -> None:
        """Hand it a path. Never waits; that the child has died shows when it is heard."""
        if len(question.path) > LINE_CAP:
            question.answer = Unreadable("reading.no_file", path=question.shown, reason=os.strerror(errno.ENAMETOOLONG))
            return
        process = self._process = self._process or self._start()
        assert process.stdin is not None
        self._asked.append(question)
        with suppress(BrokenPipeError):
            os.write(process.stdin.fileno(), question.path + b"\n")

    def patience(self, now: float) -> float:
        """Seconds that are left for the answer that is due next; counted from the last one, or from the first look."""
        if self._since is None:
            self._since = now
        return self._since + self._wall - now

    def hear(self, now: float) -> bool:
        """Take in what it says; False where it has ended, or talks nonsense."""
        said = os.read(self.descriptor, _BLOCK)
        self._heard += said
        at = 0
        while (found := self._frame(at)) is not None:
            at, body = found
            answer = answers.read(body)
            if answer is None:
                return False
            self._asked.popleft().answer = answer
            self._since = now if self._asked else None
        del self._heard[:at]
        return bool(said) and self._announced() <= answers.CAP

    def _frame(self, at: int) -> tuple[int, bytes] | None:
        """Where the next frame ends, and what stands in it; None where it is not whole yet, or nobody asked for it."""
        begin = at + answers.LENGTH.size
        if not self._asked or len(self._heard) < begin:
            return None
        end = begin + int(answers.LENGTH.unpack_from(self._heard, at)[0])
        return (end, bytes(self._heard[begin:end])) if len(self._heard) >= end else None

    def _announced(self) -> int:
        return int(answers.LENGTH.unpack_from(self._heard)[0]) if len(self._heard) >= answers.LENGTH.size else 0

    def give_up(self) -> list[Question]:
        """End it. The question that it was at is answered with that; the others are given back."""
        left = list(self._asked)
        self.stop()
        if left:
            guilty = left.pop(0)
            guilty.answer = Unreadable("reading.died", path=guilty.shown)
        return left

    def stop(self) -> None:
        """End it. Safe twice, and before it was started."""
        process, self._process = self._process, None
        self._asked.clear()
        self._heard.clear()
        self._since = None
        if process is not None:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                assert pipe is not None
                pipe.close()
            process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        # In a group of its own: what interrupts us at a terminal must not make it complain there.
        return subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, process_group=0
        )
