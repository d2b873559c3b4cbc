"""`inbox teams`: agents who share a queue."""

from typing import Annotated

import typer

from inbox.cli.agents import FromFile, handles
from inbox.cli.context import of
from inbox.cli.seeds import seed
from inbox.pipeline.staff import put_team


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="cli.teams.help")
    group.command("add", help="cli.teams.add.help")(put)
    group.command("list", help="cli.teams.list.help")(listed)
    app.add_typer(group, name="teams")


def put(
    ctx: typer.Context,
    name: Annotated[str | None, typer.Argument(help="cli.teams.argument.name")] = None,
    title: Annotated[str, typer.Option(help="cli.teams.option.title")] = "",
    member: Annotated[list[str] | None, typer.Option(help="cli.teams.option.member")] = None,
    source: FromFile = None,
) -> None:
    """Add a team, or change the title and members of the one of that name."""
    context = of(ctx)
    if seed(context, source, name):
        return
    assert name is not None
    members = [context.agent(handle).id for handle in member or ()]
    context.store.write_now(put_team, name, title or name, members, context.by(), context.now())
    context.printer.done("cli.teams.added", name=name)


def listed(ctx: typer.Context) -> None:
    """Every team with its members."""
    context = of(ctx)
    teams = context.roster().teams
    rows = [{"name": team.name, "title": team.title, "members": handles(context, team.members)} for team in teams]
    context.printer.rows(("name", "title", "members"), rows)
