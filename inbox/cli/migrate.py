"""`inbox migrate`: bring the database to the tables of this version."""

from typing import Annotated

import typer

from inbox.cli.context import of
from inbox.store.migrate import migrate as bring_up_to_date
from inbox.store.migrate import pending


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("migrate", help="cli.migrate.help")(migrate)


def migrate(
    ctx: typer.Context, dry_run: Annotated[bool, typer.Option("--dry-run", help="cli.option.dry_run")] = False
) -> None:
    """Apply what the database lacks; with --dry-run only tell it."""
    context = of(ctx)
    store = context.open_store()
    try:
        revisions = pending(store) if dry_run else bring_up_to_date(store)
    finally:
        store.close()
    if not revisions:
        context.printer.done("cli.migrate.nothing", revisions=[])
    else:
        key = "cli.migrate.would" if dry_run else "cli.migrate.done"
        context.printer.done(key, revisions=", ".join(revisions))
