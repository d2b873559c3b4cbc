"""What the IMAP tests share: an account on a rig server, a fetcher that is closed at the end, and ways to read batches."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import pytest

from channels.email.imap import ImapAccount, ImapFetcher
from inbox.domain.arrivals import Item, Raw
from inbox.domain.problems import Unreachable
from inbox.ports.channel import Batch, Cursor
from inbox.ports.clock import Clock
from inbox.ports.probe import Probe, silent
from inbox.testing import FakeClock
from tests.rig.imap_script import ImapScript, Script

PATIENCE = 5.0
WITHIN = 20.0
"""Seconds after which a test that waits for mail is broken."""


class Server(Protocol):
    """Anything that listens."""

    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...


async def secret() -> str:
    return "secret"


def account(server: Server, **changes: Any) -> ImapAccount:
    """A mailbox without encryption whose old mail is answered; `changes` are fields of ImapAccount."""
    plain = ImapAccount(
        host=server.host,
        port=server.port,
        tls="off",
        ca_file=None,
        user="me@example.org",
        secret=secret,
        auth="login",
        folders=("INBOX",),
        first_sync="answer",
        poll_seconds=60.0,
        spool=Path(tempfile.gettempdir()) / "inbox-imap-spool",
        patience=PATIENCE,
    )
    return replace(plain, **changes)


@asynccontextmanager
async def fetching(
    server: Server, clock: Clock | None = None, probe: Probe = silent, **changes: Any
) -> AsyncIterator[ImapFetcher]:
    """An open fetcher."""
    fetcher = ImapFetcher(account(server, **changes), clock or FakeClock(), probe)
    await fetcher.open()
    try:
        yield fetcher
    finally:
        await fetcher.close()


async def take(fetcher: ImapFetcher, count: int, since: Cursor | None = None) -> list[Batch]:
    """Batches until they hold so many items, the first ones of a fetch that is ended then."""
    batches: list[Batch] = []
    async with asyncio.timeout(WITHIN):
        source = fetcher.fetch(since)
        async for batch in source:
            batches.append(batch)
            if len(items(batches)) >= count:
                break
        await source.aclose()
    return batches


def items(batches: list[Batch]) -> list[Item]:
    """All items in order."""
    return [item for batch in batches for item in batch.items]


def uids(batches: list[Batch]) -> list[int]:
    """The UIDs that the items' keys end with."""
    return [int(item.key.rpartition("/")[2]) for item in items(batches)]


def content(raw: Raw) -> bytes:
    """The bytes, wherever they are."""
    return raw if isinstance(raw, bytes) else raw.path.read_bytes()


def mail(number: int, size: int = 0) -> bytes:
    """A mail that tells its number, filled up to `size` bytes."""
    raw = b"Message-ID: <%d@example.org>\r\nSubject: ( * %d\r\n\r\nA1 OK no answer\r\n" % (number, number)
    return raw + b"x" * (size - len(raw))


@contextmanager
def playing(*scripts: Script, mails: int = 0) -> Iterator[ImapScript]:
    server = ImapScript(*scripts, mails=[mail(number) for number in range(1, mails + 1)]).start()
    try:
        yield server
    finally:
        server.close()


async def lost(work: Awaitable[object], why: str = "imap.lost", within: float = 20.0) -> Unreachable:
    """The problem with which the work ends, soon."""
    async with asyncio.timeout(within):
        with pytest.raises(Unreachable) as raised:
            await work
    assert raised.value.key == why
    return raised.value
