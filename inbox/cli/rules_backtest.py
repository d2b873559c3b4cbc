"""`inbox rules backtest`: what other rules would have made of the real history; nothing is changed and nobody is told."""

import re
import time
from contextlib import closing
from typing import Annotated

import typer

from inbox.cli.context import FINDINGS, Context, of
from inbox.cli.period import instant, known_channel
from inbox.cli.progress import bar
from inbox.cli.rulebooks import Laid, With, laid
from inbox.cli.rules_report import document, report
from inbox.domain.problems import Problem
from inbox.pipeline.backtest import Backtest, Replay, Tally
from inbox.pipeline.rehearse import Rehearsal, rehearse
from inbox.rulebook.told import percent
from inbox.runtime.replay_child import Share
from inbox.runtime.replaying import ALONE, processes, tallies
from inbox.settings import database
from inbox.store.decisions import Window
from inbox.text.fold import latin_digits

SHARE = re.compile(r"(\d{1,3}(?:\.\d+)?) ?%")

Since = Annotated[str, typer.Option(help="cli.rules.backtest.option.since", metavar="90d|DAY")]
Until = Annotated[str, typer.Option(help="cli.rules.backtest.option.until", metavar="1d|DAY")]
Most = Annotated[str, typer.Option("--fail-if-changed", help="cli.rules.backtest.option.fail", metavar="5%")]
Channel = Annotated[str, typer.Option(help="cli.rules.backtest.option.channel", metavar="CHANNEL")]
Show = Annotated[int, typer.Option(min=0, help="cli.rules.backtest.option.show")]
Clocks = Annotated[bool, typer.Option("--clocks/--no-clocks", help="cli.rules.backtest.option.clocks")]


def backtest(
    ctx: typer.Context,
    folder: With = None,
    since: Since = "90d",
    until: Until = "",
    channel: Channel = "",
    fail: Most = "",
    show: Show = 10,
    clocks: Clocks = True,
) -> None:
    """Exit code 1 where more conversations than `--fail-if-changed` would come out otherwise."""
    context = of(ctx)
    window = _window(context, since, until, channel)
    most = share(fail) if fail else None
    found = laid(context, folder)
    began = time.monotonic()
    tally = _replayed(context, found, window, None if context.printer.json else show, clocks=clocks)
    rehearsal = _rehearsed(context, found, window, tally) if clocks else None
    took = time.monotonic() - began
    if context.printer.json:
        context.printer.document(document(found.book.rulebook, window, tally, rehearsal))
    else:
        report(context, tally, rehearsal, took)
    if most is not None and tally.share > most:
        told = {"share": percent(tally.share), "most": percent(most)}
        context.printer.line(context.say("cli.rules.backtest.too_much", **told))
        raise typer.Exit(FINDINGS)


def _replayed(context: Context, found: Laid, window: Window, keep: int | None, *, clocks: bool) -> Tally:
    book = found.book
    hours = tuple(calendar.hours for calendar in book.calendars.values())
    url = database(context.settings.store, context.site.root)
    share = Share(url, context.site.root, book.rulebook.files, found.names, hours, window, keep, clocks)
    backtest = Backtest(context.store, window, Replay(book.rulebook, book.calendars, keep=keep), clocks)
    whole = Tally()
    with bar(context) as shown, closing(tallies(backtest, share, processes(), ALONE)) as done:
        told = shown.begin("cli.rules.backtest.replaying", 0)
        for tally in done:
            whole.take(tally, keep)
            told(whole.decisions)
    return whole


def _rehearsed(context: Context, found: Laid, window: Window, tally: Tally) -> Rehearsal:
    book = found.book
    usual = book.calendars.get(book.promising.hours)
    return rehearse(tally.waits, context.roster(), book.terms, window.until, usual=usual)


def _window(context: Context, since: str, until: str, channel: str) -> Window:
    now = context.now()
    ends = instant(context, until, now) if until else now
    return Window(instant(context, since, now), ends, known_channel(context, channel))


def share(typed: str) -> float:
    """`5%` as 0.05. Raises Problem."""
    found = SHARE.fullmatch(latin_digits(typed.strip()).replace("٪", "%"))
    if found is None or float(found[1]) > 100:
        raise Problem("cli.rules.no_share", value=typed)
    return float(found[1]) / 100
