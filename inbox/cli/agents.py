"""`inbox agents`: who answers."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from inbox.cli.context import Context, of
from inbox.cli.seeds import seed
from inbox.domain.ids import AgentId
from inbox.domain.people import Agent
from inbox.pipeline import agent_chats, staff
from inbox.store.agent_links import LASTS
from inbox.store.entry import Purpose
from inbox.web import session

FromFile = Annotated[Path | None, typer.Option("--from", help="cli.option.from", metavar="FILE")]


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="cli.agents.help")
    group.command("add", help="cli.agents.add.help")(put)
    group.command("list", help="cli.agents.list.help")(listed)
    group.command("disable", help="cli.agents.disable.help")(disable)
    group.command("invite", help="cli.agents.invite.help")(invite)
    group.command("link", help="cli.agents.link.help")(link)
    group.command("unlink", help="cli.agents.unlink.help")(unlink)
    group.command("reset", help="cli.agents.reset.help")(reset)
    app.add_typer(group, name="agents")


def put(
    ctx: typer.Context,
    handle: Annotated[str | None, typer.Argument(help="cli.argument.handle")] = None,
    name: Annotated[str, typer.Option(help="cli.agents.option.name")] = "",
    address: Annotated[str, typer.Option(help="cli.agents.option.address")] = "",
    language: Annotated[str, typer.Option(help="cli.agents.option.language")] = "",
    speaks: Annotated[list[str] | None, typer.Option(help="cli.agents.option.speaks")] = None,
    skill: Annotated[list[str] | None, typer.Option(help="cli.agents.option.skill")] = None,
    capacity: Annotated[int | None, typer.Option(min=0, help="cli.agents.option.capacity")] = None,
    lead: Annotated[bool, typer.Option("--lead", help="cli.agents.option.lead")] = False,
    admin: Annotated[bool, typer.Option("--admin", help="cli.agents.option.admin")] = False,
    company: Annotated[str, typer.Option(help="cli.agents.option.company")] = "",
    source: FromFile = None,
) -> None:
    """Add an agent or change what is said of the one of that handle; a disabled one can answer again."""
    context = of(ctx)
    if seed(context, source, handle):
        return
    assert handle is not None
    said: dict[str, Any] = {
        "name": name,
        "address": address,
        "language": language,
        "languages": tuple(speaks or ((language,) if language else ())),
        "skills": tuple(skill or ()),
        "capacity": capacity,
        "lead": lead,
        "admin": admin,
        "company": company,
    }
    known = _known(context, handle) or _fresh(handle, context.settings.site.language)
    given = {key: value for key, value in said.items() if value or (key == "capacity" and value is not None)}
    context.store.write_now(staff.put, replace(known, disabled=False, **given), context.by(), context.now())
    context.printer.done("cli.agents.added", handle=handle)


def _known(context: Context, handle: str) -> Agent | None:
    return next((agent for agent in context.roster().agents if agent.handle == handle), None)


def _fresh(handle: str, language: str) -> Agent:
    return Agent(AgentId(0), handle, handle, language=language, languages=(language,))


def listed(ctx: typer.Context) -> None:
    """Everyone, the disabled ones too."""
    context = of(ctx)
    columns = ("handle", "name", "address", "language", "skills", "capacity", "lead", "admin", "company", "disabled")
    context.printer.rows(columns, [_row(agent) for agent in context.roster().agents])


def disable(ctx: typer.Context, handle: Annotated[str, typer.Argument(help="cli.argument.handle")]) -> None:
    """An agent who left: their conversations stay as they are, nothing new is given to them, and they are signed out."""
    context = of(ctx)
    context.store.write_now(staff.set_disabled, context.agent(handle), True, context.by(), context.now())
    context.printer.done("cli.agents.disabled", handle=handle)


def invite(ctx: typer.Context, handle: Annotated[str, typer.Argument(help="cli.argument.handle")]) -> None:
    """A link by which an agent sets their first password; it works once, within 72 hours."""
    _hand_out(of(ctx), handle, "invite", "cli.agents.invited")


def reset(
    ctx: typer.Context,
    handle: Annotated[str, typer.Argument(help="cli.argument.handle")],
    codes: Annotated[bool, typer.Option("--codes", help="cli.agents.option.codes")] = False,
) -> None:
    """A link by which an agent sets another password, within an hour; with --codes they are asked for no one-time code either."""
    context = of(ctx)
    if codes:
        context.store.write_now(staff.without_codes, context.agent(handle), context.by(), context.now())
    _hand_out(context, handle, "reset", "cli.agents.reset")


def link(ctx: typer.Context, handle: Annotated[str, typer.Argument(help="cli.argument.handle")]) -> None:
    """A code that the agent sends to the bot in a private chat, within a quarter of an hour: the bot knows them from then on."""
    context = of(ctx)
    agent = context.agent(handle)
    code = context.store.write_now(agent_chats.give_code, agent, context.by(), context.now())
    minutes = int(LASTS.total_seconds() // 60)
    context.printer.done("cli.agents.link_code", handle=agent.handle, code=code, minutes=minutes)


def unlink(
    ctx: typer.Context,
    handle: Annotated[str, typer.Argument(help="cli.argument.handle")],
    kind: Annotated[str, typer.Argument(help="cli.agents.argument.kind", metavar="KIND")],
) -> None:
    """The bot does not know them any more."""
    context = of(ctx)
    context.store.write_now(agent_chats.unlink, context.agent(handle), kind, context.by(), context.now())
    context.printer.done("cli.agents.unlinked", handle=handle, kind=kind)


def _hand_out(context: Context, handle: str, purpose: Purpose, key: str) -> None:
    agent, token = context.agent(handle), session.fresh()
    digest = session.digest(token)
    context.store.write_now(staff.pass_for, agent, purpose, digest, context.by(), context.now())
    context.printer.done(key, handle=agent.handle, link=f"{context.settings.public_url}/password/{token}")


def _row(agent: Agent) -> dict[str, object]:
    names = (
        "handle",
        "name",
        "address",
        "language",
        "languages",
        "skills",
        "capacity",
        "lead",
        "admin",
        "company",
        "disabled",
    )
    return {name: getattr(agent, name) for name in names}


def handles(context: Context, ids: tuple[AgentId, ...]) -> list[str]:
    """The handles of agents, as people know them."""
    known = {agent.id: agent.handle for agent in context.roster().agents}
    return [known[id] for id in ids]
