"""The HTTP server as the daemon runs it: binds first and says so, leaves signals alone, stops when it is told."""

import asyncio
import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import uvicorn
from starlette.types import ASGIApp

from inbox.domain.problems import Problem

_REASONS = {
    errno.EADDRINUSE: "web.port_taken",
    errno.EACCES: "web.port_forbidden",
    errno.EADDRNOTAVAIL: "web.address_foreign",
}
TICK = 1.0
"""Seconds: a Date header names no smaller part of time (RFC 9110, section 5.6.7)."""


class Server:
    """One listening address. `start` returns once requests are answered; `stop` lets those that run finish."""

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        self.host = host
        self.port = port
        config = uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            h11_max_incomplete_event_size=32 * 1024,
            timeout_keep_alive=30,
        )
        self._server = _Unsignalled(config)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Bind and begin; `port` is then the real one where 0 was asked for. Raises Problem where that cannot be."""
        bound = _bound(self.host, self.port)
        self.port = bound.getsockname()[1]
        self._task = asyncio.create_task(self._server.serve(sockets=[bound]), name="web")
        up = asyncio.create_task(self._server.up.wait())
        await asyncio.wait({self._task, up}, return_when=asyncio.FIRST_COMPLETED)
        up.cancel()
        if self._task.done():
            await self._task

    async def stop(self, seconds: float = 5.0) -> None:
        """Take no more, wait this long for what runs, then cut it off. Safe twice, and before `start`."""
        if self._task is None:
            return
        self._server.config.timeout_graceful_shutdown = seconds  # type: ignore[assignment]  # uvicorn says int and hands it to wait_for
        self._server.end()
        await self._task
        self._task = None


class _Unsignalled(uvicorn.Server):
    """uvicorn without its signal handlers: the daemon has its own."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()
        self._ended = asyncio.Event()

    def end(self) -> None:
        """Take no more, and return once what runs is done."""
        self.should_exit = True
        self._ended.set()

    async def main_loop(self) -> None:
        """Until `end`. The date that answers carry is renewed each second; uvicorn's own loop looks ten times as often."""
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), TICK)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Captures none."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Tells when requests are answered."""
        await super().startup(sockets)
        self.up.set()


def _bound(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        made = socket.socket(family, kind, protocol)
    except OSError as error:
        raise Problem("web.address_foreign", host=host, port=str(port)) from error
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(1024)
        made.setblocking(False)
    except OSError as error:
        made.close()
        key = _REASONS.get(error.errno or 0, "web.not_bound")
        raise Problem(key, host=host, port=str(port), reason=error.strerror or str(error)) from error
    return made
