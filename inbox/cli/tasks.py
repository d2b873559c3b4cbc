"""`inbox tasks`: what is to be done in conversations by when and by whom; that it is done, moved, or what came of a call."""

from typing import Annotated

import typer

from inbox.cli.acting import act
from inbox.cli.context import Context, of
from inbox.cli.conversations import Ref, scope
from inbox.domain.ids import TaskId
from inbox.domain.people import Roster
from inbox.domain.problems import Problem
from inbox.store import conversations, people, tasks
from inbox.store.tasks import Task
from inbox.store.unit import Unit

COLUMNS = ("id", "reference", "due_at", "agent", "text")

Number = Annotated[int, typer.Argument(help="cli.tasks.argument.id", metavar="ID")]
By = Annotated[str, typer.Argument(help="cli.tasks.argument.by")]
For = Annotated[str, typer.Option("--for", help="cli.tasks.option.for", metavar="AGENT")]


def add(app: typer.Typer) -> None:
    """Add the group; without a word it lists."""
    group = typer.Typer(help="cli.tasks.help", invoke_without_command=True)
    group.callback()(listed)
    group.command("add", help="cli.tasks.add.help")(new)
    group.command("move", help="cli.tasks.move.help")(move)
    group.command("called", help="cli.tasks.called.help")(called)
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
    roster = context.store.read_now(people.roster)
    context.printer.rows(COLUMNS, [_row(one, roster) for one in found])
    if not found:
        context.printer.line(context.say("cli.tasks.empty"))


def new(
    ctx: typer.Context,
    reference: Ref,
    text: Annotated[str, typer.Argument(help="cli.tasks.argument.text")],
    by: By,
    agent: For = "",
    before: Annotated[str, typer.Option("--before", help="cli.tasks.option.before", metavar="TIME")] = "",
) -> None:
    """To be done in a conversation by a time."""
    act(of(ctx), "task", reference, {"text": text, "by": by, "agent": agent, "before": before})


def move(ctx: typer.Context, id: Number, by: By, agent: For = "") -> None:
    """It is due at another time, or is another agent's."""
    context = of(ctx)
    act(context, "task_move", _reference(context, id), {"task": id, "by": by, "agent": agent})


def called(
    ctx: typer.Context,
    id: Number,
    reached: Annotated[bool, typer.Option("--reached/--not-reached", help="cli.tasks.option.reached")] = True,
) -> None:
    """What came of a call."""
    context = of(ctx)
    outcome = "reached" if reached else "not_reached"
    act(context, "called", _reference(context, id), {"task": id, "outcome": outcome})


def done(ctx: typer.Context, id: Number) -> None:
    """It is done."""
    context = of(ctx)
    act(context, "task_done", _reference(context, id), {"task": id})


def _row(one: Task, roster: Roster) -> dict[str, object]:
    agent = "" if one.agent is None else roster.called(one.agent)
    return {name: getattr(one, name) for name in COLUMNS} | {"agent": agent}


def _reference(context: Context, id: int) -> str:
    def read(unit: Unit) -> str:
        found = tasks.one(unit, TaskId(id))
        if found is None:
            raise Problem("cli.no_such_task", id=str(id))
        return conversations.peek(unit, found.conversation).reference

    return context.store.read_now(read)
