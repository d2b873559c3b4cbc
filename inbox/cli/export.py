"""`inbox export`: what was said, as an mbox that any mail program reads, or as lines of JSON for programs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from inbox.cli.context import FINDINGS, Context, of
from inbox.cli.conversations import scope
from inbox.cli.exporting import Exporting, Tally
from inbox.cli.progress import bar
from inbox.domain.ids import ConversationId
from inbox.domain.problems import Problem
from inbox.store import exported
from inbox.store.exported import Period
from inbox.text.dates import parse_day
from inbox.text.references import normalise

AT_ONCE = 200
"""Conversations whose ids are looked up together."""

Mbox = Annotated[Path | None, typer.Option(help="cli.export.option.mbox", metavar="FILE")]
Jsonl = Annotated[Path | None, typer.Option(help="cli.export.option.jsonl", metavar="FILE")]
Refs = Annotated[list[str] | None, typer.Argument(help="cli.export.argument.references", metavar="[REF]...")]
Day = Annotated[str, typer.Option(metavar="DAY", help="cli.export.option.day")]


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export", help="cli.export.help")(export)


def export(
    ctx: typer.Context,
    references: Refs = None,
    mbox: Mbox = None,
    jsonl: Jsonl = None,
    since: Day = "",
    until: Day = "",
    notes: Annotated[bool, typer.Option("--notes", help="cli.export.option.notes")] = False,
) -> None:
    """Exit code 1 where the bytes of a message are gone: everything else is written then."""
    context = of(ctx)
    if (mbox is None) == (jsonl is None):
        raise Problem("cli.export.one_form")
    exporting = _exporting(context, notes=notes or jsonl is not None)
    wanted = _wanted(context, references or ())
    period = Period(_day(context, since), _day(context, until, after=1))
    path = mbox or jsonl
    assert path is not None
    with _fresh(path) as file, bar(context) as shown:
        write = exporting.mbox if mbox else exporting.jsonl
        _walk(context, exporting, wanted, period, partial(write, file), shown.begin("cli.export.writing", 0))
    tally = exporting.tally
    _print(context, path, tally)
    if tally.gone:
        raise typer.Exit(FINDINGS)


def _exporting(context: Context, *, notes: bool) -> Exporting:
    book = context.playbook()
    return Exporting(context.blobs, book.channels, context.roster(), notes)


def _wanted(context: Context, references: list[str] | tuple[()]) -> list[str]:
    wanted = [normalise(one) or one for one in references]
    lost = context.store.read_now(exported.unseen, scope(context), wanted)
    if lost:
        raise Problem("cli.no_such_conversation", reference=lost[0])
    return wanted


def _walk(
    context: Context,
    exporting: Exporting,
    wanted: list[str],
    period: Period,
    write: Callable[[exported.Whole], None],
    told: Callable[[int], None],
) -> None:
    """One conversation after the other, each read as it was at one moment: what is said meanwhile hinders nobody."""
    who, after, seen = scope(context), ConversationId(0), 0
    while ids := context.store.read_now(exported.matters, who, wanted, after, AT_ONCE):
        for id in ids:
            write(context.store.read_now(exported.whole, id, who, period, notes=exporting.notes))
            seen += 1
            told(seen)
        after = ids[-1]


def _day(context: Context, typed: str, after: int = 0) -> datetime | None:
    """The beginning of a day, or with `after` of one behind it."""
    if not typed:
        return None
    found = parse_day(typed)
    if found is None:
        raise Problem("cli.not_a_day", value=typed)
    return datetime.combine(found + timedelta(days=after), time(tzinfo=context.zone))


@contextmanager
def _fresh(path: Path) -> Iterator[BinaryIO]:
    """A new file, for its owner alone; it has its name only once it is whole. Raises Problem where it is there already."""
    draft = path.with_name(f".{path.name}.part")
    try:
        if path.exists():
            raise FileExistsError(17, "File exists")
        draft.touch(mode=0o600)
        with draft.open("wb") as file:
            yield file
        draft.rename(path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Problem("cli.file_not_written", path=path, reason=reason) from error
    finally:
        draft.unlink(missing_ok=True)


def _print(context: Context, path: Path, tally: Tally) -> None:
    facts = {"conversations": tally.conversations, "messages": tally.messages, "unsent": tally.unsent}
    context.printer.done("cli.export.done", path=str(path), gone=tally.gone, **facts)
