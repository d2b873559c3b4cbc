"""`inbox kb measure`: how often what is suggested here is right, by how sure it was."""

from datetime import timedelta
from typing import Annotated

import typer

from inbox.cli.context import of
from inbox.pipeline.suggestions_measured import measured

COLUMNS = ("above", "known", "offered", "right", "share")


def measure(
    ctx: typer.Context,
    days: Annotated[int, typer.Option(help="cli.kb.option.days", min=1, max=3650)] = 365,
) -> None:
    """Conversations of the last days that an article answered, each judged as if it had never been."""
    context = of(ctx)
    found = context.store.read_now(measured, context.now() - timedelta(days=days))
    rows = [
        {
            "above": one.above,
            "known": one.known,
            "offered": one.offered,
            "right": one.right,
            "share": round(one.right / one.offered, 3) if one.offered else None,
        }
        for one in found
    ]
    context.printer.rows(COLUMNS, rows)
    if not any(one.known for one in found):
        context.printer.line(context.say("cli.kb.unmeasured"))
