"""`inbox tasks`: what is to be done in conversations by when, and the word that it is done."""

from typing import Annotated

import typer

from inbox.cli.acting import act
from inbox.cli.context import Context, of
from inbox.cli.conversations import Ref, scope
from inbox.domain.ids import TaskId
from inbox.domain.problems import Problem
from inbox.store import conversations, tasks
from inbox.store.unit import Unit

COLUMNS = ("id", "reference", "due_at", "text")


def add(app: typer.Typer) -> None:
    """Add the group; without a word it lists."""
    group = typer.Typer(help="cli.tasks.help", invoke_without_command=True)
    group.callback()(listed)
    group.command("add", help="cli.tasks.add.help")(new)
    group.command("done", help="cli.tasks.done.help")(done)
    app.add_typer(group, name="tasks")


def listed(
    ctx: typer.Context,
    mine: Annotated[bool, typer.Option("--mine", help="cli.tasks.option.mine")] = False,
    most: Annotated[int, typer.Option("--limit", min=1, max=1000, help="cli.option.limit")] = 100,
) -> None:
    """What is not done, what is due first before the rest."""
    if ctx.invoked_subcommand is not None:
        return
    context = of(ctx)
    whose = context.acting().id if mine else None
    found = context.store.read_now(tasks.listing, scope(context), assignee=whose, most=most)
    context.printer.rows(COLUMNS, [{name: getattr(one, name) for name in COLUMNS} for one in found])
    if not found:
        context.printer.line(context.say("cli.tasks.empty"))


def new(
    ctx: typer.Context,
    reference: Ref,
    text: Annotated[str, typer.Argument(help="cli.tasks.argument.text")],
    by: Annotated[str, typer.Argument(help="cli.tasks.argument.by")],
) -> None:
    """To be done in a conversation by a time."""
    act(of(ctx), "task", reference, {"text": text, "by": by})


def done(ctx: typer.Context, id: Annotated[int, typer.Argument(help="cli.tasks.argument.id", metavar="ID")]) -> None:
    """It is done."""
    context = of(ctx)
    act(context, "task_done", _reference(context, id), {"task": id})


def _reference(context: Context, id: int) -> str:
    def read(unit: Unit) -> str:
        found = tasks.one(unit, TaskId(id))
        if found is None:
            raise Problem("cli.no_such_task", id=str(id))
        return conversations.peek(unit, found.conversation).reference

    return context.store.read_now(read)
