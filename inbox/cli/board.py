"""`inbox report board`: the numbers of the lead's board, as tables for people, Markdown, CSV or JSON."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated

import typer

from inbox.cli.context import Context, Format, of
from inbox.pipeline.leading import board as read
from inbox.pipeline.leading_tables import NAMES, tables
from inbox.text.dates import duration, table
from inbox.text.tables import Cell, Table

LONGEST = 3660
"""Days."""
WORDS = {"state": "channel_state", "hours": "web.board.hours", "survey": "survey.kind", "by": "survey.by"}


def board(
    ctx: typer.Context,
    days: Annotated[int, typer.Option(help="cli.report.board.option.days", min=1, max=LONGEST)] = 30,
    only: Annotated[str, typer.Option("--table", help="cli.report.board.option.table", metavar="TABLE")] = "",
) -> None:
    """The same numbers as on the page `/board`."""
    context = of(ctx)
    if only and only not in NAMES:
        known = ", ".join(NAMES)
        raise typer.BadParameter(context.say("cli.report.board.no_such_table", name=only, known=known))
    found = context.store.read_now(read, context.zone, days, context.now())
    shown = {name: one for name, one in tables(found).items() if only in ("", name)}
    _PRINT[context.chosen.format](context, shown, found.since, found.now)


def _json(context: Context, shown: Mapping[str, Table], since: datetime, until: datetime) -> None:
    context.printer.document({"since": since, "until": until, **{name: t.documents for name, t in shown.items()}})


def _csv(context: Context, shown: Mapping[str, Table], _since: datetime, _until: datetime) -> None:
    if len(shown) > 1:
        raise typer.BadParameter(context.say("cli.report.board.one_table", known=", ".join(NAMES)))
    for one in shown.values():
        context.printer.csv(one)


def _markdown(context: Context, shown: Mapping[str, Table], since: datetime, until: datetime) -> None:
    times = {
        "since": table(since, context.language, context.zone),
        "until": table(until, context.language, context.zone),
    }
    context.printer.line(f"# {context.say('cli.report.board.period', **times)}")
    for name, one in shown.items():
        context.printer.line(f"\n## {context.say(f'web.board.table.{name}')}\n\n{one.markdown}".rstrip("\n"))


def _text(context: Context, shown: Mapping[str, Table], since: datetime, until: datetime) -> None:
    times = {
        "since": table(since, context.language, context.zone),
        "until": table(until, context.language, context.zone),
    }
    context.printer.line(context.say("cli.report.board.period", **times))
    for name, one in shown.items():
        context.printer.line(f"\n{context.say(f'web.board.table.{name}')}")
        rows = [{key: _told(context, key, cell) for key, cell in row.items()} for row in one.raw]
        context.printer.rows(one.columns, rows, {key: word for key, word in WORDS.items() if key in one.columns})


def _told(context: Context, column: str, cell: Cell) -> object:
    """Shares and spans as people read them; a count of nothing is a number too."""
    if cell is None or isinstance(cell, bool | str | datetime):
        return cell
    if column in ("rate", "low", "high", "satisfied", "response_rate"):
        return context.say("cli.report.share", share=round(cell * 100, 1))
    if column.endswith("_seconds"):
        return duration(cell, context.language)
    return context.say("cli.report.count", n=cell)


_PRINT: Mapping[Format, Callable[[Context, Mapping[str, Table], datetime, datetime], None]] = {
    Format.TEXT: _text,
    Format.JSON: _json,
    Format.CSV: _csv,
    Format.MD: _markdown,
}
