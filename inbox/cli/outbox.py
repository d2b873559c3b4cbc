"""`inbox outbox`: what is on its way out, and what a person decides about a delivery that is stuck."""

from dataclasses import asdict
from typing import Annotated

import typer

from inbox.cli.acting import act
from inbox.cli.context import Context, of
from inbox.domain.deliveries import DeliveryState
from inbox.domain.ids import DeliveryId
from inbox.domain.problems import Problem
from inbox.pipeline.outcome import recall
from inbox.pipeline.stuck import decide
from inbox.store import conversations, deliveries, outbox
from inbox.store.unit import Unit

COLUMNS = ("id", "reference", "channel", "purpose", "lane", "state", "not_before", "attempts", "error")
WORDS = {"state": "delivery", "purpose": "purpose"}
Id = Annotated[int, typer.Argument(help="cli.argument.delivery", metavar="ID")]


def add(app: typer.Typer) -> None:
    """Add the group; without a word it lists."""
    group = typer.Typer(help="cli.outbox.help", invoke_without_command=True)
    group.callback()(listed)
    group.command("retry", help="cli.outbox.retry.help")(retry)
    group.command("drop", help="cli.outbox.drop.help")(drop)
    group.command("sent", help="cli.outbox.sent.help")(sent)
    group.command("cancel", help="cli.outbox.cancel.help")(cancel)
    group.command("resend", help="cli.outbox.resend.help")(resend)
    app.add_typer(group, name="outbox")


def listed(
    ctx: typer.Context,
    state: Annotated[list[DeliveryState] | None, typer.Option(help="cli.outbox.option.state")] = None,
) -> None:
    """What is not final, what failed, and what nobody knows."""
    if ctx.invoked_subcommand is not None:
        return
    context = of(ctx)
    lines = context.store.read_now(outbox.lines, tuple(state or outbox.LIVE))
    context.printer.rows(COLUMNS, [_row(context, line) for line in lines], WORDS)
    if not lines:
        context.printer.line(context.say("cli.outbox.empty"))


def _row(context: Context, line: outbox.Line) -> dict[str, object]:
    problem = recall(line.error)
    told = context.told(problem) if problem is not None else line.error
    return {**asdict(line), "error": told}


def retry(ctx: typer.Context, id: Id) -> None:
    """Send it once more: for what failed, was parked or is unknown. It may reach the customer twice."""
    _decide(of(ctx), id, DeliveryState.QUEUED)


def drop(ctx: typer.Context, id: Id) -> None:
    """Do not send it; a reply that is dropped counts as not given."""
    _decide(of(ctx), id, DeliveryState.DROPPED)


def sent(ctx: typer.Context, id: Id) -> None:
    """It did arrive: somebody knows, though the network never said so."""
    _decide(of(ctx), id, DeliveryState.SENT)


def cancel(ctx: typer.Context, id: Id) -> None:
    """Hold it back before it leaves; a reply that is cancelled counts as not given."""
    _decide(of(ctx), id, DeliveryState.CANCELLED)


def resend(
    ctx: typer.Context,
    id: Id,
    to: Annotated[str, typer.Argument(help="cli.outbox.argument.to", metavar="ADDRESS")],
) -> None:
    """Say the same again to a corrected address."""
    context = of(ctx)
    act(context, "resend", _reference(context, id), {"delivery": id, "to": to})


def _reference(context: Context, id: int) -> str:
    def read(unit: Unit) -> str:
        delivery = deliveries.one(unit, DeliveryId(id))
        if delivery is None:
            raise Problem("cli.no_such_delivery", id=str(id))
        return conversations.peek(unit, delivery.conversation).reference

    return context.store.read_now(read)


def _decide(context: Context, id: int, to: DeliveryState) -> None:
    book = context.playbook()
    before = context.store.write_now(decide, DeliveryId(id), to, book, context.now())
    context.printer.done("cli.outbox.moved", id=str(id), before=before.value, now=to.value)
