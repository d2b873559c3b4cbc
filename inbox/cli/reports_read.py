"""`inbox report NAME`: each report as tables for people, Markdown, CSV or JSON; the numbers of the pages."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

import typer

from inbox.cli.context import Context, Format, of
from inbox.cli.period import AGO, instant
from inbox.domain.problems import Problem
from inbox.pipeline.reports import NAMES, report
from inbox.pipeline.reports_shape import Asked, Cell, Column, Report, ReportTable
from inbox.text.calendars import tongue
from inbox.text.dates import day_of, day_table, duration, table
from inbox.text.days import parse_day_in_words
from inbox.text.fold import latin_digits

DAYS = "30d"
_DIMENSIONS = ("team", "channel", "tag", "organization")


class Hours(StrEnum):
    """Which time durations count."""

    CALENDAR = "calendar"
    WORKING = "working"


Since = Annotated[str, typer.Option(help="cli.report.read.option.since", metavar="90d|DAY")]
Until = Annotated[str, typer.Option(help="cli.report.read.option.until", metavar="DAY")]
Team = Annotated[str, typer.Option(help="cli.report.read.option.team", metavar="TEAM")]
Channel = Annotated[str, typer.Option(help="cli.report.read.option.channel", metavar="CHANNEL")]
Tag = Annotated[str, typer.Option(help="cli.report.read.option.tag", metavar="TAG")]
Organization = Annotated[str, typer.Option(help="cli.report.read.option.organization", metavar="NAME")]
Counting = Annotated[Hours, typer.Option("--hours", help="cli.report.read.option.hours")]
Only = Annotated[str, typer.Option("--table", help="cli.report.read.option.table", metavar="TABLE")]


def add(group: typer.Typer) -> None:
    """Add a command for each report."""
    for name in NAMES:
        group.command(name, help=f"report.{name}.about")(_command(name))


def _command(name: str) -> Callable[..., None]:
    def read(
        ctx: typer.Context,
        since: Since = DAYS,
        until: Until = "",
        team: Team = "",
        channel: Channel = "",
        tag: Tag = "",
        organization: Organization = "",
        hours: Counting = Hours.CALENDAR,
        only: Only = "",
    ) -> None:
        context = of(ctx)
        first, last = _first(context, since), _last(context, until)
        asked = Asked(first, last + timedelta(days=1), team, channel, tag, organization, hours.value, context.language)
        found = context.store.read_now(report, name, asked, context.zone, context.now())
        _PRINT[context.chosen.format](context, found, _shown(context, found, only))

    return read


def _first(context: Context, typed: str) -> date:
    """A day in either calendar, or a span ago: of `30d` today is the last day."""
    if AGO.fullmatch(latin_digits(typed.strip())):
        began = instant(context, typed, context.now()).astimezone(context.zone).date()
        return min(began + timedelta(days=1), context.now().astimezone(context.zone).date())
    return _day(typed)


def _last(context: Context, typed: str) -> date:
    return _day(typed) if typed else context.now().astimezone(context.zone).date()


def _day(typed: str) -> date:
    found = parse_day_in_words(typed)
    if found is None:
        raise Problem("report.bad_day", value=typed)
    return found


def _shown(context: Context, found: Report, only: str) -> Sequence[ReportTable]:
    known = ", ".join(one.name for one in found.tables)
    shown = [one for one in found.tables if only in ("", one.name)]
    if not shown:
        raise typer.BadParameter(context.say("cli.report.read.no_such_table", name=only, known=known))
    if context.chosen.format is Format.CSV and len(shown) > 1:
        raise typer.BadParameter(context.say("cli.report.read.one_table", known=known))
    return shown


def _json(context: Context, found: Report, shown: Sequence[ReportTable]) -> None:
    asked = found.asked
    context.printer.document(
        {
            "report": found.name,
            "since": asked.since.isoformat(),
            "until": (asked.until - timedelta(days=1)).isoformat(),
            **{name: getattr(asked, name) or None for name in _DIMENSIONS},
            "hours": asked.hours,
            "zone": found.zone,
            "as_of": found.as_of,
            "days_a_row": found.steps,
            "tables": {one.name: {"n": one.n, "rows": one.plain.documents} for one in shown},
        }
    )


def _csv(context: Context, _found: Report, shown: Sequence[ReportTable]) -> None:
    for one in shown:
        context.printer.csv(one.plain)


def _markdown(context: Context, found: Report, shown: Sequence[ReportTable]) -> None:
    lines = [f"# {context.say(f'report.{found.name}')}", "", *_about(context, found)]
    for one in shown:
        lines += ["", f"## {context.say(f'report.table.{one.name}')} ({context.say('report.rests_on', n=one.n)})", ""]
        lines.append(one.plain.markdown.rstrip("\n"))
    for line in lines:
        context.printer.line(line)


def _text(context: Context, found: Report, shown: Sequence[ReportTable]) -> None:
    context.printer.line(context.say(f"report.{found.name}"))
    for line in _about(context, found):
        context.printer.line(line)
    for one in shown:
        title, n = context.say(f"report.table.{one.name}"), context.say("cli.report.count", n=one.n)
        context.printer.line(f"\n{title} ({context.say('report.rests_on', n=n)})")
        names = [column.name for column in one.columns]
        told = [[_told(context, c, x) for c, x in zip(one.columns, row, strict=True)] for row in one.rows]
        rows = [dict(zip(names, row, strict=True)) for row in told]
        context.printer.rows(names, rows, heads="report.column")


def _about(context: Context, found: Report) -> list[str]:
    """What the numbers are about, and up to when they are counted."""
    asked, say, language = found.asked, context.say, context.language
    days = {"since": day_of(asked.since, language), "until": day_of(asked.until - timedelta(days=1), language)}
    lines = [say(f"report.{found.name}.about")]
    lines.append(say("report.period", **days, zone=found.zone, hours=say(f"report.hours_mode.{asked.hours}")))
    some = [f"{say(f'report.column.{name}')} {x}" for name in _DIMENSIONS[:3] if (x := getattr(asked, name))]
    some += [asked.organization] if asked.organization else []
    lines += [say("report.only", what="; ".join(some))] if some else []
    at = found.as_of
    lines.append(
        say("report.being_counted") if at is None else say("report.as_of", at=table(at, language, context.zone))
    )
    return lines


def _told(context: Context, column: Column, cell: Cell) -> object:
    """A cell as people read it."""
    if cell is None:
        return context.say("report.more") if column.name == "upto" else None
    if isinstance(cell, date):
        return day_table(cell, jalali=tongue(context.language).jalali)
    if isinstance(cell, str):
        return context.say(f"{column.words}.{cell}") if column.words else cell or context.say("report.nobody")
    if column.kind == "share":
        return context.say("cli.report.share", share=round(cell * 100, 1))
    if column.kind == "seconds":
        return duration(cell, context.language)
    if column.kind == "weekday":
        return tongue(context.language).weekdays[int(cell)]
    return context.say("cli.report.count", n=cell)


_PRINT: Mapping[Format, Callable[[Context, Report, Sequence[ReportTable]], None]] = {
    Format.TEXT: _text,
    Format.JSON: _json,
    Format.CSV: _csv,
    Format.MD: _markdown,
}
