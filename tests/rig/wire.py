"""One accepted connection as a scripted server sees it: read up to a mark, send, hang up politely or rudely."""

import asyncio
import contextlib
import socket
import ssl
import struct

_CHUNK = 256 * 1024


class HungUp(Exception):
    """The connection is over: the peer left, or the script ended it."""


class Wire:
    """Reads in large pieces into a buffer of its own, so that one mail costs a few awaits and not one a line."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._buffer = bytearray()
        self.encrypted = writer.get_extra_info("ssl_object") is not None

    async def until(self, mark: bytes, *, lead: bytes = b"") -> bytes:
        """Everything up to and including `mark`; `lead` is taken as if it had been read first."""
        self._buffer[:0] = lead
        start = 0
        while (at := self._buffer.find(mark, start)) < 0:
            start = max(0, len(self._buffer) - len(mark) + 1)
            await self._fill()
        return self._take(at + len(mark))

    async def line(self) -> bytes:
        """The next line without its line end."""
        return (await self.until(b"\n")).rstrip(b"\r\n")

    async def exactly(self, count: int) -> bytes:
        """The next `count` bytes."""
        while len(self._buffer) < count:
            await self._fill()
        return self._take(count)

    async def some(self) -> bytes:
        """Whatever there is, at least one byte."""
        if not self._buffer:
            await self._fill()
        return self._take(len(self._buffer))

    async def send(self, data: bytes) -> None:
        """Write and wait until the peer takes it."""
        try:
            self._writer.write(data)
            await self._writer.drain()
        except OSError as error:
            raise HungUp from error

    async def peer_leaves(self) -> None:
        """Wait, saying nothing, until the peer ends the connection; what it says meanwhile stays readable."""
        try:
            while True:
                await self._fill()
        except HungUp:
            return

    async def encrypt(self, context: ssl.SSLContext) -> None:
        """Become the server side of TLS; what was sent in clear beyond this point is thrown away (RFC 3207, 4.2)."""
        self._buffer.clear()
        try:
            await self._writer.start_tls(context)
        except OSError as error:
            raise HungUp from error
        self.encrypted = True

    def fin(self) -> None:
        """End the connection in an orderly way, after what was sent."""
        if not self._writer.is_closing():  # over TLS, closed twice it can no longer be cut (CPython 3.11)
            self._writer.close()

    def rst(self) -> None:
        """Break the connection off: the peer sees a reset and may lose what was sent."""
        sock: socket.socket = self._writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.cut()

    def cut(self) -> None:
        """End the connection at once, whatever is still unsent; nothing happens to one that has ended."""
        self._writer.transport.abort()

    async def leave(self) -> None:
        """End the connection in an orderly way and wait until it has: a farewell over TLS takes a moment."""
        self.fin()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()

    async def _fill(self) -> None:
        try:
            chunk = await self._reader.read(_CHUNK)
        except OSError as error:
            raise HungUp from error
        if not chunk:
            raise HungUp
        self._buffer += chunk

    def _take(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken
