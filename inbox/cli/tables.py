"""What the commands of tables share: a file that goes out or comes in, and what became of its rows."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from inbox.cli.context import FINDINGS, Context
from inbox.domain.acts import Act
from inbox.domain.problems import Problem
from inbox.pipeline.table_intake import WHAT, Intake, Line, Outcome, counted, recorded, taken_now
from inbox.store import audit

File = Annotated[Path, typer.Argument(help="cli.contacts.argument.file", metavar="FILE")]
Tried = Annotated[bool, typer.Option("--dry-run", help="cli.contacts.option.dry_run")]
Became = TypeVar("Became", bound=Outcome)


def content(path: Path) -> bytes:
    """What is to come in; of standard input where the path is `-`. Raises Problem."""
    try:
        return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise Problem("archive.unreadable", path=str(path), reason=error.strerror or type(error).__name__) from error


def written(context: Context, path: Path, text: str, key: str, count: int) -> None:
    """It goes out, to standard output where the path is `-`; `key`: the sentence that says so of a file."""
    if str(path) == "-":
        sys.stdout.buffer.write(text.encode())
        return
    path.write_bytes(text.encode())
    context.printer.done(key, count=count, path=str(path))


def brought(
    context: Context,
    intake: Intake[Became],
    rows: Sequence[Line],
    act: Act,
    columns: Sequence[str],
    shown: Callable[[Became], dict[str, object]],
    *,
    dry_run: bool,
) -> None:
    """All rows are taken in, or tried, and told one by one. Exit code 1 where a row was refused: the others are taken."""
    outcomes = taken_now(context.store, intake, rows, context.now(), rehearse=dry_run)
    counts = counted(outcomes)
    if not dry_run:
        context.store.write_now(audit.record, act, context.by(), context.now(), detail=recorded(counts))
    context.printer.rows(columns, [shown(one) for one in outcomes], {"state": "contacts.row"})
    told = {what: counts[what] for what in WHAT}
    context.printer.line(context.say("cli.contacts.rehearsed" if dry_run else "cli.contacts.brought", **told))
    if counts["refused"]:
        raise typer.Exit(FINDINGS)
