"""`inbox demo`: a filled site to play with, served in seconds; nothing of it leaves this machine."""

import asyncio
import sys
import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from inbox.cli.context import Context, of
from inbox.cli.seeds import plant, read
from inbox.daemon.run import Daemon
from inbox.demo.customers import Customers
from inbox.demo.filling import fill
from inbox.demo.laying import PEOPLE, URL, lay
from inbox.demo.network import networks
from inbox.demo.page import PATH, Playing
from inbox.demo.script import script
from inbox.domain.acts import By
from inbox.domain.ids import AgentId
from inbox.runtime.logs import configure
from inbox.settings import load
from inbox.site import Site
from inbox.store import entry, people
from inbox.store.store import Store
from inbox.store.unit import Unit
from inbox.web import session

WHO = ("sara", "reza", "emma")
"""For whom sign-in links are printed: the lead, and an agent of each language."""


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo", help="cli.demo.help")(demo)


def demo(
    ctx: typer.Context,
    folder: Annotated[Path | None, typer.Argument(help="cli.demo.argument.folder", metavar="[DIR]")] = None,
    port: Annotated[int, typer.Option(help="cli.demo.option.port", metavar="PORT", min=0, max=65535)] = 8025,
) -> None:
    """Without a folder in a temporary one, which is gone afterwards."""
    context = of(ctx)
    with ExitStack() as stack:
        place = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="inbox-demo-")))
        serve(context, Site(place), port)


def serve(context: Context, site: Site, port: int) -> None:
    """Lay it, fill it, and run it until a signal."""
    made, adapters = networks()
    lay(site, port)
    settings = load(site, adapters)
    configure("human", settings.log.level, context.told)
    store = Store(URL, site.root)
    try:
        store.write_now(plant, read(PEOPLE), ZoneInfo(settings.site.zone), By("owner", via="command"), context.now())
    finally:
        store.close()
    customers = Customers(made)
    daemon = Daemon(site, settings, context.wording, more=lambda house: Playing(house, customers).routes())

    async def run() -> None:
        await fill(site, settings, made, script(), context.now())
        await daemon.run(lambda: _greet(context, daemon))

    asyncio.run(run())


async def _greet(context: Context, daemon: Daemon) -> None:
    """Where to play, and the ways in."""
    line, say = context.printer.line, context.say
    line(say("cli.demo.ready", address=daemon.address))
    for handle, name, link in await daemon.house.store.write(partial(_links, address=daemon.address, context=context)):
        line(say("cli.demo.link", name=name, handle=handle, link=link))
    line(say("cli.demo.play", address=f"{daemon.address}{PATH}"))
    line(say("cli.run.stop"))
    sys.stdout.flush()


def _links(unit: Unit, address: str, context: Context) -> list[tuple[str, str, str]]:
    """One for each of WHO."""
    roster, found = people.roster(unit), []
    for handle in WHO:
        agent = roster.agent(handle)
        assert agent is not None
        found.append((handle, agent.name, _link(unit, address, agent.id, context)))
    return found


def _link(unit: Unit, address: str, agent: AgentId, context: Context) -> str:
    token = session.fresh()
    entry.add_link(unit, session.digest(token), agent, context.now())
    return f"{address}/login/{token}"
