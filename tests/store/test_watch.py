"""Between processes: what one commits wakes whoever waits in another, and whoever could not listen looks at everything again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from inbox.ports.wake import AGENTS, INTAKE, OUTBOX, TOPICS
from inbox.runtime.clocks import SystemClock
from inbox.store.store import CHANNEL, Store
from inbox.store.tables import site
from inbox.store.unit import Unit
from inbox.store.watch import watch
from tests.rig.wait import until_async
from tests.store.databases import Copy


class Heard:
    """Remembers what it was woken for."""

    def __init__(self) -> None:
        self.topics: list[str] = []
        self.troubles: list[Exception] = []

    def notify(self, *topics: str) -> None:
        self.topics += topics

    async def wait(self, topic: str, seconds: float | None = None) -> bool:
        return topic in self.topics


def say(unit: Unit, *topics: str) -> None:
    """Write something, and have others look."""
    unit.add(site, {"name": f"{topics} {unit.entropy.token('said')}", "value": ""})
    for topic in topics:
        unit.wake(topic)


@asynccontextmanager
async def listening(store: Store) -> AsyncIterator[Heard]:
    """Another process on the same database, once it listens."""
    heard = Heard()
    watching = asyncio.create_task(watch(store, heard, SystemClock(), heard.troubles.append))
    try:
        if not store.sqlite:
            await until_async(lambda: set(heard.topics) >= set(TOPICS))
            heard.topics.clear()
        else:
            await asyncio.create_task(store.data_version())  # asked behind its own first look, on the same thread
        yield heard
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


async def test_what_one_process_commits_wakes_the_other(store: Store, other: Store) -> None:
    async with listening(other) as heard:
        await store.write(say, OUTBOX, AGENTS)
        await until_async(lambda: {OUTBOX, AGENTS} <= set(heard.topics))
        if not store.sqlite:
            assert set(heard.topics) == {OUTBOX, AGENTS}, "and nobody else"


async def test_what_is_rolled_back_wakes_nobody(store: Store, other: Store) -> None:
    def fails(unit: Unit) -> None:
        say(unit, OUTBOX)
        raise ValueError("fails")

    async with listening(other) as heard:
        with pytest.raises(ValueError, match="fails"):
            await store.write(fails)
        await store.write(say, INTAKE)
        await until_async(lambda: INTAKE in heard.topics)
        if not store.sqlite:
            assert heard.topics == [INTAKE]


@pytest.fixture
def postgresql(empty_postgresql: Copy, tmp_path: Path) -> str:
    return empty_postgresql(tmp_path)


def tell(url: str, statement: str) -> int:
    address = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        return connection.execute(statement.encode()).rowcount


async def test_our_own_words_do_not_wake_us_twice(postgresql: str, tmp_path: Path) -> None:
    one, two = Store(postgresql, tmp_path), Store(postgresql, tmp_path)
    try:
        async with listening(one) as heard:
            await one.write(say, OUTBOX)
            await two.write(say, INTAKE)
            await until_async(lambda: heard.topics)
            assert heard.topics == [INTAKE]
    finally:
        one.close()
        two.close()


async def test_who_could_not_listen_for_a_while_looks_at_everything_again(postgresql: str, tmp_path: Path) -> None:
    store = Store(postgresql, tmp_path)
    try:
        async with listening(store) as heard:
            tell(
                postgresql,
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN {CHANNEL}' "
                "AND datname = current_database()",
            )
            await until_async(lambda: set(heard.topics) == set(TOPICS))
            assert len(heard.troubles) == 1, "and somebody was told"
            tell(postgresql, f"SELECT pg_notify('{CHANNEL}', 'somebody outbox')")
            await until_async(lambda: heard.topics[len(TOPICS) :] == [OUTBOX])
    finally:
        store.close()


async def test_words_of_a_later_version_are_let_pass(postgresql: str, tmp_path: Path) -> None:
    store = Store(postgresql, tmp_path)
    try:
        async with listening(store) as heard:
            tell(postgresql, f"SELECT pg_notify('{CHANNEL}', 'somebody tomorrow')")
            tell(postgresql, f"SELECT pg_notify('{CHANNEL}', 'somebody tomorrow outbox')")
            await until_async(lambda: heard.topics)
            assert heard.topics == [OUTBOX]
    finally:
        store.close()
