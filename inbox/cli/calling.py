"""`inbox call` and `inbox warn`: a call is logged, and somebody is asked for courtesy, from the command line."""

from pathlib import Path
from typing import Annotated

import typer

from inbox.actions.action import Doing, Done, Surface
from inbox.actions.registry import perform
from inbox.actions.writing import NOWHERE
from inbox.cli.acting import Once, act, told
from inbox.cli.attached import enclosed
from inbox.cli.context import Context, of
from inbox.cli.conversations import Ref
from inbox.store.unit import Unit


def add(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("call", help="cli.call.help")(call)
    app.command("warn", help="cli.warn.help")(warn)


def call(
    ctx: typer.Context,
    reference: Annotated[str, typer.Argument(help="cli.call.argument.reference", metavar="[REFERENCE]")] = "",
    number: Annotated[str, typer.Option(help="cli.call.option.number", metavar="NUMBER")] = "",
    out: Annotated[bool, typer.Option("--out/--in", help="cli.call.option.out")] = False,
    outcome: Annotated[
        str, typer.Option(help="cli.call.option.outcome", metavar="answered|missed|busy|voicemail")
    ] = "answered",
    length: Annotated[str, typer.Option(help="cli.call.option.length", metavar="LENGTH")] = "",
    ago: Annotated[str, typer.Option(help="cli.call.option.ago", metavar="MINUTES")] = "",
    name: Annotated[str, typer.Option(help="cli.call.option.name", metavar="NAME")] = "",
    text: Annotated[str, typer.Option(help="cli.call.option.text", metavar="TEXT")] = "",
    recording: Annotated[Path | None, typer.Option(help="cli.call.option.recording", metavar="FILE")] = None,
    channel: Annotated[str, typer.Option(help="cli.matters.option.channel", metavar="CHANNEL")] = "",
    once: Once = "",
) -> None:
    """Log a call, in a conversation or wherever the number belongs."""
    arguments: dict[str, object] = {
        "conversation": reference,
        "way": "out" if out else "in",
        "outcome": outcome,
        "number": number,
        "length": length,
        "ago": ago,
        "name": name,
        "text": text,
        "channel": channel,
        "files": enclosed([recording] if recording else []),
    }
    context = of(ctx)
    told(context, _logged(context, arguments, once))


def _logged(context: Context, arguments: dict[str, object], once: str) -> Done:
    agent, book = context.acting(), context.playbook()

    def unit(unit: Unit) -> Done:
        return perform(unit, "call", arguments, Doing(agent, NOWHERE, Surface.CLI, book, context.now()), once=once)

    return context.store.write_now(unit)


def warn(ctx: typer.Context, reference: Ref) -> None:
    """Ask the customer for courtesy."""
    act(of(ctx), "warn", reference, {})
