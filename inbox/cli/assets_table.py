"""`inbox assets export|import`: everything that customers own, as a table that spreadsheets open, and back."""

import typer

from inbox.cli.context import Context, of
from inbox.cli.tables import File, Tried, brought, content, written
from inbox.domain.acts import Act
from inbox.domain.scope import Scope
from inbox.pipeline import assets_table as verbs
from inbox.pipeline.assets_table import Outcome
from inbox.store import audit
from inbox.store.assets import By


def export(ctx: typer.Context, path: File) -> None:
    """All assets, in the language of the command; `-` writes to standard output."""
    context = of(ctx)
    rows = context.store.read_now(verbs.every, Scope.house(), context.language)
    written(context, path, verbs.table(rows, context.language), "cli.assets.exported", len(rows))
    context.store.write_now(audit.record, Act.ASSETS_READ, context.by(), context.now(), detail=[str(len(rows))])


def bring(ctx: typer.Context, path: File, dry_run: Tried = False) -> None:
    """What is new is made, what is better known is changed. Exit code 1 where a row was refused: the others are taken."""
    context = of(ctx)
    rows = verbs.lines(content(path))
    by = By(context.acting().id if context.chosen.agent else None, "cli")
    intake = verbs.Intake(context.playbook(), by, Scope.house())
    columns = ("row", "state", "serial", "error")
    brought(context, intake, rows, Act.ASSETS_WRITTEN, columns, lambda one: _row(context, one), dry_run=dry_run)


def _row(context: Context, one: Outcome) -> dict[str, object]:
    why = "" if one.why is None else context.told(one.why)
    return {"row": one.number, "state": one.what, "serial": one.serial, "asset": one.asset, "error": why}
