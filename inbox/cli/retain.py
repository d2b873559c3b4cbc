"""`inbox retain`: what the site keeps no longer goes now; the daemon does the same each hour."""

from typing import Annotated

import typer

from inbox.cli.context import of
from inbox.pipeline import retain as verbs


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("retain", help="cli.retain.help")(retain)


def retain(
    ctx: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="cli.option.dry_run")] = False,
) -> None:
    """A handful in each unit, so that it may be broken off at any time and goes on the next."""
    context = of(ctx)
    kept, now = context.settings.retention.kept, context.now()
    found = context.store.read_now(verbs.due, kept, now)
    rows = [
        {"kind": one.kind, "days": None if one.length is None else one.length.days, "count": one.count} for one in found
    ]
    if dry_run or not context.printer.json:
        context.printer.rows(("kind", "days", "count"), rows, {"kind": "retention"})
    if dry_run:
        context.printer.line(context.say("cli.retain.would"))
        return
    gone: dict[str, int] = {}
    for kind in verbs.KINDS:
        gone[kind] = 0
        while more := context.store.write_now(verbs.some, kind, kept, now):
            gone[kind] += more
    context.store.write_now(verbs.told, gone, context.by(), now)
    context.printer.done("cli.retain.done", count=sum(gone.values()))
