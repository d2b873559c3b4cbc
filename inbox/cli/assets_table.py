"""`inbox assets export|import`: everything that customers own, as a table that spreadsheets open, and back."""

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from inbox.cli.context import FINDINGS, Context, of
from inbox.domain.acts import Act
from inbox.domain.problems import Problem
from inbox.domain.scope import Scope
from inbox.pipeline import assets_table as verbs
from inbox.pipeline.assets_table import Outcome
from inbox.pipeline.contacts_table import Line, batches
from inbox.store import audit
from inbox.store.assets import By

File = Annotated[Path, typer.Argument(help="cli.contacts.argument.file", metavar="FILE")]


def export(ctx: typer.Context, path: File) -> None:
    """All assets, in the language of the command; `-` writes to standard output."""
    context = of(ctx)
    rows = context.store.read_now(verbs.every, Scope.house(), context.language)
    text = verbs.table(rows, context.language)
    if str(path) == "-":
        sys.stdout.buffer.write(text.encode())
    else:
        path.write_bytes(text.encode())
        context.printer.done("cli.assets.exported", count=len(rows), path=str(path))
    context.store.write_now(audit.record, Act.ASSETS_READ, context.by(), context.now(), detail=[str(len(rows))])


def bring(
    ctx: typer.Context,
    path: File,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="cli.contacts.option.dry_run")] = False,
) -> None:
    """What is new is made, what is better known is changed. Exit code 1 where a row was refused: the others are taken."""
    context = of(ctx)
    try:
        content = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise Problem("archive.unreadable", path=str(path), reason=error.strerror or type(error).__name__) from error
    outcomes = _taken(context, verbs.lines(content), rehearse=dry_run)
    counts: Counter[str] = Counter(one.what for one in outcomes)
    if not dry_run:
        detail = [f"{name} {counts[name]}" for name in ("new", "changed", "refused")]
        context.store.write_now(audit.record, Act.ASSETS_WRITTEN, context.by(), context.now(), detail=detail)
    context.printer.rows(
        ("row", "state", "serial", "error"), [_row(context, one) for one in outcomes], {"state": "contacts.row"}
    )
    told = {name: counts[name] for name in ("new", "changed", "same", "refused")}
    context.printer.line(context.say("cli.contacts.rehearsed" if dry_run else "cli.contacts.brought", **told))
    if counts["refused"]:
        raise typer.Exit(FINDINGS)


def _taken(context: Context, rows: list[Line], *, rehearse: bool) -> list[Outcome]:
    by = By(context.acting().id if context.chosen.agent else None, "cli")
    intake, earlier = verbs.Intake(context.playbook(), by, Scope.house()), verbs.firsts(rows)
    found: list[Outcome] = []
    for some in batches(rows):
        try:
            found += context.store.write_now(intake.take, some, earlier, context.now(), rehearse=rehearse)
        except verbs.Rehearsed as tried:
            found += tried.outcomes
    return found


def _row(context: Context, one: Outcome) -> dict[str, object]:
    why = "" if one.why is None else context.told(one.why)
    return {"row": one.number, "state": one.what, "serial": one.serial, "asset": one.asset, "error": why}
