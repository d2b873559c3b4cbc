"""`inbox escalate`, `callback`, `decline`: turning to a lead, a call that a customer wishes for, and who wants nothing told unasked."""

from typing import Annotated

import typer

from inbox.cli.acting import act
from inbox.cli.context import of
from inbox.cli.conversations import Ref
from inbox.cli.tasks import For


def add(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("escalate", help="cli.escalate.help")(escalate)
    app.command("callback", help="cli.callback.help")(callback)
    app.command("decline", help="cli.decline.help")(decline)
    app.command("undecline", help="cli.undecline.help")(undecline)


def escalate(
    ctx: typer.Context,
    reference: Ref,
    reason: Annotated[str, typer.Argument(help="cli.escalate.argument.reason", metavar="[REASON]")] = "",
    keep: Annotated[bool, typer.Option("--keep", help="cli.escalate.option.keep")] = False,
    to: Annotated[str, typer.Option("--to", help="cli.escalate.option.to", metavar="AGENT")] = "",
) -> None:
    """To a lead, who is told its history."""
    act(of(ctx), "escalate", reference, {"reason": reason, "keep": keep, "to": to})


def callback(
    ctx: typer.Context,
    reference: Ref,
    number: Annotated[str, typer.Argument(help="cli.callback.argument.number", metavar="NUMBER")],
    hours: Annotated[str, typer.Argument(help="cli.callback.argument.hours", metavar="[HOURS]")] = "",
    agent: For = "",
) -> None:
    """The customer wishes to be called."""
    act(of(ctx), "callback", reference, {"number": number, "hours": hours, "agent": agent})


def decline(ctx: typer.Context, reference: Ref) -> None:
    """Its customer wants nothing told unasked."""
    act(of(ctx), "decline", reference, {})


def undecline(ctx: typer.Context, reference: Ref) -> None:
    """Its customer does again."""
    act(of(ctx), "undecline", reference, {})
