"""`inbox migrate`: bring the database to the tables of this version, or into a PostgreSQL database."""

from pathlib import Path
from typing import Annotated

import typer

from inbox.cli import carrying
from inbox.cli.context import Context, of
from inbox.cli.progress import bar
from inbox.store import search
from inbox.store.migrate import migrate as bring_up_to_date
from inbox.store.migrate import pending
from inbox.store.store import Store


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("migrate", help="cli.migrate.help")(migrate)


def migrate(
    ctx: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="cli.option.dry_run")] = False,
    reindex: Annotated[bool, typer.Option("--reindex", help="cli.migrate.option.reindex")] = False,
    to: Annotated[str | None, typer.Option("--to", help="cli.migrate.option.to", metavar="URL")] = None,
    password: Annotated[
        Path | None, typer.Option("--password-file", help="cli.migrate.option.password_file", metavar="FILE")
    ] = None,
) -> None:
    """Apply what the database lacks, and fill the index of words with what it lacks; with --dry-run only tell it."""
    context = of(ctx)
    if to is not None:
        carrying.carry(context, to, password, rehearse=dry_run)
        return
    store = context.open_store()
    try:
        revisions = pending(store) if dry_run else bring_up_to_date(store)
        if not dry_run:
            _index(context, store, anew=reindex)
    finally:
        store.close()
    if not revisions:
        context.printer.done("cli.migrate.nothing", revisions=[])
    else:
        key = "cli.migrate.would" if dry_run else "cli.migrate.done"
        context.printer.done(key, revisions=", ".join(revisions))


def _index(context: Context, store: Store, *, anew: bool) -> None:
    """Fill the index a few messages at a time. Whoever ends it here goes on there the next time."""
    if anew:
        store.write_now(search.begin)
    left = whole = store.read_now(search.left) or 0
    with bar(context) as line:
        told = line.begin("cli.migrate.indexing", whole)
        while left:
            left = store.write_now(search.fill) or 0
            told(whole - left)
