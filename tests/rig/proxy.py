"""A TCP proxy that does to a connection what networks do: cut, swallow, delay, drip and split."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from tests.rig.listener import Listener
from tests.rig.loopback import HOST
from tests.rig.wire import HungUp, Wire

Way = Literal["up", "down"]  # up: from the client to the server


@dataclass(frozen=True, slots=True)
class Weather:
    """What happens to the bytes of one direction."""

    cut_after: int | None = None  # bytes that pass on a connection before it is cut
    rudely: bool = False  # cut with a reset
    swallow: bool = False  # take bytes and pass none, keep the connection open
    delay: float = 0.0  # seconds before each piece
    piece: int = 0  # bytes a piece, each in a write of its own; 0: as they come
    rate: float = 0.0  # bytes a second; 0: unlimited


class FaultProxy:
    """Listens on a free port and passes everything to one server, in the weather that is ordered for each direction.

    Changes apply to connections that are open as well. `passed` counts the bytes of each direction.
    """

    def __init__(self, port: int, host: str = HOST) -> None:
        self._target = (host, port)
        self.passed: dict[Way, int] = {"up": 0, "down": 0}
        self._weather: dict[Way, Weather] = {"up": Weather(), "down": Weather()}
        self._refusing = False
        self._listener = Listener(self._talk)

    @property
    def host(self) -> str:
        """Where it listens."""
        return self._listener.host

    @property
    def port(self) -> int:
        """Where it listens; chosen at the first start, kept afterwards."""
        return self._listener.port

    @property
    def connections(self) -> int:
        """How many connections there were so far."""
        return self._listener.connections

    @property
    def live(self) -> int:
        """How many connections are open."""
        return self._listener.live

    def start(self) -> "FaultProxy":
        """Take connections."""
        self._listener.start()
        return self

    def stop(self) -> None:
        """Be unreachable, as a host whose port is closed; `start` comes back on the same port."""
        self._listener.pause()

    def close(self) -> None:
        """End; raises what went wrong inside."""
        self._listener.close()

    def cut_after(self, count: int, way: Way = "down", *, rudely: bool = False) -> None:
        """Cut each connection when exactly `count` bytes have passed one way on it.

        With a reset (`rudely`) the reader may lose the last of them, as in life.
        """
        self._set([way], lambda weather: replace(weather, cut_after=count, rudely=rudely))

    def cut_now(self, *, rudely: bool = False) -> None:
        """Cut the open connections."""
        self._listener.hang_up(rudely=rudely)

    def black_hole(self, *ways: Way) -> None:
        """Swallow everything (one way or both) and keep connections open: a half-open peer."""
        self._set(ways or ("up", "down"), lambda weather: replace(weather, swallow=True))

    def delay(self, seconds: float, *ways: Way) -> None:
        """Hold each piece back for that long."""
        self._set(ways or ("up", "down"), lambda weather: replace(weather, delay=seconds))

    def drip(self, bytes_a_second: float, way: Way = "down") -> None:
        """Pass single bytes at that pace."""
        self._set([way], lambda weather: replace(weather, rate=bytes_a_second, piece=1))

    def split(self, size: int, *ways: Way) -> None:
        """Pass `size` bytes at a time, each in a packet of its own."""
        self._set(ways or ("up", "down"), lambda weather: replace(weather, piece=size))

    def refuse(self, refusing: bool = True) -> None:
        """Accept connections and end them at once."""
        self._refusing = refusing

    def heal(self) -> None:
        """Fair weather from now on; what was swallowed stays lost."""
        self._refusing = False
        self._weather = {"up": Weather(), "down": Weather()}

    def _set(self, ways: Iterable[Way], change: Callable[[Weather], Weather]) -> None:
        for way in ways:
            self._weather[way] = change(self._weather[way])

    async def _talk(self, client: Wire) -> None:
        if self._refusing:
            return
        try:
            reader, writer = await asyncio.open_connection(*self._target, limit=1024 * 1024)
        except OSError:
            return
        server = Wire(reader, writer)
        try:
            await self._pump_both(client, server)
        finally:
            server.fin()

    async def _pump_both(self, client: Wire, server: Wire) -> None:
        pumps = [
            asyncio.create_task(self._pump(client, server, "up")),
            asyncio.create_task(self._pump(server, client, "down")),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)

    async def _pump(self, source: Wire, sink: Wire, way: Way) -> None:
        """Pass bytes one way until an end leaves or the weather cuts the connection."""
        passed = 0
        try:
            while chunk := await source.some():
                for piece in _pieces(chunk, self._weather[way].piece):
                    passed += await self._pass(piece, source, sink, way, passed)
        except HungUp:
            while self._weather[way].swallow:  # a farewell is swallowed like anything else
                await asyncio.sleep(0.02)

    async def _pass(self, piece: bytes, source: Wire, sink: Wire, way: Way, passed: int) -> int:
        """Pass one piece, as far as it gets; returns how much did."""
        pace = self._weather[way]
        if pace.delay or pace.rate:
            await asyncio.sleep(pace.delay + (len(piece) / pace.rate if pace.rate else 0))
        weather = self._weather[way]
        if weather.swallow:
            return 0
        if weather.cut_after is not None:
            piece = piece[: max(0, weather.cut_after - passed)]
        self.passed[way] += len(piece)  # before it goes: whoever has it may hang up, which ends this pump
        await sink.send(piece)
        if weather.cut_after is not None and passed + len(piece) >= weather.cut_after:
            for wire in (source, sink):
                wire.rst() if weather.rudely else wire.fin()
            raise HungUp
        return len(piece)


def _pieces(chunk: bytes, size: int) -> Iterable[bytes]:
    """The chunk in pieces of `size` bytes, or whole when that is 0."""
    return (chunk[start : start + (size or len(chunk))] for start in range(0, len(chunk), size or len(chunk)))
