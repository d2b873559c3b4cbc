"""`inbox desks`: where agents see conversations in chats, and what is not shown there as it should be."""

from typing import Annotated

import typer

from inbox.cli.context import Context, of
from inbox.domain.desks import Card, Desk
from inbox.domain.problems import Problem
from inbox.pipeline.outcome import recall
from inbox.store import cards, conversations, desks, posts
from inbox.store.unit import Unit

LISTED = ("desk", "agent", "channel", "chat", "cards", "behind", "problem")
SHOWN = ("reference", "title", "thread", "wanted", "shown", "doubtful", "problem")


def add(app: typer.Typer) -> None:
    """Add the group; without a word it lists."""
    group = typer.Typer(help="cli.desks.help", invoke_without_command=True)
    group.callback()(first)
    group.command("list", help="cli.desks.list.help")(listed)
    group.command("show", help="cli.desks.show.help")(show)
    app.add_typer(group, name="desks")


def first(ctx: typer.Context) -> None:
    """The list."""
    if ctx.invoked_subcommand is None:
        listed(ctx)


def listed(ctx: typer.Context) -> None:
    """Every desk with how many cards it has, how many are behind, and what is wrong."""
    context = of(ctx)
    context.printer.rows(LISTED, [_row(context, desk) for desk in context.store.read_now(desks.every)])


def show(
    ctx: typer.Context, name: Annotated[str, typer.Argument(help="cli.desks.argument.name", metavar="DESK")]
) -> None:
    """The newest cards of a desk, and posts that were given up."""
    context = of(ctx)
    found = [desk for desk in context.store.read_now(desks.every) if desk.name == name]
    if not found:
        raise Problem("cli.no_such_desk", name=name)
    shown = [card for desk in found for card in context.store.read_now(cards.of_desk, desk.id)]
    context.printer.rows(SHOWN, [context.store.read_now(_card, context, card) for card in shown])


def _row(context: Context, desk: Desk) -> dict[str, object]:
    mine = context.store.read_now(cards.of_desk, desk.id, 1_000)
    behind = [card for card in mine if card.shown < card.wanted]
    trouble = next((card.error for card in behind if card.error), "")
    handles = {agent.id: agent.handle for agent in context.roster().agents}
    return {
        "desk": desk.name,
        "agent": handles.get(desk.agent, "") if desk.agent else "",
        "channel": desk.channel,
        "chat": desk.chat or "-",
        "cards": len(mine),
        "behind": len(behind),
        "problem": _told(context, trouble),
    }


def _card(unit: Unit, context: Context, card: Card) -> dict[str, object]:
    given_up = next((post.error for post in posts.of_card(unit, card.id) if post.state == "failed"), "")
    return {
        "reference": conversations.peek(unit, card.conversation).reference,
        "title": card.title,
        "thread": card.thread,
        "wanted": card.wanted,
        "shown": card.shown,
        "doubtful": card.doubtful,
        "problem": _told(context, card.error or given_up),
    }


def _told(context: Context, error: str) -> str:
    problem = recall(error)
    return context.told(problem) if problem is not None else error
