"""`inbox digest AGENT`: the letter of the day as it would be sent to an agent now. Nothing is sent, and nothing is marked as told."""

from datetime import datetime
from typing import Annotated

import typer

from inbox.cli.context import Context, of
from inbox.domain.digest import Digest
from inbox.domain.people import Agent
from inbox.pipeline.daily import worded
from inbox.pipeline.digest import gather
from inbox.store import digests, preferences
from inbox.text.dates import moment


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("digest", help="cli.digest.help")(digest)


def digest(ctx: typer.Context, handle: Annotated[str, typer.Argument(help="cli.argument.handle")]) -> None:
    """In their language; who chose no letter a day sees the one that the usual hour would bring."""
    context = of(ctx)
    agent, playbook = context.agent(handle), context.playbook()
    chosen = context.store.read_now(preferences.of, agent.id).digest
    told = context.store.read_now(
        gather, agent, chosen or Digest(zone=context.settings.site.zone), playbook, context.now()
    )
    due = context.store.read_now(digests.of, agent.id) if chosen else None
    rendered = None if told is None else worded(told, playbook)
    if context.printer.json:
        letter = None if rendered is None else {"subject": rendered.subject, "text": rendered.text}
        context.printer.document({"agent": agent.handle, "due_at": due, "letter": letter})
        return
    context.printer.line(_when(context, agent, due))
    nothing = context.say("cli.digest.empty")
    context.printer.line(nothing if rendered is None else f"\n{rendered.subject}\n\n{rendered.text}")


def _when(context: Context, agent: Agent, due: datetime | None) -> str:
    """When the next one is looked at."""
    if due is None:
        return context.say("cli.digest.not_chosen", handle=agent.handle)
    at = moment(due, context.language, context.zone)
    return context.say("cli.digest.next", handle=agent.handle, at=at)
