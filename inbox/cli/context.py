"""What every command works with: the site, its settings, its store, words in the right language, and a printer."""

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import typer

from inbox.domain.acts import By
from inbox.domain.people import Agent, Roster
from inbox.domain.problems import Problem
from inbox.site import Site
from inbox.text.wording import Told, Wording

if TYPE_CHECKING:  # loaded where they are used: a command that needs no store starts six times as fast without it
    from inbox.blobs import Blobs
    from inbox.cli.printer import Printer
    from inbox.pipeline.playbook import Playbook
    from inbox.runtime.clocks import StoreClock
    from inbox.settings import Settings
    from inbox.store.store import Store

OK, FINDINGS, USAGE, TEMPORARY = 0, 1, 2, 75
"""Exit codes: well; something was found wrong; the words or the config are; trying again later may do."""


class Format(StrEnum):
    """How results are printed. Markdown and CSV are for `inbox report NAME` and `inbox contracts statement` only."""

    TEXT = "text"
    JSON = "json"
    MD = "md"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was said at the command line besides the command itself."""

    folder: Path
    format: Format = Format.TEXT
    quiet: bool = False
    agent: str | None = None
    """`--as`: the handle of the agent who acts. Being owner of the site's files is the proof."""


class Context:
    """Everything is read or opened at its first use, so that a broken part hinders only who needs it."""

    def __init__(self, chosen: Chosen, wording: Wording, language: str) -> None:
        self.chosen = chosen
        self.site = Site(chosen.folder)
        self.wording = wording
        self.language = language

    @cached_property
    def settings(self) -> "Settings":
        """The site's settings. Raises an ExceptionGroup of Misconfigured."""
        from inbox.settings import load

        return load(self.site)

    @property
    def readable(self) -> bool:
        """Whether the settings can be read at all."""
        try:
            return bool(self.settings)
        except ExceptionGroup:
            return False

    @cached_property
    def store(self) -> "Store":
        """The store, up to date; a new one is made. Raises Problem where it is of an older or a later version."""
        from inbox.store.migrate import migrate, pending, untouched

        self._opened = self.open_store()
        if untouched(self._opened):
            migrate(self._opened)
        if pending(self._opened):
            raise Problem("store.not_migrated")
        return self._opened

    def open_store(self) -> "Store":
        """The store as it is, to be closed by the caller. The folder is made first: it is for its owner alone."""
        from inbox.settings import database
        from inbox.store.store import Store

        settings = self.settings
        _ = self.site.data
        return Store(database(settings.store, self.site.root), self.site.root)

    @cached_property
    def blobs(self) -> "Blobs":
        """Where large bytes are. Raises Misconfigured."""
        from inbox.blobs.opening import opened

        _ = self.site.data
        return opened(self.settings.blobs, self.site.root)

    @cached_property
    def printer(self) -> "Printer":
        """Where results go."""
        from inbox.cli.printer import Printer

        json, quiet = self.chosen.format is Format.JSON, self.chosen.quiet
        return Printer(sys.stdout, self.say, self.language, lambda: self.zone, json=json, quiet=quiet)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which times are told."""
        return ZoneInfo(self.settings.site.zone)

    def roster(self) -> Roster:
        """Everyone of us."""
        from inbox.store.people import roster

        return self.store.read_now(roster)

    def playbook(self) -> "Playbook":
        """What ops configured, for what people do. Raises an ExceptionGroup of what is wrong with it."""
        from inbox.daemon.playbooks import acting

        return acting(self.store, self.site, self.settings, self.roster())

    def agent(self, handle: str) -> Agent:
        """The agent of that handle or address. Raises Problem."""
        everyone = self.roster()
        found = everyone.agent(handle)
        if found is None:
            known = ", ".join(agent.handle for agent in everyone.agents) or "-"
            raise Problem("cli.unknown_agent", handle=handle, known=known)
        return found

    def acting(self) -> Agent:
        """The agent of `--as`. Raises Problem where none was named."""
        if self.chosen.agent is None:
            raise Problem("cli.nobody_acts")
        return self.agent(self.chosen.agent)

    def by(self) -> By:
        """Who stands in the audit log for what is done here: the agent of `--as`, else the owner of the site's files."""
        if self.chosen.agent is None:
            return By("owner", via="command")
        return By("agent", self.acting().id, via="command")

    def say(self, key: str, /, **facts: object) -> str:
        """A sentence in the reader's language."""
        return self.wording.say(self.language, key, **facts)

    def plural(self, key: str, n: int, /, **facts: object) -> str:
        """A sentence about a number of things, in the reader's language."""
        return self.wording.plural(self.language, key, n, **facts)

    def say_if(self, key: str) -> str:
        """The sentence, or nothing where the catalogue has none."""
        try:
            return self.say(key)
        except KeyError:
            return ""

    def told(self, problem: Told) -> str:
        """The sentence of a problem."""
        return self.wording.problem(self.language, problem)

    def now(self) -> datetime:
        """The present instant: here is an edge of the house. Where several nodes share a database, it is the server's."""
        if self._clock is None:
            return datetime.now(UTC)
        return self._clock.now()

    @cached_property
    def _clock(self) -> "StoreClock | None":
        from inbox.runtime.clocks import StoreClock

        if not self.readable or not self.settings.store.url.startswith("postgresql"):
            return None
        store = self.open_store()
        try:
            return StoreClock(store)
        except Problem:  # whatever needs the store says so by itself
            return None
        finally:
            store.close()

    @property
    def interactive(self) -> bool:
        """Whether somebody is there to answer questions."""
        return sys.stdin.isatty() and sys.stderr.isatty()

    def close(self) -> None:
        """Close what was opened."""
        opened: Store | None = self.__dict__.get("_opened")
        if opened is not None:
            opened.close()


def of(ctx: typer.Context) -> Context:
    """The context of a running command."""
    context = ctx.obj
    assert isinstance(context, Context)
    return context


def chosen_language(given: str | None, environment: dict[str, str], site: str | None, known: tuple[str, ...]) -> str:
    """`--lang`, then LC_ALL, LC_MESSAGES or LANG where they name a language that we have, then the site's, then English."""
    locales = (environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    first = next((value for value in locales if value), "")
    for wish in (given, first, site):
        plain = (wish or "").partition(".")[0].partition("_")[0].partition("-")[0].lower()
        if plain in known:
            return plain
    return "en"
