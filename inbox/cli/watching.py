"""`inbox watch` without a conversation: a list that stays on the terminal and follows what happens, until Ctrl+C."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import typer
from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from inbox.cli.context import Context
from inbox.cli.conversations import scope
from inbox.cli.watched import Look, Told, changes, look, table
from inbox.domain.conversations import State
from inbox.domain.scope import Scope
from inbox.ports.wake import AGENTS
from inbox.runtime.clocks import SystemClock
from inbox.runtime.wakes import ProcessWake
from inbox.store.watch import watch
from inbox.text.queries import Query, read

AGAIN = 5.0
"""Seconds after which it looks again though nothing was written: times pass, and people close their pages."""
NAMED = frozenset({*(state.value for state in State), "late"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which conversations are watched. Without a state of its own a query is about what is not over."""

    query: str = ""
    team: str = ""
    mine: bool = False
    most: int = 50

    @property
    def read(self) -> Query:
        """In the language of queries."""
        asked = read(self.query)
        named = any(one.name == "is" and one.value in NAMED and not one.negated for one in asked.filters)
        team = self.team.replace('"', "")
        parts = (
            "" if named else "is:open is:waiting",
            "assignee:me" if self.mine else "",
            f'team:"{team}"' if team else "",
        )
        return read(" ".join((*filter(None, parts), self.query)))


def watched(context: Context, wanted: Wanted, *, once: bool) -> None:
    """Show it; with `once` as it is now, else until Ctrl+C."""
    if wanted.mine:
        context.acting()
    whose = scope(context)
    if once:
        seen = context.store.read_now(look, whose, wanted.read, context.now(), context.zone, wanted.most)
        with _shown(context, live=False) as show:
            show(_sound(context, seen))
        return
    with suppress(KeyboardInterrupt), _shown(context, live=True) as show:
        asyncio.run(_follow(context, whose, wanted, show))


async def _follow(context: Context, whose: Scope, wanted: Wanted, show: "Show") -> None:
    async for seen in _looks(context, whose, wanted):
        show(_sound(context, seen))


async def _looks(context: Context, whose: Scope, wanted: Wanted) -> AsyncIterator[Look]:
    """A look at once, whenever somebody has written, and now and then."""
    wake, store = ProcessWake(), context.store
    wake.attach()
    following = asyncio.create_task(watch(store, wake, SystemClock()))
    try:
        while not following.done():
            yield await store.read(look, whose, wanted.read, context.now(), context.zone, wanted.most)
            await wake.wait(AGENTS, AGAIN)
        await following  # it ends by an error alone
    finally:
        following.cancel()


def _sound(context: Context, seen: Look) -> Look:
    """A name that nobody has would make the list another one than was asked for."""
    if seen.bad:
        told = (
            context.say(one.key, typed=one.typed, **{"name": "", "value": "", "known": "", **one.facts})
            for one in seen.bad
        )
        raise typer.BadParameter(" ".join(told))
    return seen


# -- how it is shown ---------------------------------------------------------------------------------------------------
class Show:
    """Where looks go: as lines of JSON for each change; else as a list, which is printed again where it changed."""

    def __init__(self, context: Context, console: Console, live: Live | None = None) -> None:
        self._context = context
        self._console = console
        self._live = live
        self._before: Mapping[str, Told] = {}
        self._begun = False

    def __call__(self, seen: Look) -> None:
        """Take in the next look."""
        told = seen.told
        if self._context.printer.json:
            for change in changes(self._before, told):
                self._context.printer.record(change)
        elif self._live is not None:
            self._live.update(self._list(seen), refresh=True)
        elif not self._begun or told != self._before:
            self._console.print(self._list(seen))
            self._console.file.flush()
        self._before, self._begun = told, True

    def _list(self, seen: Look) -> Group:
        now = self._context.now()
        head = self._context.say("cli.watch.count", n=seen.count, shown=len(seen.rows))
        if self._live is not None:
            head = f"{head} {self._context.say('cli.watch.ends')}"
        if not seen.rows:
            return Group(Text(self._context.say("cli.list.empty")), Text(head, style="dim"))
        return Group(table(self._context, seen, now, self._console.width), Text(head, style="dim"))


@contextmanager
def _shown(context: Context, *, live: bool) -> Iterator[Show]:
    """A screen of its own at a terminal; what was there before is there again afterwards."""
    terminal = sys.stdout.isatty()
    console = Console(file=sys.stdout, width=None if terminal else 200, highlight=False)
    if not (live and terminal) or context.printer.json:
        yield Show(context, console)
        return
    with Live(console=console, screen=True, auto_refresh=False, vertical_overflow="crop") as screen:
        yield Show(context, console, screen)
