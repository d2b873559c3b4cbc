"""`inbox backup DIR`: everything that a site is, at one instant, while its daemon runs."""

from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from inbox.cli.backing_up import BackingUp
from inbox.cli.context import FINDINGS, of
from inbox.cli.progress import bar


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("backup", help="cli.backup.help")(backup)


def backup(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="cli.backup.argument.folder", metavar="DIR")],
) -> None:
    """Exit code 1 where bytes of the site were gone before: everything else is in the backup."""
    context = of(ctx)
    with bar(context) as line:
        work = BackingUp(
            context.site, context.settings, context.store, folder.absolute(), version("inboxd"), context.now()
        )
        made, new = work.run(lambda count: line.begin("cli.backup.copying", count))
    megabytes = f"{made.size / 2**20:.1f}"
    facts = {"blobs": len(made.blobs), "new": new, "megabytes": megabytes, "messages": made.counts["message"]}
    context.printer.done("cli.backup.done", folder=folder, **facts)
    for one in made.left_out:
        context.printer.line(context.say("cli.backup.left_out", name=one))
    if made.missing:
        context.printer.line(context.say("cli.backup.missing", count=len(made.missing), first=made.missing[0]))
        raise typer.Exit(FINDINGS)
