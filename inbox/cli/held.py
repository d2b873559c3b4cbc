"""`inbox held`: words that came in an agent's name without proof, until that agent confirms them or somebody puts them away."""

from typing import Annotated

import typer

from inbox.cli.context import Context, of
from inbox.domain.ids import ArrivalId
from inbox.domain.problems import Problem
from inbox.pipeline.held import confirm as confirm_words
from inbox.pipeline.held import give_up
from inbox.store import agent_words, conversations
from inbox.store.agent_words import Held
from inbox.text.excerpts import LISTED, excerpt
from inbox.text.references import normalise

COLUMNS = ("id", "received_at", "agent", "reference", "channel", "reason", "words")
Id = Annotated[int, typer.Argument(help="cli.held.argument.id", metavar="ID")]


def add(app: typer.Typer) -> None:
    """Add the group; without a word it lists."""
    group = typer.Typer(help="cli.held.help", invoke_without_command=True)
    group.callback()(listed)
    group.command("confirm", help="cli.held.confirm.help")(confirm)
    group.command("drop", help="cli.held.drop.help")(drop)
    app.add_typer(group, name="held")


def listed(
    ctx: typer.Context, mine: Annotated[bool, typer.Option("--mine", help="cli.held.option.mine")] = False
) -> None:
    """What waits, the newest first, each with its reason."""
    if ctx.invoked_subcommand is not None:
        return
    context = of(ctx)
    found = context.store.read_now(agent_words.held, context.acting().id if mine else None)
    context.printer.rows(COLUMNS, [_row(context, one) for one in found])
    if not found:
        context.printer.line(context.say("cli.held.empty"))


def _row(context: Context, one: Held) -> dict[str, object]:
    plain = context.printer.json
    return {
        "id": one.arrival,
        "received_at": one.at,
        "agent": one.agent or "-",
        "reference": one.reference or "-",
        "channel": one.channel,
        "reason": one.reason if plain else context.say(one.reason),
        "words": one.words if plain else excerpt(one.words, LISTED),
    }


def confirm(
    ctx: typer.Context,
    id: Id,
    reference: Annotated[str, typer.Option("--in", help="cli.held.option.in", metavar="REF")] = "",
) -> None:
    """They are mine: do what they say."""
    context = of(ctx)
    agent, matter = context.acting(), None
    if reference:
        matter = context.store.read_now(conversations.by_reference, normalise(reference) or reference)
        if matter is None:
            raise Problem("cli.no_such_conversation", reference=reference)
    context.store.write_now(confirm_words, ArrivalId(id), agent, matter)
    context.printer.done("cli.held.confirmed", id=str(id))


def drop(ctx: typer.Context, id: Id) -> None:
    """Nobody says them; their bytes stay."""
    context = of(ctx)
    agent = None if context.chosen.agent is None else context.acting()
    context.store.write_now(give_up, ArrivalId(id), agent, context.now())
    context.printer.done("cli.held.dropped", id=str(id))
