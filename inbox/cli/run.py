"""`inbox run`: the daemon in the foreground; and `inbox login`: a one-time link into its web pages."""

import asyncio
import os
import sys
from typing import Annotated

import typer

from inbox.cli.check import store_exists, verdict_on
from inbox.cli.configured import Verdict
from inbox.cli.context import USAGE, Context, of
from inbox.daemon.playbooks import standing
from inbox.daemon.run import Daemon
from inbox.domain.ids import AgentId
from inbox.domain.problems import Misconfigured
from inbox.runtime.heap import share_heap
from inbox.runtime.logs import configure
from inbox.store import entry
from inbox.store.unit import Unit
from inbox.web import session


def add(app: typer.Typer) -> None:
    """Add the command that runs."""
    app.command("run", help="cli.run.help")(run)


def add_login(app: typer.Typer) -> None:
    """Add the command that makes a link."""
    app.command("login", help="cli.login.help")(login)


def run(
    ctx: typer.Context,
    log_format: Annotated[str, typer.Option(help="cli.run.option.log_format", metavar="auto|human|json")] = "",
) -> None:
    """Until a TERM or INT signal; rules, hours, policies and templates are read again when they change, or on a HUP."""
    share_heap()
    context = of(ctx)
    settings = context.settings
    style = log_format or settings.log.format
    human = style == "human" or (style == "auto" and sys.stderr.isatty())
    configure("human" if human else "json", settings.log.level, context.told)
    if os.geteuid() == 0:
        print(context.say("cli.run.as_root"), file=sys.stderr)
    _tell_faults(context)
    _ = context.store  # made, or refused with a sentence where it is of another version
    context.close()
    daemon = Daemon(context.site, settings, context.wording)
    asyncio.run(daemon.run(lambda: _greet(context, daemon)))


def _tell_faults(context: Context) -> None:
    """What is wrong with the files, in words; ends the command where nothing can go on. What was read is let go: the house reads for itself."""
    verdict = verdict_on(context, suspicions=False)
    for problem in verdict.errors:
        print(context.told(problem), file=sys.stderr)
    if verdict.errors:
        print(_last_good(context, verdict), file=sys.stderr)


def _last_good(context: Context, verdict: Verdict) -> str:
    """What goes on although files are faulty, in words; ends the command where nothing can."""
    faulty = all(isinstance(problem, Misconfigured) for problem in verdict.errors)
    if not faulty or not store_exists(context):
        raise typer.Exit(USAGE)
    try:
        book, _ = standing(context.store, context.site, context.settings, context.roster())
    except ExceptionGroup:
        raise typer.Exit(USAGE) from None
    return context.say("live.last_good", revision=book.rulebook.revision)


async def _greet(context: Context, daemon: Daemon) -> None:
    """Where to look, and a way in: a link only for whoever sits there, since what else reads this keeps it, as a journal does."""
    way_in = context.say("cli.run.no_link")
    if sys.stdout.isatty():
        way_in = context.say(
            "cli.run.link", link=await daemon.house.store.write(_new_link, daemon.address, None, context)
        )
    for line in (
        context.say("cli.run.ready", name=context.settings.site.name, address=daemon.address),
        way_in,
        *(_channel(context, name) for name in context.settings.channels),
        context.say("cli.run.stop"),
    ):
        context.printer.line(line)
    sys.stdout.flush()


def _channel(context: Context, name: str) -> str:
    addresses = ", ".join(next(c for n, c in context.settings.channels.items() if n == name).addresses) or "-"
    return context.say("cli.run.channel", name=name, addresses=addresses)


def login(ctx: typer.Context) -> None:
    """A link for the owner of the site's files, or for the agent of --as; it works once, within 15 minutes."""
    context = of(ctx)
    agent = context.acting() if context.chosen.agent else None
    link = context.store.write_now(_new_link, context.settings.public_url, agent.id if agent else None, context)
    context.printer.done("cli.login.done", link=link)


def _new_link(unit: Unit, address: str, agent: AgentId | None, context: Context) -> str:
    token = session.fresh()
    entry.add_link(unit, session.digest(token), agent, context.now())
    return f"{address}/login/{token}"
