"""Text written in the editor that a person has chosen, above a line below which they are told what they answer."""

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from inbox.domain.problems import Problem
from inbox.text.cleaning import strip_controls

SCISSORS = "# ------------------------ >8 ------------------------"
"""The first line that is not of the text."""
_BEFORE = "# "


def chosen(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The command of `$VISUAL`, else of `$EDITOR`; empty where neither says anything, or what it says is no command."""
    for name in ("VISUAL", "EDITOR"):
        try:
            if words := tuple(shlex.split(environment.get(name, ""))):
                return words
        except ValueError:  # an open quote
            continue
    return ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file to write in, in a folder that nobody else can read. It stays until it is thrown away."""

    path: Path

    @classmethod
    def made(cls, name: str, text: str, context: Iterable[str]) -> "Sheet":
        """With the beginning of a text, and the lines of what one has to know below it."""
        sheet = cls(Path(tempfile.mkdtemp(prefix="inbox-")) / f"{name}.txt")
        sheet.fill(text, context)
        return sheet

    def fill(self, text: str, context: Iterable[str]) -> None:
        """Write it anew."""
        told = "".join(f"{_BEFORE}{line}".rstrip() + "\n" for line in context)
        self.path.write_text(f"{text.rstrip()}\n\n{SCISSORS}\n{told}", encoding="utf-8")

    def edit(self, editor: tuple[str, ...]) -> str:
        """What stands above the line once the editor has ended. Raises Problem where it failed, or where the line is gone and
        what stood below it is not."""
        try:
            ended = subprocess.run([*editor, str(self.path)], check=False).returncode
        except OSError as error:
            raise Problem("cli.editor.unknown", editor=editor[0], path=self.path) from error
        if ended:
            raise Problem("cli.editor.failed", editor=editor[0], code=ended, path=self.path)
        return self._read()

    def throw_away(self) -> None:
        """Nothing of it is needed any more."""
        shutil.rmtree(self.path.parent, ignore_errors=True)

    def _read(self) -> str:
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError) as error:
            raise Problem("cli.editor.unreadable", path=self.path) from error
        if SCISSORS in lines:
            return "\n".join(lines[: lines.index(SCISSORS)]).strip()
        if any(line.startswith(_BEFORE) for line in lines):  # it may be what colleagues wrote to one another
            raise Problem("cli.editor.no_line", path=self.path)
        return "\n".join(lines).strip()


def below(text: str, most: int) -> list[str]:
    """A text of somebody else's as lines of context: no more than `most` of them, and none that could move a terminal."""
    lines = [f"  {line}" for line in strip_controls(text).strip().splitlines()]
    return lines if len(lines) <= most else [*lines[:most], "  […]"]


def environment() -> Mapping[str, str]:
    """Where people say which editor they like."""
    return os.environ
