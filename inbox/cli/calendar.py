"""`inbox calendar`: when we work, month by month, and days on which we suddenly do not."""

from datetime import date, timedelta
from typing import Annotated

import typer

from inbox.cli.context import Context, of
from inbox.domain.people import Closure
from inbox.domain.problems import Problem
from inbox.sla.hours import ZERO, Calendar
from inbox.sla.hours_file import told_span
from inbox.sla.walk import Note, noted
from inbox.store.closures import close, take_back
from inbox.text.dates import day_of, day_table, duration, parse_day
from inbox.text.fold import persian_digits
from inbox.text.months import Month, begins_week, month_of, parse_month

COLUMNS = ("day", "date", "open", "working", "note")
FARTHEST = timedelta(days=366)
"""A closure farther away than this is a slip of the pen: what is known so early belongs into the file."""

Day = Annotated[str, typer.Argument(help="cli.calendar.argument.day", metavar="DATE")]
Named = Annotated[str, typer.Option("--hours", help="cli.calendar.option.hours", metavar="NAME")]


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="cli.calendar.help")
    group.command("show", help="cli.calendar.show.help")(show)
    group.command("close", help="cli.calendar.close.help")(shut)
    group.command("open", help="cli.calendar.open.help")(reopen)
    app.add_typer(group, name="calendar")


def show(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="cli.calendar.argument.name", metavar="NAME")] = "",
    month: Annotated[str, typer.Option(help="cli.calendar.option.month", metavar="MONTH")] = "",
) -> None:
    """One month of one calendar, day by day, its weeks apart."""
    context = of(ctx)
    calendar = _calendar(context, name or context.settings.promise.hours)
    wanted = _month(month) if month else month_of(calendar.local(context.now()).date(), context.language)
    rows = [_row(calendar, day) for day in wanted.days()]
    if context.printer.json:
        hours = calendar.hours
        context.printer.document(
            {
                "hours": hours.name,
                "zone": hours.zone,
                "version": hours.version,
                "month": f"{wanted.year:04}-{wanted.number:02}",
                "days": rows,
            }
        )
        return
    title = wanted.title(context.language)
    context.printer.line(
        context.say("cli.calendar.title", hours=calendar.hours.name, month=title, zone=calendar.hours.zone)
    )
    days = wanted.days()
    gaps = {number for number, day in enumerate(days) if number and begins_week(day, context.language)}
    context.printer.rows(COLUMNS, [_worded(context, day, row) for day, row in zip(days, rows, strict=True)], gaps=gaps)


def shut(
    ctx: typer.Context,
    day: Day,
    reason: Annotated[str, typer.Option(help="cli.calendar.option.reason")],
    hours: Named = "",
) -> None:
    """Nobody works on a day, though the calendar says so: at once, and for all clocks that run."""
    context = of(ctx)
    on = _day(day)
    if abs(on - context.now().date()) > FARTHEST:
        raise Problem("cli.calendar.far", day=day_of(on, context.language), most=FARTHEST.days)
    if not reason.strip():
        raise Problem("cli.calendar.no_reason")
    if hours and _calendar(context, hours).hours.always:
        raise Problem("cli.calendar.always", hours=hours)
    context.store.write_now(close, Closure(on, " ".join(reason.split()), hours), context.now())
    context.printer.done("cli.calendar.closed", day=_told(context, on), reason=reason.strip())


def reopen(ctx: typer.Context, day: Day, hours: Named = "") -> None:
    """Take closures of a day back; what stands in the file is changed there."""
    context = of(ctx)
    on = _day(day)
    if hours:
        _calendar(context, hours)
    if context.store.write_now(take_back, on, hours or None, context.now()):
        context.printer.done("cli.calendar.opened", day=_told(context, on))
        return
    for one in context.playbook().calendars.values():
        if on in one.hours.closures and hours in ("", one.hours.name):
            general = any(c.day == on and not c.hours for c in context.roster().closures)
            key = "cli.calendar.closed_for_all" if general else "cli.calendar.in_file"
            raise Problem(key, day=day_of(on, context.language), hours=one.hours.name)
    raise Problem("cli.calendar.not_closed", day=day_of(on, context.language))


def _calendar(context: Context, name: str) -> Calendar:
    calendars = context.playbook().calendars
    if name not in calendars:
        raise Problem("cli.calendar.unknown", name=name, known=", ".join(sorted(calendars)) or "-")
    return calendars[name]


def _month(typed: str) -> Month:
    found = parse_month(typed)
    if found is None:
        raise Problem("cli.calendar.not_a_month", value=typed)
    return found


def _day(typed: str) -> date:
    found = parse_day(typed)
    if found is None:
        raise Problem("cli.not_a_day", value=typed)
    return found


def _told(context: Context, day: date) -> str:
    return day.isoformat() if context.printer.json else day_of(day, context.language)


def _row(calendar: Calendar, day: date) -> dict[str, object]:
    kind, name = noted(calendar, day)
    working = sum((until - since for since, until in calendar.open_intervals(day)), ZERO)
    return {
        "date": day.isoformat(),
        "jalali": day_table(day, jalali=True),
        "open": [told_span(span) for span in calendar.hours.spans(day)],
        "minutes": int(working.total_seconds() // 60),
        "kind": kind.value,
        "name": name,
        "estimated": kind is Note.ESTIMATED_HOLIDAY
        or (day in calendar.hours.holidays and calendar.hours.holidays[day].estimated),
    }


def _worded(context: Context, day: date, row: dict[str, object]) -> dict[str, object]:
    spans, minutes = row["open"], row["minutes"]
    assert isinstance(spans, list)
    assert isinstance(minutes, int)
    kind = Note(str(row["kind"]))
    told = "" if kind is Note.OPEN else context.say(f"sla_day.{kind.value}", name=row["name"])
    shaky = row["estimated"] and kind is Note.HALF_DAY
    other = row["date"] if context.language == "fa" else row["jalali"]
    stretches = "  ".join(str(span) for span in spans)
    return {
        "day": day_of(day, context.language, year=False),
        "date": other,
        "open": persian_digits(stretches) if context.language == "fa" else stretches,
        "working": duration(minutes * 60, context.language) if minutes else "",
        "note": context.say("cli.calendar.may_move", told=told) if shaky else told,
    }
