"""Several nodes of one site: folders with the same config, rules and secret, and one database."""

import re
import shutil
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa

from tests.daemon.books import Books
from tests.daemon.sites import UNBRAKED, MailChannel, Shed
from tests.rig.daemon import Daemon
from tests.rig.loopback import free_port
from tests.rig.wait import until

SKEWED = """
import sys
from datetime import UTC, datetime, timedelta
from inbox.cli import context
from inbox.runtime import clocks

class Wrong(datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) + timedelta(seconds={seconds})

clocks.datetime = context.datetime = Wrong
from inbox.__main__ import main
sys.exit(main())
"""
"""A machine whose clock is wrong: wherever the house asks it for the time."""


def stored_in(database: str) -> str:
    """The lines of a config that name a database."""
    return f'{UNBRAKED}[store]\nurl = "{database.replace("+psycopg", "")}"\n'


@contextmanager
def at(database: str) -> Iterator[Books]:
    """The books of a database."""
    engine = sa.create_engine(database, poolclass=sa.pool.NullPool)
    try:
        yield Books(engine)
    finally:
        engine.dispose()


def another(
    sites: Shed, first: Daemon, name: str, more: str, *channels: MailChannel, program: list[str] | None = None
) -> Daemon:
    """One more node beside the first."""
    root, web = first.site.with_name(name), free_port()
    shutil.copytree(first.site, root, ignore=shutil.ignore_patterns("*.log", "inbox.lock", "spool"))
    sites.configure(root, web, *channels, more=more)
    return sites.daemon(root, web, program)


def skewed(seconds: int) -> list[str]:
    """The program on a machine whose clock is so much ahead."""
    return [sys.executable, "-c", SKEWED.format(seconds=seconds)]


def holder(store: Books, nodes: Sequence[Daemon], lease: str) -> Daemon | None:
    """Which of the nodes holds a lease now."""
    held = store.rows("SELECT holder FROM lease WHERE name = :name", name=lease)
    pid = re.search(r":(\d+):", held[0][0]) if held else None
    return next((node for node in nodes if pid and node.running and node.pid == int(pid[1])), None)


@contextmanager
def stopped(node: Daemon) -> Iterator[None]:
    """The node stands still meanwhile, with all its connections open."""
    node.signal(signal.SIGSTOP)
    try:
        yield
    finally:
        node.signal(signal.SIGCONT)


def taken_over(store: Books, nodes: Sequence[Daemon], lease: str, from_: Daemon, within: float) -> Daemon:
    """Who holds it instead."""
    until(
        lambda: (who := holder(store, nodes, lease)) is not None and who is not from_,
        within=within,
        what=f"another node holds {lease}",
    )
    found = holder(store, nodes, lease)
    assert found is not None
    return found
