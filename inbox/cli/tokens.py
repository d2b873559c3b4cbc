"""`inbox tokens`: what programs show to read, and to act as an agent, by the API."""

from datetime import datetime
from typing import Annotated

import typer

from inbox.cli.context import Context, of
from inbox.domain.access import Access, Reach
from inbox.domain.ids import AccessId
from inbox.domain.people import Roster
from inbox.pipeline import access as verbs
from inbox.store import access
from inbox.web import session

COLUMNS = ("id", "name", "agent", "reach", "teams", "created", "expires", "used", "state")


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="cli.tokens.help")
    group.command("add", help="cli.tokens.add.help")(put)
    group.command("list", help="cli.tokens.list.help")(listed)
    group.command("revoke", help="cli.tokens.revoke.help")(revoke)
    app.add_typer(group, name="tokens")


def put(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="cli.tokens.argument.name")],
    agent: Annotated[str, typer.Option(help="cli.tokens.option.agent", metavar="HANDLE")] = "",
    write: Annotated[bool, typer.Option("--write", help="cli.tokens.option.write")] = False,
    admin: Annotated[bool, typer.Option("--admin", help="cli.tokens.option.admin")] = False,
    team: Annotated[list[str] | None, typer.Option(help="cli.tokens.option.team")] = None,
    until: Annotated[str, typer.Option(help="cli.tokens.option.until", metavar="WHEN")] = "",
) -> None:
    """A token, shown this once: only a digest of it is kept."""
    context, token = of(ctx), verbs.MARK + session.fresh()
    wanted = ((Reach.WRITE, write), (Reach.ADMIN, admin))
    reach = [Reach.READ, *(one for one, chosen in wanted if chosen)]
    now = context.now()
    expires = verbs.ends(until, now.astimezone(context.zone))
    limits = tuple(team or ())
    context.store.write_now(verbs.grant, token, name, agent, reach, limits, expires, context.by(), now)
    context.printer.done("cli.tokens.added", name=name, token=token)


def listed(ctx: typer.Context) -> None:
    """All of them, those that stand no more too; never the tokens themselves."""
    context = of(ctx)
    roster, now = context.roster(), context.now()
    rows = [_row(one, roster, now) for one in context.store.read_now(access.every)]
    context.printer.rows(COLUMNS, rows, {"state": "access.state"})
    if not rows:
        context.printer.line(context.say("cli.tokens.none"))


def revoke(ctx: typer.Context, id: Annotated[int, typer.Argument(help="cli.tokens.argument.id", metavar="ID")]) -> None:
    """It opens nothing from now on."""
    context: Context = of(ctx)
    gone = context.store.write_now(verbs.revoke, AccessId(id), context.by(), context.now())
    context.printer.done("cli.tokens.revoked", name=gone.name)


def _row(one: Access, roster: Roster, now: datetime) -> dict[str, object]:
    agent = roster.agent_by_id(one.agent) if one.agent else None
    state = "revoked" if one.revoked_at else "stands" if one.stands(now) else "over"
    return {
        "id": one.id,
        "name": one.name,
        "agent": agent.handle if agent else None,
        "reach": [reach.value for reach in one.reach],
        "teams": [team.name for team in roster.teams if one.teams and team.id in one.teams],
        "created": one.created_at,
        "expires": one.expires_at,
        "used": one.used_at,
        "state": "disabled" if state == "stands" and agent is not None and agent.disabled else state,
    }
