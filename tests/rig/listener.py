"""A TCP server on loopback whose event loop runs in a thread of its own, so that tests may block."""

import asyncio
import ssl
import threading
from collections.abc import Awaitable, Callable, Collection, Coroutine
from typing import Any, TypeVar

from tests.rig.loopback import HOST, free_port
from tests.rig.wire import HungUp, Wire

T = TypeVar("T")


class Listener:
    """Runs `talk` for every connection and forgets none of them.

    A `talk` ends by returning or with `HungUp`; anything else it raises is a broken promise of the test's and is
    raised again by `close`. The port is chosen at the first start and kept for the next one.
    """

    def __init__(self, talk: Callable[[Wire], Awaitable[None]], tls: ssl.SSLContext | None = None) -> None:
        self.host = HOST
        self.port = 0
        self.connections = 0
        self.problems: list[BaseException] = []
        self._talk = talk
        self._tls = tls
        self._live: dict[asyncio.Task[Any], Wire] = {}
        self._server: asyncio.Server | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="rig listener", daemon=True)
        self._thread.start()

    @property
    def live(self) -> int:
        """How many connections are open right now."""
        return len(self._live)

    def start(self) -> None:
        """Take connections from now on."""
        self.run(self._start())

    def pause(self) -> None:
        """Take no more connections and end those that are open; `start` goes on with the same port."""
        self.run(self._pause())

    def close(self) -> None:
        """End everything; raises the first problem that a conversation had."""
        if self._loop.is_closed():
            return
        self.pause()
        self.run(_ended(asyncio.all_tasks(self._loop)))  # those in the midst of shaking hands
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(60)
        self._loop.close()
        if self.problems:
            raise self.problems[0]

    def hang_up(self, *, rudely: bool = False) -> None:
        """End the open connections, with a reset when `rudely`."""
        for wire in list(self._live.values()):
            self.soon(wire.rst if rudely else wire.fin)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something on the listener's loop and wait for it, at most a minute."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def soon(self, work: Callable[[], object]) -> None:
        """Do something on the listener's loop when it comes round."""
        self._loop.call_soon_threadsafe(work)

    async def _start(self) -> None:
        self.port = self.port or free_port()  # one that nobody takes during a pause
        self._server = await asyncio.start_server(self._accept, HOST, self.port, ssl=self._tls, limit=1024 * 1024)

    async def _pause(self) -> None:
        if self._server:
            self._server.close()
        ending = dict(self._live)
        await _ended(ending)
        for wire in ending.values():
            wire.cut()  # left open where its talk had not begun, or was over and a farewell awaited

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = Wire(reader, writer)
        task = self._loop.create_task(self._served(wire))
        self._live[task] = wire
        task.add_done_callback(self._live.pop)
        self.connections += 1

    async def _served(self, wire: Wire) -> None:
        try:
            await self._talk(wire)
        except (HungUp, asyncio.CancelledError):
            pass
        except BaseException as problem:
            self.problems.append(problem)
        finally:
            await wire.leave()


async def _ended(tasks: Collection[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
