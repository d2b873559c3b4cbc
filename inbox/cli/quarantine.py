"""`inbox quarantine`: arrivals that could not be received, or wait for somebody's word."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from inbox.cli.context import Context, of
from inbox.domain.ids import ArrivalId
from inbox.domain.problems import Problem
from inbox.pipeline.outcome import recall
from inbox.store import arrivals

COLUMNS = ("id", "channel", "received_at", "size", "verdict", "reason")
Id = Annotated[int, typer.Argument(help="cli.argument.arrival", metavar="ID")]


def add(app: typer.Typer) -> None:
    """Add the group; without a word it lists."""
    group = typer.Typer(help="cli.quarantine.help", invoke_without_command=True)
    group.callback()(listed)
    group.command("retry", help="cli.quarantine.retry.help")(retry)
    group.command("ignore", help="cli.quarantine.ignore.help")(ignore)
    group.command("raw", help="cli.quarantine.raw.help")(raw)
    app.add_typer(group, name="quarantine")


def listed(ctx: typer.Context) -> None:
    """The quarantined and the held, newest first."""
    if ctx.invoked_subcommand is not None:
        return
    context = of(ctx)
    found = context.store.read_now(arrivals.apart)
    context.printer.rows(COLUMNS, [_row(context, one) for one in found])
    if not found:
        context.printer.line(context.say("cli.quarantine.empty"))


def _row(context: Context, one: arrivals.Apart) -> dict[str, object]:
    problem = recall(one.reason)
    return {**asdict(one), "reason": context.told(problem) if problem is not None else one.reason}


def retry(ctx: typer.Context, id: Id) -> None:
    """Receive it again: after an update, or after what was wrong is mended."""
    context = of(ctx)
    if not context.store.write_now(arrivals.retry, ArrivalId(id)):
        raise Problem("cli.no_such_arrival", id=str(id))
    context.printer.done("cli.quarantine.retried", id=str(id))


def ignore(ctx: typer.Context, id: Id) -> None:
    """It is not worth a conversation; its bytes stay."""
    context = of(ctx)
    if not context.store.write_now(arrivals.ignore, ArrivalId(id), "ignored.by_hand", context.now()):
        raise Problem("cli.no_such_arrival", id=str(id))
    context.printer.done("cli.quarantine.ignored", id=str(id))


def raw(
    ctx: typer.Context, id: Id, to: Annotated[Path, typer.Argument(help="cli.quarantine.argument.to", metavar="FILE")]
) -> None:
    """Write its bytes, untouched, into a new file."""
    context = of(ctx)
    found = context.store.read_now(arrivals.one, ArrivalId(id))
    if found is None:
        raise Problem("cli.no_such_arrival", id=str(id))
    content = found.raw if found.raw is not None else context.blobs.read(found.blob or "")
    try:
        with to.open("xb") as file:
            file.write(content)
    except OSError as error:
        raise Problem("cli.file_not_written", path=to, reason=error.strerror or type(error).__name__) from error
    context.printer.done("cli.quarantine.written", id=str(id), path=str(to))
