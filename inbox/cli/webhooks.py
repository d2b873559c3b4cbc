"""`inbox webhooks`: the programs that are told what happens, and what became of telling them."""

import asyncio
from dataclasses import asdict
from typing import Annotated

import typer

from inbox.cli.context import Context, of
from inbox.domain.ids import CallId
from inbox.domain.problems import Problem
from inbox.domain.webhooks import Call
from inbox.pipeline import webhooks as verbs
from inbox.pipeline.outcome import recall
from inbox.runtime.caller import WebhookCaller
from inbox.runtime.clocks import SystemClock
from inbox.runtime.posting import Poster
from inbox.runtime.wakes import ProcessWake
from inbox.store import webhooks

COLUMNS = ("name", "url", "events", "state", "problem")
CALLS = ("id", "kind", "state", "attempts", "not_before", "status", "error")
Name = Annotated[str, typer.Argument(help="cli.webhooks.argument.name")]


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="cli.webhooks.help")
    group.command("add", help="cli.webhooks.add.help")(put)
    group.command("list", help="cli.webhooks.list.help")(listed)
    group.command("calls", help="cli.webhooks.calls.help")(calls)
    group.command("test", help="cli.webhooks.test.help")(test)
    group.command("rotate", help="cli.webhooks.rotate.help")(rotate)
    group.command("enable", help="cli.webhooks.enable.help")(enable)
    group.command("replay", help="cli.webhooks.replay.help")(replay)
    group.command("remove", help="cli.webhooks.remove.help")(remove)
    app.add_typer(group, name="webhooks")


def put(
    ctx: typer.Context,
    name: Name,
    url: Annotated[str, typer.Argument(help="cli.webhooks.argument.url")],
    event: Annotated[list[str] | None, typer.Option(help="cli.webhooks.option.event", metavar="KIND")] = None,
) -> None:
    """An endpoint that is told what happens from now on; its secret is shown."""
    context = of(ctx)
    allowed = context.settings.webhooks.allow
    secret = context.store.write_now(verbs.add, name, url, tuple(event or ()), allowed, context.by(), context.now())
    context.printer.done("cli.webhooks.added", name=name, secret=secret)


def listed(ctx: typer.Context) -> None:
    """All of them; never their secrets."""
    context = of(ctx)
    rows = [
        {
            "name": one.name,
            "url": one.url,
            "events": list(one.events),
            "state": "off" if one.disabled else "on",
            "problem": _worded(context, one.why),
        }
        for one in context.store.read_now(webhooks.every, context.now())
    ]
    context.printer.rows(COLUMNS, rows, {"state": "webhook.state"})
    if not rows:
        context.printer.line(context.say("cli.webhooks.none"))


def calls(ctx: typer.Context, name: Name) -> None:
    """The newest calls to an endpoint, and how each stands."""
    context = of(ctx)
    endpoint = context.store.read_now(verbs.known, name, context.now())
    rows = [_row(context, one) for one in context.store.read_now(webhooks.last, endpoint.id)]
    context.printer.rows(CALLS, rows, {"state": "webhook.call"})


def test(ctx: typer.Context, name: Name) -> None:
    """Tell it something that means nothing, now, and say what came of it."""
    context = of(ctx)
    now = context.now()
    context.store.write_now(verbs.test, name, now)
    endpoint = context.store.read_now(verbs.known, name, now)
    call = context.store.read_now(webhooks.last, endpoint.id, 1)[0]
    options = context.settings.webhooks
    poster = Poster(options.allow, options.seconds)
    asyncio.run(WebhookCaller(context.store, poster, ProcessWake(), SystemClock()).make(endpoint, call))
    after = context.store.read_now(webhooks.one, call.id)
    assert after is not None
    if after.error:
        raise recall(after.error) or Problem("webhook.answered", status=str(after.status), name=name)
    context.printer.done("cli.webhooks.tested", name=name, status=str(after.status))


def rotate(ctx: typer.Context, name: Name) -> None:
    """Another secret; for a day the old one signs as well."""
    context = of(ctx)
    secret = context.store.write_now(verbs.rotate, name, context.by(), context.now())
    context.printer.done("cli.webhooks.rotated", name=name, secret=secret)


def enable(ctx: typer.Context, name: Name) -> None:
    """On again, after it was switched off."""
    context = of(ctx)
    context.store.write_now(verbs.switch, name, context.by(), context.now(), off=False)
    context.printer.done("cli.webhooks.enabled", name=name)


def replay(
    ctx: typer.Context,
    name: Name,
    call: Annotated[int | None, typer.Option(help="cli.webhooks.option.call", metavar="ID")] = None,
) -> None:
    """Make calls again that failed, or one of them; under the keys that they had."""
    context = of(ctx)
    endpoint = context.store.read_now(verbs.known, name, context.now())
    if call is None:
        count = context.store.write_now(webhooks.replay, context.now(), webhook_id=endpoint.id)
    else:
        found = context.store.read_now(webhooks.one, CallId(call))
        if found is None or found.webhook != endpoint.id:
            raise Problem("webhook.no_such_call", number=str(call), name=name)
        count = context.store.write_now(webhooks.replay, context.now(), id=found.id)
    context.printer.done("cli.webhooks.replayed", name=name, count=count)


def remove(ctx: typer.Context, name: Name) -> None:
    """It is told nothing any more; what it was still owed is dropped."""
    context = of(ctx)
    context.store.write_now(verbs.remove, name, context.by(), context.now())
    context.printer.done("cli.webhooks.removed", name=name)


def _row(context: Context, one: Call) -> dict[str, object]:
    told = {name: value for name, value in asdict(one).items() if name != "body"}
    return {**told, "error": _worded(context, one.error)}


def _worded(context: Context, kept: str) -> str:
    problem = recall(kept)
    return context.told(problem) if problem is not None else kept
