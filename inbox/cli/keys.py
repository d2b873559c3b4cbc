"""`inbox keys`: the keys that agents' reply addresses are sealed with."""

from datetime import timedelta
from typing import Annotated

import typer

from inbox.cli.context import of
from inbox.domain.acts import Act
from inbox.store import audit, signing
from inbox.store.unit import Unit

COLUMNS = ("id", "made_at", "ends_at")


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="cli.keys.help")
    group.command("list", help="cli.keys.list.help")(listed)
    group.command("rotate", help="cli.keys.rotate.help")(rotate)
    app.add_typer(group, name="keys")


def listed(ctx: typer.Context) -> None:
    """All of them, the newest first; never what they are."""
    context = of(ctx)
    found = context.store.read_now(signing.listing)
    context.printer.rows(COLUMNS, [{"id": k.id, "made_at": k.made_at, "ends_at": k.ends_at or "-"} for k in found])


def rotate(
    ctx: typer.Context,
    keep: Annotated[int, typer.Option("--keep", min=0, max=90, help="cli.keys.option.keep", metavar="DAYS")] = 14,
) -> None:
    """A new key; addresses that were sealed with the one before hold for some days more."""
    context = of(ctx)
    by, now = context.by(), context.now()

    def rotated(unit: Unit) -> signing.Key:
        audit.record(unit, Act.KEY_ROTATED, by, now, detail=[f"{keep} days"])
        return signing.rotate(unit, timedelta(days=keep), now)

    key = context.store.write_now(rotated)
    context.printer.done("cli.keys.rotated", id=str(key.id), days=keep)
