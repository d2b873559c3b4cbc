"""Intake: durable before the network is told to forget, refused while there is no room, spooled files cleared away."""

import asyncio
import errno
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from inbox.blobs import Blobs
from inbox.domain.arrivals import Item, Spooled
from inbox.domain.ids import ArrivalId, ChannelName
from inbox.domain.problems import Temporary
from inbox.ports.channel import Batch, Cursor
from inbox.runtime.intake import SMALL, Intake
from inbox.store import arrivals, channels
from inbox.store import tables as t
from inbox.store.store import Store
from inbox.testing import FakeClock

NAME = ChannelName("support")


class OneBatch:
    """A channel that has one batch, and remembers what it is told about it."""

    def __init__(self, store: Store, batch: Batch) -> None:
        self._store, self._batch = store, batch
        self.told: list[str] = []

    async def fetch(self, since: Cursor | None) -> AsyncIterator[Batch]:
        self.told.append(f"since {since}")
        yield self._batch

    async def confirm(self, batch: Batch) -> None:
        stored = len(keys(self._store))
        self.told.append(f"confirm {stored} of {len(batch.items)}")

    async def refuse(self, batch: Batch, why: Temporary) -> None:
        self.told.append(f"refuse {why.key}")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store("sqlite:///inbox.db", tmp_path)
    t.metadata.create_all(made.engine)
    made.write_now(channels.ensure, NAME, "memory")
    return made


def keys(store: Store) -> list[str]:
    return [w.key for w in store.read_now(arrivals.pending, ArrivalId(0), 9, (NAME,))]


def batch(*raws: bytes | Spooled) -> Batch:
    return Batch(tuple(Item(str(n), raw) for n, raw in enumerate(raws)), Cursor("behind"))


async def follow(store: Store, folder: Path, given: Batch) -> list[str]:
    """What the channel was told."""
    channel = OneBatch(store, given)
    intake = Intake(store, Blobs(folder / "blobs"), FakeClock())
    try:
        await intake.follow(NAME, channel)  # type: ignore[arg-type]  # as much of a channel as intake asks for
    except Temporary as trouble:
        channel.told.append(f"raised {trouble.key}")
    return channel.told


async def test_a_batch_is_stored_before_it_is_confirmed(store: Store, tmp_path: Path) -> None:
    assert await follow(store, tmp_path, batch(b"a", b"b")) == ["since None", "confirm 2 of 2"]
    assert await follow(store, tmp_path, batch(b"a")) == ["since behind", "confirm 2 of 1"]
    assert keys(store) == ["0", "1"]


async def test_small_bytes_are_rows_and_large_ones_files(store: Store, tmp_path: Path) -> None:
    spool = tmp_path / "spooled"
    spool.write_bytes(b"s" * 10)
    await follow(store, tmp_path, batch(b"x" * SMALL, b"x" * (SMALL + 1), Spooled(spool, 10)))
    found = store.read_now(arrivals.pending, ArrivalId(0), 9, (NAME,))
    assert [(w.size, w.raw is None, w.blob is None) for w in found] == [
        (SMALL, False, True),
        (SMALL + 1, True, False),
        (10, True, False),
    ]
    assert not spool.exists(), "what is stored needs no spool"


async def test_a_full_disk_refuses_and_keeps_the_spool(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = tmp_path / "spooled"
    spool.write_bytes(b"s" * 10)

    def full(_blobs: Blobs, _raw: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Blobs, "put", full)
    told = await follow(store, tmp_path, batch(b"a", Spooled(spool, 10)))
    assert told == ["since None", "refuse store.disk_full", "raised store.disk_full"]
    assert (keys(store), store.read_now(channels.cursor, NAME), spool.exists()) == ([], None, True)


async def test_two_batches_at_once_do_not_wait_for_each_other(store: Store, tmp_path: Path) -> None:
    intake = Intake(store, Blobs(tmp_path / "blobs"), FakeClock())
    fresh = await asyncio.gather(*(intake.land(NAME, batch(b"a", b"b")) for _ in range(3)))
    assert sorted(fresh) == [0, 0, 2]
