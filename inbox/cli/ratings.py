"""`inbox report ratings`: what customers answered to surveys, how many did, and why others were not asked."""

from datetime import datetime, time, timedelta
from typing import Annotated

import typer

from inbox.cli.board import LONGEST, board
from inbox.cli.context import Format, of
from inbox.store.ratings import unasked

WHY = ("why", "matters")


def ratings(
    ctx: typer.Context,
    days: Annotated[int, typer.Option(help="cli.report.board.option.days", min=1, max=LONGEST)] = 30,
) -> None:
    """The table of the board and, for people, the reasons."""
    board(ctx, days, "ratings")
    context = of(ctx)
    if context.chosen.format is not Format.TEXT:
        return
    until = context.now()
    today = until.astimezone(context.zone).date()
    since = datetime.combine(today - timedelta(days=days - 1), time(), context.zone)
    found = context.store.read_now(unasked, since, until)
    if found:
        context.printer.line("")
        context.printer.line(context.say("cli.report.ratings.unasked"))
        rows = [{"why": context.say(why), "matters": context.say("cli.report.count", n=n)} for why, n in found.items()]
        context.printer.rows(WHY, rows)
