"""Takes mail that is handed to us by SMTP or LMTP; the answer to a mail waits until the house has stored it."""

import asyncio
import errno
import logging
from collections.abc import AsyncIterator
from pathlib import Path

from channels.email.listen_session import LmtpSession, SmtpSession, TooMany, Transaction
from channels.email.options import ListenOptions
from inbox.domain.arrivals import Spooled
from inbox.domain.problems import Temporary, Unreachable
from inbox.ports.channel import Batch, Cursor
from inbox.ports.clock import Clock
from inbox.ports.probe import Probe

MOST_ITEMS = 50
MOST_BYTES = 4_000_000
"""What waits already is stored in one go, up to so many mails and about so many bytes."""
CLOSING_SECONDS = 5.0


class MailListener:
    """One listening address. Only our own addresses, with or without a `+token`, are taken as recipients."""

    def __init__(
        self, options: ListenOptions, addresses: tuple[str, ...], spool: Path, clock: Clock, probe: Probe
    ) -> None:
        self.options = options
        self.addresses = addresses
        self.spool = spool
        self.clock = clock
        self._probe = probe
        self._server: asyncio.Server | None = None
        self._sessions: set[SmtpSession] = set()
        self._waiting: asyncio.Queue[Transaction] = asyncio.Queue()
        self._pending: dict[str, Transaction] = {}

    @property
    def port(self) -> int:
        """Where it listens, once it is open; for `address = "127.0.0.1:0"` the system has chosen."""
        return int(self._server.sockets[0].getsockname()[1]) if self._server else self.options.port

    @property
    def waiting(self) -> int:
        """How many mails were received and not yet brought to the house."""
        return self._waiting.qsize()

    async def open(self) -> None:
        """Listen. Raises Unreachable where the address is taken, not ours, or not allowed."""
        if self._server is not None:
            return
        # The library tells addresses and whole commands at INFO, where no address belongs.
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        await asyncio.to_thread(self._sweep)
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(self._session, self.options.host, self.options.port)
        except OSError as error:
            key = "listen.port_in_use" if error.errno == errno.EADDRINUSE else "listen.impossible"
            raise Unreachable(key, address=self.options.address, reason=error.strerror) from error

    async def fetch(self, since: Cursor | None) -> AsyncIterator[Batch]:
        """What is handed over, as it comes. There is no cursor: until we agree to a mail, its sender keeps it."""
        while True:
            transactions = [await self._waiting.get()]
            size = transactions[0].size
            while len(transactions) < MOST_ITEMS and size < MOST_BYTES and not self._waiting.empty():
                transactions.append(self._waiting.get_nowait())
                size += transactions[-1].size
            self._pending |= {one.item.key: one for one in transactions}
            self._probe("listen.after_data")
            yield Batch(tuple(one.item for one in transactions), None)

    async def confirm(self, batch: Batch) -> None:
        """Stored: 250. Whoever has hung up meanwhile will offer the mail again, and the house will know it."""
        await self._answer(batch, "250 2.0.0 Taken")

    async def refuse(self, batch: Batch, why: Temporary) -> None:
        """Not stored now: 451, the sender keeps it and tries again."""
        await self._answer(batch, "451 4.3.0 We cannot store mail at the moment, please try again later")

    async def close(self) -> None:
        """Take no more; whoever is in the middle of something gets 421 and tries again elsewhere or later."""
        if self._server is None:
            return
        server, self._server = self._server, None
        server.close()
        sessions = list(self._sessions)
        for session in sessions:
            session.dismiss()
        if sessions:
            await asyncio.wait([one.gone for one in sessions], timeout=CLOSING_SECONDS)
        for session in list(self._sessions):
            session.abort()
        await server.wait_closed()
        # What the house has not answered it may still be storing, so those files stay until the next start.
        self._pending.clear()
        self._waiting = asyncio.Queue()

    def offer(self, transaction: Transaction) -> None:
        """A session has received a whole mail."""
        self._waiting.put_nowait(transaction)

    def forget(self, session: SmtpSession) -> None:
        """A session has ended."""
        self._sessions.discard(session)

    def _session(self) -> asyncio.BaseProtocol:
        if len(self._sessions) >= self.options.max_connections:
            return TooMany()
        session = (LmtpSession if self.options.protocol == "lmtp" else SmtpSession)(self)
        self._sessions.add(session)
        return session

    async def _answer(self, batch: Batch, answer: str) -> None:
        for item in batch.items:
            transaction = self._pending.pop(item.key, None)
            if isinstance(item.raw, Spooled):
                await asyncio.to_thread(item.raw.path.unlink, missing_ok=True)
            if transaction is not None and not transaction.answer.done():
                transaction.answer.set_result(answer)

    def _sweep(self) -> None:
        """Make the spool folder, and clear away what a killed process was receiving: nobody was told that it was taken."""
        self.spool.mkdir(parents=True, exist_ok=True)
        for left in self.spool.iterdir():
            left.unlink(missing_ok=True)
