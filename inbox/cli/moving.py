"""`inbox import zendesk · freshdesk · zammad · freescout · osticket`: moving here from another help desk, in two steps."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from inbox.cli.context import FINDINGS, Context, of
from inbox.cli.progress import Bar, bar
from inbox.cli.spooled import spool_of
from inbox.daemon.house import setup
from inbox.domain.ids import ChannelName
from inbox.domain.people import Roster
from inbox.domain.problems import Problem
from inbox.elsewhere import plan as plans
from inbox.elsewhere.census import Census, census
from inbox.elsewhere.gathered import Gathered, gathered
from inbox.elsewhere.plan import Here, Plan
from inbox.elsewhere.sources import SOURCES, Source
from inbox.elsewhere.vocabulary import Export, Lost
from inbox.pipeline.playbook import Playbook
from inbox.runtime.clocks import SystemClock
from inbox.runtime.mover import Mover
from inbox.runtime.parsers import Parsers
from inbox.runtime.settling import Settling
from inbox.runtime.tally import Tally
from inbox.store import channels

COLUMNS = ("what", "there", "left_out", "in_house", "new")
SHOWN = 20
"""Of what could not be read, and is named one by one."""

Where = Annotated[Path, typer.Argument(help="cli.import.argument.export", metavar="PATH")]
New = Annotated[Path | None, typer.Option("--plan", help="cli.import.option.plan", metavar="FILE")]
With = Annotated[Path | None, typer.Option("--with", help="cli.import.option.with", metavar="FILE")]


def add(group: typer.Typer) -> None:
    """Add a command for each product to the group `import`."""
    for source in SOURCES.values():
        group.command(source.name, help=f"cli.import.{source.name}.help")(_command(source))


def _command(source: Source) -> Callable[..., None]:
    def command(ctx: typer.Context, path: Where, plan: New = None, with_: With = None) -> None:
        if (plan is None) == (with_ is None):
            raise Problem("cli.import.two_steps", source=source.name, path=path)
        if plan is not None:
            propose(of(ctx), source, path, plan)
        elif with_ is not None:
            move(of(ctx), source, path, with_)

    return command


# -- the first step ----------------------------------------------------------------------------------------------------
def propose(context: Context, source: Source, path: Path, to: Path) -> None:
    """Look through an export and write a plan for it. Raises Problem where a file of that name is there."""
    if to.exists():
        raise Problem("cli.import.plan_there", path=to)
    here = _here(context.playbook(), context.roster())
    with bar(context) as shown, _opened(context, source, path, context.zone, shown) as (found, export):
        counted = _looked_over(export, found, shown)
        plan = plans.proposed(export, counted, here, str(context.zone))
        try:
            to.write_text(plans.written(plan, counted, context.say), "utf-8")
        except OSError as error:
            raise Problem(
                "cli.import.plan_unwritable", path=to, reason=error.strerror or type(error).__name__
            ) from error
        _told(context, source, found, counted, plan, to)


def _told(context: Context, source: Source, found: Gathered, counted: Census, plan: Plan, to: Path) -> None:
    printer = context.printer
    counts = {
        "persons": counted.persons,
        "organizations": len(counted.companies),
        "matters": counted.matters,
        "messages": counted.words - counted.notes,
        "notes": counted.notes,
        "files": counted.files,
    }
    odd = {"empty": counted.empty, "nobody": counted.nobody, "away": counted.away}
    if printer.json:
        lost = [{"place": one.place, "reason": _reason(context, one)} for one in counted.lost]
        printer.document(
            {"source": source.name, "plan": str(to), **counts, **odd, "ignored": [*found.ignored], "lost": lost}
        )
        return
    told = [{"what": context.say(f"elsewhere.kind.{name}"), "there": str(number)} for name, number in counts.items()]
    printer.rows(COLUMNS[:2], told)
    for name, number in odd.items():
        if number:
            printer.line(context.say(f"cli.import.{name}", number=number))
    if found.ignored:
        printer.line(context.say("cli.import.files_ignored", files=", ".join([*found.ignored][:SHOWN])))
    _print_lost(context, counted.lost)
    unsure = [
        f"[{name}] {theirs}"
        for name in ("channels", "states")
        for theirs, ours in getattr(plan, name).items()
        if not ours
    ]
    if unsure:
        printer.line(context.say("cli.import.plan_lacks", what=", ".join(unsure)))
    nobody = [theirs for theirs, ours in plan.agents.items() if not ours]
    if nobody:
        printer.line(context.say("cli.import.plan_nobody", agents=", ".join(nobody[:SHOWN])))
    printer.line(context.say("cli.import.plan_written", source=source.name, title=source.title, path=to))


# -- the second step ---------------------------------------------------------------------------------------------------
def move(context: Context, source: Source, path: Path, by: Path) -> None:
    """Bring an export in as a plan says, count it again in the store, and print both; exit code 1 where they differ."""
    book, roster = context.playbook(), context.roster()
    here, plan = _here(book, roster), plans.read(by)
    plans.check(plan, source.name, here)
    for name in sorted(set(plan.channels.values())):
        context.store.write_now(channels.ensure, _channel(book, name), book.channels[_channel(book, name)].kind)
    with bar(context) as shown, _opened(context, source, path, ZoneInfo(plan.zone), shown) as (found, export):
        counted = _looked_over(export, found, shown)
        plans.complete(plan, counted, here)
        tally = asyncio.run(_run(context, Settling(plan, book, roster), book, export, counted.matters, shown))
    _print(context, tally)
    if not tally.adds_up:
        raise typer.Exit(FINDINGS)


async def _run(context: Context, settling: Settling, book: Playbook, export: Export, matters: int, shown: Bar) -> Tally:
    parsers = Parsers(setup(context.site, context.settings), context.settings.parsers.processes)
    mover = Mover(context.store, context.blobs, parsers, book, settling, SystemClock())
    try:
        await mover.run(export, shown.begin("cli.import.bringing", matters))
        return await mover.count(export, shown.begin("cli.import.counting", matters))
    finally:
        await parsers.close()


# -- both --------------------------------------------------------------------------------------------------------------
@contextmanager
def _opened(
    context: Context, source: Source, path: Path, zone: ZoneInfo, shown: Bar
) -> Iterator[tuple[Gathered, Export]]:
    """The export on shelves of its own, which go away afterwards. Raises Problem where nothing of the product is there."""
    told = shown.begin("cli.import.looking", 0)
    with spool_of(context.site.data) as spool, closing(gathered(path, source.sorts, spool, zone, told)) as found:
        yield found, source.read(found)


def _looked_over(export: Export, found: Gathered, shown: Bar) -> Census:
    counted = census(export, shown.begin("cli.import.looking_over", 0))
    if not counted.matters:
        lost = counted.lost[0].place if counted.lost else "-"
        raise Problem(
            "elsewhere.nothing", path=found.folder, lost=lost, ignored=", ".join([*found.ignored][:SHOWN]) or "-"
        )
    return counted


def _here(book: Playbook, roster: Roster) -> Here:
    mail = {str(name): one.addresses for name, one in book.channels.items() if one.codec.traits.subject}
    agents = {one.handle: (one.address, one.name) for one in roster.agents}
    return Here(mail, agents, {one.name: one.title for one in roster.teams})


def _channel(book: Playbook, name: str) -> ChannelName:
    return next(one for one in book.channels if one == name)


def _print(context: Context, tally: Tally) -> None:
    printer = context.printer
    if printer.json:
        counts = {
            name: {"there": one.there, "left_out": one.left, "in_house": one.here, "new": one.fresh}
            for name, one in tally.rows()
        }
        lost = [{"place": one.place, "reason": _reason(context, one)} for one in tally.lost]
        printer.document({**counts, "moved": tally.moved, "away": tally.away, "lost": lost, "adds_up": tally.adds_up})
        return
    rows = [
        {
            "what": context.say(f"elsewhere.kind.{name}"),
            "there": one.there,
            "left_out": one.left,
            "in_house": one.here,
            "new": one.fresh,
        }
        for name, one in tally.rows()
    ]
    printer.rows(COLUMNS, [{name: str(value) for name, value in row.items()} for row in rows])
    if tally.moved:
        printer.line(context.say("cli.import.moved", number=tally.moved))
    if tally.away:
        printer.line(context.say("cli.import.away", number=tally.away))
    _print_lost(context, tally.lost)
    printer.line(context.say("cli.import.moved_in" if tally.adds_up else "cli.import.not_moved_in"))


def _print_lost(context: Context, lost: Sequence[Lost]) -> None:
    for one in lost[:SHOWN]:
        context.printer.line(context.say("cli.import.lost", place=one.place, reason=_reason(context, one)))
    if len(lost) > SHOWN:
        context.printer.line(context.say("cli.import.lost_more", number=len(lost) - SHOWN))


def _reason(context: Context, one: Lost) -> str:
    return context.wording.problem(context.language, Problem(one.why, **one.facts))
