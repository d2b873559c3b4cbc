"""A bar for what takes long, at a terminal; elsewhere nothing, for a log is no place for it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from inbox.cli.context import Context


@dataclass(frozen=True, slots=True)
class Bar:
    """One line after the other. Without a `progress` nobody sees them."""

    context: Context
    progress: Progress | None

    def begin(self, key: str, total: int) -> Callable[[int], None]:
        """Begin a line, named by a sentence of the catalogue; what it gives hears how far the work has come. 0: no end known."""
        if self.progress is None:
            return _nobody
        progress, task = self.progress, self.progress.add_task(self.context.say(key), total=total or None)

        def told(done: int) -> None:
            progress.update(task, completed=done)

        return told


@contextmanager
def bar(context: Context) -> Iterator[Bar]:
    """On standard error while it is a terminal: standard output is for results."""
    if context.chosen.quiet or not sys.stderr.isatty():
        yield Bar(context, None)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as progress:
        yield Bar(context, progress)


def _nobody(_done: int) -> None:
    return
