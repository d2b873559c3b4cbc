"""`inbox absences`: when an agent is away."""

from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from inbox.cli.agents import FromFile, handles
from inbox.cli.context import of
from inbox.cli.seeds import seed
from inbox.domain.people import Absence
from inbox.domain.problems import Problem
from inbox.store.people import add_absence
from inbox.text.dates import parse_day


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="cli.absences.help")
    group.command("add", help="cli.absences.add.help")(put)
    group.command("list", help="cli.absences.list.help")(listed)
    app.add_typer(group, name="absences")


def put(
    ctx: typer.Context,
    agent: Annotated[str | None, typer.Argument(help="cli.argument.handle")] = None,
    first: Annotated[str, typer.Argument(help="cli.absences.argument.first")] = "",
    last: Annotated[str, typer.Argument(help="cli.absences.argument.last")] = "",
    reason: Annotated[str, typer.Option(help="cli.absences.option.reason")] = "",
    source: FromFile = None,
) -> None:
    """Add whole days of absence, both included; a day alone is one day."""
    context = of(ctx)
    if seed(context, source, agent):
        return
    assert agent is not None
    start, end = whole_days(first, last or first, context.zone)
    known = context.agent(agent)
    context.store.write_now(add_absence, Absence(known.id, start, end, reason))
    context.printer.done("cli.absences.added", handle=known.handle)


def listed(ctx: typer.Context) -> None:
    """All absences, by their start."""
    context = of(ctx)
    rows = [
        {"agent": handles(context, (one.agent,))[0], "from": one.start, "until": one.end, "reason": one.reason}
        for one in context.roster().absences
    ]
    context.printer.rows(("agent", "from", "until", "reason"), rows)


def whole_days(first: str, last: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From the beginning of one day to the end of another, as typed in either calendar. Raises Problem."""
    start, end = _day(first), _day(last)
    if end < start:
        raise Problem("cli.ends_before", first=first, last=last)
    midnight = time(tzinfo=zone)
    return datetime.combine(start, midnight), datetime.combine(end + timedelta(days=1), midnight)


def _day(typed: str) -> date:
    found = parse_day(typed)
    if found is None:
        raise Problem("cli.not_a_day", value=typed)
    return found
