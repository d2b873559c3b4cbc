"""`inbox restore DIR`: whether a backup is whole, and a site made of it that says nothing twice."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from inbox.cli import manifest
from inbox.cli.context import FINDINGS, Context, of
from inbox.cli.progress import bar
from inbox.cli.restoring import Restoring, findings, whole
from inbox.domain.problems import Problem

COLUMNS = ("finding", "name", "detail")


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("restore", help="cli.restore.help")(restore)


def restore(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="cli.restore.argument.folder", metavar="DIR")],
    check: Annotated[bool, typer.Option("--check", help="cli.restore.option.check")] = False,
    to: Annotated[Path | None, typer.Option("--to", help="cli.restore.option.to", metavar="SITE")] = None,
    until: Annotated[str, typer.Option("--until", help="cli.restore.option.until", metavar="TIME")] = "",
    database: Annotated[str, typer.Option("--database", help="cli.restore.option.database", metavar="URL")] = "",
) -> None:
    """Exit code 1 where the backup is not whole; then nothing is restored."""
    context = of(ctx)
    if check == (to is not None):
        raise Problem("restore.one_of_two")
    now = context.now()
    ends = _instant(until, now)
    made = manifest.read(folder.absolute())
    with bar(context) as line:
        found = list(findings(folder.absolute(), made, line.begin("cli.restore.checking", len(made.blobs))))
    rows = [{"finding": one.what, **{k: v for k, v in asdict(one).items() if k != "what"}} for one in found]
    if found:
        context.printer.rows(COLUMNS, rows, {"finding": "backup.finding"})
    if whole(found):
        raise Problem("restore.not_whole", count=len(whole(found)))
    facts = {"made_at": _told(made.made_at), "messages": made.counts["message"], "blobs": len(made.blobs)}
    if to is None:
        context.printer.done("cli.restore.whole", **facts)
        raise typer.Exit(FINDINGS if found else 0)
    _restore(context, Restoring(folder.absolute(), made, to.absolute(), ends, now, database), to)


def _restore(context: Context, restoring: Restoring, to: Path) -> None:
    made = restoring.made
    with bar(context) as line:
        restoring.run(line.begin("cli.restore.copying", len(made.blobs)))
    facts = {"site": to, "made_at": _told(made.made_at), "until": _told(restoring.until)}
    context.printer.done("cli.restore.done", **facts)
    for one in made.left_out:
        context.printer.line(context.say("cli.restore.left_out", name=one))
    context.printer.line(context.say("cli.restore.next", site=to))


def _instant(text: str, now: datetime) -> datetime:
    """What was typed, never later than now. Raises Problem."""
    if not text:
        return now
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Problem("restore.no_time", value=text) from error
    if found.tzinfo is None:
        raise Problem("restore.no_time", value=text)
    return min(found, now)


def _told(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
