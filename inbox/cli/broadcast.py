"""`inbox broadcast`: what we tell many who did not ask; made, tried, started, watched, paused and stopped."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from inbox.cli.context import Context, of
from inbox.domain.acts import By
from inbox.domain.broadcasts import Audience, Broadcast, Text
from inbox.domain.ids import BroadcastId
from inbox.domain.problems import Problem
from inbox.pipeline import broadcast as verbs
from inbox.pipeline.broadcast import Draft, Preview
from inbox.store import broadcasts
from inbox.text.whom import whom

COLUMNS = ("id", "name", "state", "told", "waiting", "left_out", "made_at")
Number = Annotated[int, typer.Argument(help="cli.broadcast.argument.id", metavar="ID")]
Words = Annotated[str, typer.Option(help="cli.broadcast.option.text", metavar="FILE")]
Subject = Annotated[str, typer.Option(help="cli.broadcast.option.subject")]


def add(app: typer.Typer) -> None:
    """Add the group; without a word it lists."""
    group = typer.Typer(help="cli.broadcast.help", invoke_without_command=True)
    group.callback()(listed)
    for name, command in (("new", new), ("preview", preview), ("start", start), ("status", status), ("pause", pause), ("stop", stop)):  # fmt: skip
        group.command(name, help=f"cli.broadcast.{name}.help")(command)
    app.add_typer(group, name="broadcast")


def listed(ctx: typer.Context) -> None:
    """All of them, the newest first."""
    if ctx.invoked_subcommand is not None:
        return
    context = of(ctx)
    found = context.store.read_now(broadcasts.listing)
    context.printer.rows(COLUMNS, [_row(context, one) for one in found], {"state": "broadcast.stage"})
    if not found:
        context.printer.line(context.say("cli.broadcast.empty"))


def new(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="cli.broadcast.argument.name", metavar="NAME")],
    subject_en: Subject = "",
    text_en: Words = "",
    subject_fa: Subject = "",
    text_fa: Words = "",
    tag: Annotated[str, typer.Option(help="cli.broadcast.option.tag")] = "",
    organization: Annotated[str, typer.Option(help="cli.broadcast.option.organization")] = "",
    query: Annotated[str, typer.Option(help="cli.broadcast.option.query")] = "",
    addresses: Annotated[str, typer.Option(help="cli.broadcast.option.addresses", metavar="FILE")] = "",
    everybody: Annotated[bool, typer.Option("--everybody", help="cli.broadcast.option.everybody")] = False,
    channel: Annotated[str, typer.Option(help="cli.broadcast.option.channel", metavar="CHANNEL")] = "",
    per_minute: Annotated[int, typer.Option(min=0, max=1000, help="cli.broadcast.option.per_minute")] = 0,
) -> None:
    """A draft; nobody is told anything yet."""
    context = of(ctx)
    texts = {"en": Text(subject_en, _read(text_en)), "fa": Text(subject_fa, _read(text_fa))}
    audience = Audience(tag, organization, query, _addresses(addresses), everybody)
    wanted = Draft(name, texts, audience, channel, per_minute)
    id = context.store.write_now(verbs.draft, wanted, _lead(context), context.playbook(), context.now())
    context.printer.done("cli.broadcast.made", id=str(id), name=name)


def preview(ctx: typer.Context, id: Number) -> None:
    """Who would be told, who would not and why, and how it reads; nobody is told anything."""
    context = of(ctx)
    found = context.store.read_now(verbs.preview, BroadcastId(id), context.playbook(), context.now())
    _show(context, found)


def start(
    ctx: typer.Context,
    id: Number,
    count: Annotated[int, typer.Option("--count", min=0, help="cli.broadcast.option.count")] = 0,
) -> None:
    """The first ones are told; what was paused goes on. `--count` says how many, as the preview does."""
    context = of(ctx)
    by = _lead(context)
    told = context.store.write_now(verbs.start, BroadcastId(id), count, by, context.playbook(), context.now())
    context.printer.done("cli.broadcast.started", name=told.name)


def status(ctx: typer.Context, id: Number) -> None:
    """How far it is."""
    context = of(ctx)
    told = context.store.read_now(verbs.one, BroadcastId(id))
    context.printer.rows(COLUMNS, [_row(context, told)], {"state": "broadcast.stage"})
    for one in context.store.read_now(broadcasts.counts, told.id):
        if one.why:
            context.printer.line(f"{one.count} · {context.say(one.why)}")
    for state, count in context.store.read_now(broadcasts.settled, told.id).items():
        context.printer.line(f"{count} · {context.say(f'delivery.{state}')}")


def pause(ctx: typer.Context, id: Number) -> None:
    """Nobody more is told until it is started again."""
    context = of(ctx)
    told = context.store.write_now(verbs.pause, BroadcastId(id), _lead(context), context.now())
    context.printer.done("cli.broadcast.paused", name=told.name)


def stop(ctx: typer.Context, id: Number) -> None:
    """Nobody more is told, for good."""
    context = of(ctx)
    told = context.store.write_now(verbs.stop, BroadcastId(id), _lead(context), context.now())
    context.printer.done("cli.broadcast.stopped", name=told.name)


def _show(context: Context, found: Preview) -> None:
    say = context.say
    context.printer.line(say("broadcast.to_tell", count=found.to_tell))
    for language, count in found.languages.items():
        context.printer.line(f"  {language}: {count}")
    for why, count in found.left_out.items():
        context.printer.line(f"{count} · {say(why)}")
    for one in found.named:
        context.printer.line(f"  {one.name}: {say(one.why)}")
    if found.unknown:
        context.printer.line(say("broadcast.unknown", addresses=", ".join(found.unknown[:20])))
    for language, words in found.samples.items():
        context.printer.line(f"\n[{language}] {words.subject}\n\n{words.text}")


def _row(context: Context, told: Broadcast) -> dict[str, object]:
    counted = {"told": 0, "waiting": 0, "left_out": 0}
    for one in context.store.read_now(broadcasts.counts, told.id):
        counted[one.state] += one.count
    return {"id": told.id, "name": told.name, "state": told.stage.value, "made_at": told.made_at, **counted}


def _lead(context: Context) -> By:
    """Leads and the owner of the site's files."""
    if context.chosen.agent and not context.acting().leads:
        raise Problem("action.for_leads", name="broadcast")
    return context.by()


def _read(path: str) -> str:
    if not path:
        return ""
    try:
        return sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Problem("archive.unreadable", path=path, reason=type(error).__name__) from error


def _addresses(path: str) -> tuple[str, ...]:
    if not path:
        return ()
    try:
        return whom(_read(path))
    except ValueError as error:
        raise Problem("contacts.no_table", reason=str(error)[:200]) from error
