"""Runs a command in this process, or as a person would at a terminal."""

import json
import os
import pty
import select
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from inbox.__main__ import main
from tests.rig.daemon import command, environment

SILENCE = 30.0
"""Seconds after which a program at the terminal counts as stuck."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """The output read as JSON."""
        return json.loads(self.out)


class Talk:
    """Runs commands for one site in this process, in English unless told otherwise."""

    def __init__(self, site: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.site = site
        self._capture = capture

    def __call__(self, *words: str) -> Said:
        self._capture.readouterr()
        code = main([*words, "--site", str(self.site)])
        told = self._capture.readouterr()
        return Said(code, told.out, told.err)


def at_terminal(
    words: Sequence[str],
    answers: Sequence[tuple[str, str]],
    cwd: Path,
    *,
    term: str = "dumb",
    env: Mapping[str, str] | None = None,
) -> tuple[int, str]:
    """Run the installed command at a terminal: wait for each question, then type its answer. Exit code and screen.

    A question for a password is to be given with its end: what is typed before the echo is off is thrown away.
    """
    terminal, side = pty.openpty()
    around = {**environment(env), "TERM": term}
    process = subprocess.Popen(
        [command(), *words], stdin=side, stdout=side, stderr=side, cwd=cwd, env=around, start_new_session=True
    )
    os.close(side)
    screen, seen = "", 0
    try:
        for question, answer in answers:
            while question not in screen[seen:]:
                screen += _more(terminal, screen)
            seen = screen.index(question, seen) + len(question)
            os.write(terminal, f"{answer}\n".encode())
        with suppress(OSError):
            while True:
                screen += _more(terminal, screen)
        return process.wait(SILENCE), screen
    finally:
        process.kill()
        process.wait()
        os.close(terminal)


def _more(terminal: int, screen: str) -> str:
    ready, _, _ = select.select([terminal], [], [], SILENCE)
    assert ready, f"nothing more is said after: {screen}"
    found = os.read(terminal, 65536).decode("utf-8", "replace")
    if not found:
        raise OSError("the program is gone")
    return found
