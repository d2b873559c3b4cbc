"""`inbox shifts`: when an agent is on duty."""

from typing import Annotated

import typer

from inbox.cli.agents import FromFile, handles
from inbox.cli.context import of
from inbox.cli.seeds import seed
from inbox.domain.people import Shift
from inbox.pipeline.staff import clear_shifts, put_shifts
from inbox.pipeline.week import NAMES, days, hours
from inbox.text.months import in_week


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="cli.shifts.help")
    group.command("add", help="cli.shifts.add.help")(put)
    group.command("list", help="cli.shifts.list.help")(listed)
    group.command("clear", help="cli.shifts.clear.help")(clear)
    app.add_typer(group, name="shifts")


def put(
    ctx: typer.Context,
    agent: Annotated[str | None, typer.Argument(help="cli.argument.handle")] = None,
    on: Annotated[str, typer.Argument(help="cli.shifts.argument.on")] = "sat-wed",
    span: Annotated[str, typer.Argument(help="cli.shifts.argument.span")] = "08:30-17:00",
    zone: Annotated[str, typer.Option(help="cli.shifts.option.zone")] = "",
    source: FromFile = None,
) -> None:
    """Add weekly stretches of duty, the same on each of the days."""
    context = of(ctx)
    if seed(context, source, agent):
        return
    assert agent is not None
    start, end = hours(span)
    known = context.agent(agent)
    where = zone or context.settings.site.zone
    shifts = [Shift(known.id, weekday, start, end, where) for weekday in days(on)]
    context.store.write_now(put_shifts, shifts, context.by(), context.now())
    context.printer.done("cli.shifts.added", handle=known.handle, on=on, span=span)


def listed(ctx: typer.Context) -> None:
    """All shifts, by agent and weekday, as a week begins in the reader's language."""
    context = of(ctx)
    rows = [
        {
            "agent": handles(context, (shift.agent,))[0],
            "day": context.say(f"cli.day.{NAMES[shift.weekday]}") if not context.printer.json else NAMES[shift.weekday],
            "start": f"{shift.start:%H:%M}",
            "end": f"{shift.end:%H:%M}",
            "zone": shift.zone,
        }
        for shift in sorted(
            context.roster().shifts, key=lambda s: (s.agent, in_week(s.weekday, context.language), s.start)
        )
    ]
    context.printer.rows(("agent", "day", "start", "end", "zone"), rows)


def clear(ctx: typer.Context, agent: Annotated[str, typer.Argument(help="cli.argument.handle")]) -> None:
    """Take an agent off all shifts."""
    context = of(ctx)
    count = context.store.write_now(clear_shifts, context.agent(agent).id, context.by(), context.now())
    context.printer.done("cli.shifts.cleared", handle=agent, count=count)
