"""`inbox absences`: when an agent is away."""

from typing import Annotated

import typer

from inbox.cli.agents import FromFile, handles
from inbox.cli.context import of
from inbox.cli.seeds import seed
from inbox.domain.people import Absence
from inbox.pipeline.staff import add_absence
from inbox.pipeline.week import whole_days


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
    context.store.write_now(add_absence, Absence(known.id, start, end, reason), context.by(), context.now())
    context.printer.done("cli.absences.added", handle=known.handle)


def listed(ctx: typer.Context) -> None:
    """All absences, by their start."""
    context = of(ctx)
    rows = [
        {"agent": handles(context, (one.agent,))[0], "from": one.start, "until": one.end, "reason": one.reason}
        for one in context.roster().absences
    ]
    context.printer.rows(("agent", "from", "until", "reason"), rows)
