"""One IMAP connection: one command at a time, each with a total deadline, and none that outlives the connection.

After a deadline, a cancelled command or an answer out of turn the connection is thrown away: what
the server still says belongs to no question any more.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

from aioimaplib import aioimaplib

from channels.email.imap_wire import Lost, Question, Reply, Wire, plain
from inbox.domain.problems import Unreachable

Wait: TypeAlias = Callable[[], Awaitable[None]]

ADDRESS_DELAY = 0.25
"""Seconds before the next address of a host is tried beside the one before (RFC 8305, section 5)."""
SLOWEST = 10_000
"""Bytes a second. A transfer that is slower than this is given up."""


class Connection:
    """A connection to one server. Every method raises Unreachable when it is lost or too slow.

    `patience` is how many seconds a command may take in all; commands that bring bytes get more, see SLOWEST.
    """

    def __init__(self, host: str, port: int, patience: float) -> None:
        self._host, self._port, self._patience = host, port, patience
        self._wire = Wire(asyncio.get_running_loop())
        self._lock = asyncio.Lock()

    async def connect(self, tls: ssl.SSLContext | None) -> None:
        """Connect, with TLS from the first byte when a context is given, and hear the greeting."""
        async with self._within(self._patience, "connect"):
            loop = asyncio.get_running_loop()
            # Both kinds of address at once: a host whose IPv6 leads nowhere would use up the whole deadline.
            await loop.create_connection(
                lambda: self._wire, self._host, self._port, ssl=tls, happy_eyeballs_delay=ADDRESS_DELAY
            )
            greeting = await self._wire.greeting
        known = {b"OK": aioimaplib.NONAUTH, b"PREAUTH": aioimaplib.AUTH}
        kind = greeting[2:].split(b" ")[0].upper()
        if kind not in known:
            self._wire.drop(f"the server greeted with {plain(greeting)}")
            raise self._gone("connect", self._wire.lost.result())
        self.state = known[kind]

    @property
    def state(self) -> str:
        """One of aioimaplib's states. It is moved by whoever knows what an OK meant."""
        return str(self._wire.state)

    @state.setter
    def state(self, state: str) -> None:
        self._wire.state = state

    async def encrypt(self, tls: ssl.SSLContext) -> None:
        """Go on with TLS after an OK to STARTTLS; words that came before it in the clear were somebody else's."""
        async with self._lock, self._within(self._patience, "STARTTLS"):
            carrier = self._wire.carrier
            if carrier is None or not self._wire.framer.empty:
                raise Lost("the server spoke in the clear after STARTTLS")
            upgrading = asyncio.get_running_loop().start_tls(carrier, self._wire, tls, server_hostname=self._host)
            self._wire.carrier = await upgrading

    async def ask(
        self, name: str, *args: str, uid: bool = False, expecting: int = 0, lines: tuple[str, ...] = ()
    ) -> Reply:
        """Give one command and wait for its end. `expecting`: bytes that the answer may bring; `lines` answer a `+`.

        ValueError: an argument holds CR, LF or NUL.
        """
        async with self._lock, self._within(self._patience + expecting / SLOWEST, name):
            question = Question(name, self._wire.new_tag(), *args, prefix="UID" if uid else "", lines=lines)
            return await self._wire.ask(question)

    def forget_news(self) -> None:
        """Called before a SEARCH: what is announced from now on may not be in its answer."""
        self._wire.news.clear()

    @property
    def news(self) -> bool:
        """Mail was announced since `forget_news`."""
        return self._wire.news.is_set()

    async def idle(self, until: Wait) -> Reply:
        """IDLE until mail is announced, or was since `forget_news`, or `until` ends; what comes after DONE counts too."""
        async with self._lock:
            question = Question("IDLE", self._wire.new_tag())
            running = asyncio.ensure_future(self._wire.ask(question))
            try:
                async with self._within(self._patience, "IDLE"):
                    await _first(running, question.invited.wait())
                async with self._within(None, "IDLE"):
                    await _first(running, self._wire.news.wait(), until())
                async with self._within(self._patience, "DONE"):
                    if not running.done():
                        self._wire.send("DONE")
                    return await running
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)

    async def rest(self, until: Wait) -> None:
        """Do nothing until `until` ends or mail was announced; a loss ends it at once."""
        async with self._within(None, "wait"):
            await _first(self._wire.lost, self._wire.news.wait(), until())
            if self._wire.lost.done():
                raise Lost(self._wire.lost.result())

    async def close(self) -> None:
        """End the connection without ceremony: the server has nothing to write down. Safe twice."""
        self._wire.drop("closed by us")
        # One turn of the loop lets the transport tell the protocol and close its socket.
        await asyncio.sleep(0)

    @asynccontextmanager
    async def _within(self, seconds: float | None, doing: str) -> AsyncIterator[None]:
        """Total deadline, and the rule that a connection whose command did not end regularly is not used again."""
        try:
            async with asyncio.timeout(seconds):
                yield
        except Lost as error:
            self._wire.drop(str(error))
            raise self._gone(doing, str(error)) from None
        except TimeoutError:
            self._wire.drop(f"no answer to {doing}")
            raise Unreachable("imap.silent", host=self._host, doing=doing, seconds=round(seconds or 0)) from None
        except ssl.SSLError as error:
            self._wire.drop(str(error))
            raise Unreachable("imap.tls", host=self._host, reason=_reason(error)) from error
        except OSError as error:
            self._wire.drop(str(error))
            raise Unreachable("imap.unreachable", host=self._host, port=self._port, reason=_reason(error)) from error
        except BaseException:
            self._wire.drop(f"{doing} was given up")
            raise

    def _gone(self, doing: str, why: str) -> Unreachable:
        return Unreachable("imap.lost", host=self._host, doing=doing, reason=why)


def _reason(error: OSError) -> str:
    return getattr(error, "verify_message", "") or error.strerror or str(error)


async def _first(*waiting: Awaitable[Any]) -> None:
    """Until the first of them ends; what we began only for this is cancelled."""
    begun = [asyncio.ensure_future(one) for one in waiting]
    try:
        await asyncio.wait(begun, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task, one in zip(begun, waiting, strict=True):
            if task is not one:
                task.cancel()
