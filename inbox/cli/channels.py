"""`inbox channels`: how each stands, and the word that lets a first sync's acknowledgements go out."""

from dataclasses import asdict
from typing import Annotated

import typer

from inbox.cli.context import Context, of
from inbox.domain.ids import ChannelName
from inbox.domain.problems import Problem
from inbox.pipeline.outcome import recall
from inbox.store import channels

COLUMNS = ("name", "kind", "state", "state_at", "last_success_at", "problem")
WORDS = {"state": "channel_state"}


def add(app: typer.Typer) -> None:
    """Add the group; without a word it lists."""
    group = typer.Typer(help="cli.channels.help", invoke_without_command=True)
    group.callback()(listed)
    group.command("release", help="cli.channels.release.help")(release)
    group.command("silence", help="cli.channels.silence.help")(silence)
    app.add_typer(group, name="channels")


def listed(ctx: typer.Context) -> None:
    """Every channel that was ever configured, and what is wrong with it."""
    if ctx.invoked_subcommand is None:
        context = of(ctx)
        context.printer.rows(COLUMNS, [_row(context, one) for one in context.store.read_now(channels.seen)], WORDS)


def _row(context: Context, one: channels.ChannelRow) -> dict[str, object]:
    problem = recall(one.problem) if one.problem else None
    return {**asdict(one), "problem": context.told(problem) if problem is not None else one.problem}


Name = Annotated[str, typer.Argument(help="cli.argument.channel", metavar="CHANNEL")]


def release(ctx: typer.Context, name: Name) -> None:
    """The old mail of a first sync is to be acknowledged, all of it."""
    context = of(ctx)
    if not context.store.write_now(channels.release_first_sync, ChannelName(name)):
        raise Problem("cli.no_such_channel", name=name)
    context.printer.done("cli.channels.released", name=name)


def silence(ctx: typer.Context, name: Name) -> None:
    """The old mail of a first sync that still waits is stored without a word to anybody."""
    context = of(ctx)
    if context.store.read_now(channels.one, ChannelName(name)) is None:
        raise Problem("cli.no_such_channel", name=name)
    waiting = context.store.write_now(channels.silence_first_sync, ChannelName(name))
    context.printer.done("cli.channels.silenced", name=name, arrivals=waiting)
