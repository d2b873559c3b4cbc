"""`inbox migrate --to postgresql://...`: the site's whole database carried over, counted and summed on both sides."""

import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import typer

from inbox.cli.context import FINDINGS, Context
from inbox.cli.progress import bar
from inbox.daemon.lock import SiteLock
from inbox.domain.problems import Problem
from inbox.domain.secrets import SecretReference
from inbox.settings import StoreOptions, database
from inbox.store import carried
from inbox.store.carried import Reconciled
from inbox.store.migrate import pending
from inbox.store.store import Store

COLUMNS = ("table", "rows", "arrived", "sum", "arrived_sum", "replaced", "agrees")
_ADDRESS = re.compile(r"postgresql(?:\+psycopg)?://(?P<login>[^/@]*@)?[^/@]*/[^/?@]+(?:\?[^@]*)?")


def carry(context: Context, to: str, password: Path | None, *, rehearse: bool) -> None:
    """Copy everything into an empty PostgreSQL database, or nothing; exit code 1 where the two do not agree afterwards."""
    options = _options(to, password)
    if not context.settings.store.url.startswith("sqlite:"):
        raise Problem("carry.only_from_sqlite", url=context.settings.store.url)
    with SiteLock(context.site.data / "inbox.lock"), closing(context.open_store()) as source:
        if pending(source):
            raise Problem("store.not_migrated")
        with closing(Store(database(options, context.site.root), context.site.root)) as target, bar(context) as line:
            told = line.begin("cli.migrate.carrying", carried.rows(source))
            found = carried.carry(source, target, keep=not rehearse, told=lambda _table, done: told(done))
    agreed = all(one.agrees for one in found)
    _show(context, found, agreed, rehearse)
    if not agreed:
        raise typer.Exit(FINDINGS)
    if not rehearse:
        _advise(context, options)


def _options(to: str, password: Path | None) -> StoreOptions:
    """As they will stand in the config. Raises Problem."""
    found = _ADDRESS.fullmatch(to)
    login = (found and found["login"]) or ""
    if found is None:
        raise Problem("carry.not_postgresql", value=to.partition("://")[0])
    if ":" in login or (password is not None and not login):
        raise Problem("carry.password_apart")
    return StoreOptions(
        url=to, password=None if password is None else SecretReference("file", (str(password.absolute()),))
    )


def _show(context: Context, found: Sequence[Reconciled], agreed: bool, rehearse: bool) -> None:
    told = [asdict(one) | {"agrees": one.agrees} for one in found]
    kept = agreed and not rehearse
    if context.printer.json:
        context.printer.document({"tables": told, "agrees": agreed, "kept": kept})
        return
    context.printer.rows(COLUMNS, [one for one in told if one["rows"] or one["arrived"]])
    empty = sum(not one.rows and not one.arrived for one in found)
    rows, replaced = sum(one.rows for one in found if one.sum), sum(one.replaced for one in found)
    context.printer.line(context.say("cli.migrate.carried", rows=rows, tables=len(found) - empty, empty=empty))
    if replaced:
        context.printer.line(context.say("cli.migrate.carried_nul", count=replaced))
    key = "kept" if kept else "rehearsed" if agreed else "differs"
    context.printer.line(context.say(f"cli.migrate.carried_{key}"))


def _advise(context: Context, options: StoreOptions) -> None:
    """What to write into config.toml, which is its owner's to change."""
    context.printer.line("")
    context.printer.line("[store]")
    context.printer.line(f'url = "{options.url}"')
    if options.password is not None:
        context.printer.line(f'password = {{ file = "{options.password.words[0]}" }}')
