"""`inbox import`: old mail out of an mbox, a Maildir or single files; stored silently, and reckoned up at the end."""

import asyncio
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from inbox.archive import files
from inbox.archive.found import Archive
from inbox.archive.mbox import Mbox
from inbox.cli import moving
from inbox.cli.context import FINDINGS, Context, of
from inbox.cli.progress import Bar, bar
from inbox.cli.spooled import spool_of
from inbox.daemon.house import setup
from inbox.domain.ids import ChannelName
from inbox.domain.problems import Problem
from inbox.pipeline.playbook import Playbook
from inbox.runtime.clocks import SystemClock
from inbox.runtime.importer import Importer
from inbox.runtime.parsers import Parsers
from inbox.runtime.reckoning import Reckoning
from inbox.runtime.unpacking import Unpacking
from inbox.store import channels

COLUMNS = ("what", "mails")
SHOWN = 20
"""Mails that could not be read and are named one by one."""

Where = Annotated[Path, typer.Argument(help="cli.import.argument.path", metavar="PATH")]
Channel = Annotated[str, typer.Option(help="cli.import.option.channel", metavar="NAME")]


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="cli.import.help")
    group.command("mbox", help="cli.import.mbox.help")(mbox)
    group.command("maildir", help="cli.import.maildir.help")(maildir)
    group.command("eml", help="cli.import.eml.help")(eml)
    moving.add(group)
    app.add_typer(group, name="import")


def mbox(ctx: typer.Context, path: Where, channel: Channel = "") -> None:
    """A file, as `inbox export --mbox` and most mail programs write it."""
    bring(of(ctx), partial(Mbox, path), channel)


def maildir(ctx: typer.Context, path: Where, channel: Channel = "") -> None:
    """A folder with `cur` and `new`, and the folders in it."""
    bring(of(ctx), partial(files.maildir, path), channel)


def eml(ctx: typer.Context, path: Where, channel: Channel = "") -> None:
    """A file, or all that end in .eml in a folder."""
    bring(of(ctx), partial(files.single, path), channel)


def bring(context: Context, opened: Callable[[], Archive], named: str) -> None:
    """Bring an archive in and print the reckoning; exit code 1 where it does not add up. Raises Problem."""
    book = context.playbook()
    channel = _channel(book, named)
    context.store.write_now(channels.ensure, channel, book.channels[channel].kind)
    with closing(opened()) as archive, bar(context) as shown, spool_of(context.site.data) as spool:
        reckoning = asyncio.run(_run(context, book, channel, archive, spool, shown))
    _print(context, reckoning)
    if not reckoning.adds_up:
        raise typer.Exit(FINDINGS)


def _channel(book: Playbook, named: str) -> ChannelName:
    """The channel that was named, or the only one whose messages have subjects, as mail has."""
    mail = [name for name, speaker in book.channels.items() if speaker.codec.traits.subject]
    if named in mail:
        return ChannelName(named)
    known = ", ".join(mail) or "-"
    if named:
        raise Problem("cli.import.no_such_channel", channel=named, known=known)
    if len(mail) != 1:
        raise Problem("cli.import.which_channel", known=known)
    return mail[0]


async def _run(
    context: Context, book: Playbook, channel: ChannelName, archive: Archive, spool: Path, shown: Bar
) -> Reckoning:
    clock, store, options = SystemClock(), context.store, context.settings.parsers
    parsers = Parsers(setup(context.site, context.settings), options.processes)
    blobs = context.blobs
    importer = Importer(store, Unpacking(store, blobs, parsers, channel, spool), book, clock, channel)
    try:
        looking = shown.begin("cli.import.looking", archive.size)
        index = await asyncio.to_thread(archive.index, clock.now(), looking)
        return await importer.run(archive, index, shown.begin("cli.import.bringing", len(index)))
    finally:
        await parsers.close()


def _print(context: Context, r: Reckoning) -> None:
    printer = context.printer
    if printer.json:
        printer.document(_document(r))
        return
    rows = [("cli.import.offered", r.offered), ("cli.import.imported", r.imported), ("cli.import.ours", r.ours)]
    told = [(context.say(key), number) for key, number in rows]
    told += [(context.say("cli.import.duplicate", why=context.say(key)), n) for key, n in sorted(r.duplicates.items())]
    told += [(context.say("cli.import.ignored", why=context.say(key)), n) for key, n in sorted(r.ignored.items())]
    rows = [("cli.import.quarantined", r.quarantined), ("cli.import.unread", r.unread)]
    rows += [("cli.import.conversations", r.conversations), ("cli.import.contacts", r.contacts)]
    told += [(context.say(key), number) for key, number in rows]
    printer.rows(COLUMNS, [{"what": what, "mails": str(number)} for what, number in told])
    for place, reason in r.lost[:SHOWN]:
        printer.line(context.say("cli.import.lost", place=place, reason=reason))
    missing = r.offered - r.accounted
    printer.line(context.say("cli.import.adds_up" if r.adds_up else "cli.import.lacks", missing=missing + r.unread))


def _document(r: Reckoning) -> dict[str, object]:
    return {
        "offered": r.offered,
        "imported": r.imported,
        "ours": r.ours,
        "duplicate": dict(sorted(r.duplicates.items())),
        "ignored": dict(sorted(r.ignored.items())),
        "quarantined": r.quarantined,
        "unread": [{"place": place, "reason": reason} for place, reason in r.lost],
        "conversations": r.conversations,
        "contacts": r.contacts,
        "adds_up": r.adds_up,
    }
