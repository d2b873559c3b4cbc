"""A receiver of webhooks on the loopback: keeps a ledger of what it was told, checks signatures, and answers as it is bidden."""

import asyncio
import hashlib
import hmac
import json
import threading
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Heard:
    """One call: its headers in small letters, and its body as it came."""

    headers: dict[str, str]
    body: bytes

    @property
    def key(self) -> str:
        """By which it is known."""
        return self.headers["webhook-id"]

    @property
    def told(self) -> Any:
        """What it says."""
        return json.loads(self.body)

    def signed_by(self, secret: str) -> bool:
        """Whether one of its signatures is by this secret, as the specification says; written apart from the house's own."""
        told = f"{self.key}.{self.headers['webhook-timestamp']}.".encode() + self.body
        made = hmac.new(b64decode(secret.split("_", 1)[1]), told, hashlib.sha256).digest()
        return f"v1,{b64encode(made).decode()}" in self.headers["webhook-signature"].split(" ")


@dataclass
class Receiver:
    """`answers`: what the next calls are answered with, status and further headers; then 204. `silent`: it never answers."""

    url: str = ""
    ledger: list[Heard] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    silent: bool = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one call."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {n.lower(): v for n, _, v in (line.partition(": ") for line in head[1:] if line)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.ledger.append(Heard(headers, body))
            if self.silent:
                await reader.read()
                return
            status, more = self.answers.pop(0) if self.answers else (204, {})
            lines = [f"HTTP/1.1 {status} Told", "content-length: 0", "connection: close"]
            lines += [f"{name}: {value}" for name, value in more.items()]
            writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
            await writer.drain()
        finally:
            writer.close()


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A receiver that listens."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook?site=1"
    async with server:
        yield receiver


@contextmanager
def served() -> Iterator[Receiver]:
    """The same for tests without a loop of their own: it listens in a thread."""
    receiver, loop = Receiver(), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="webhook receiver")
    thread.start()
    began = asyncio.run_coroutine_threadsafe(asyncio.start_server(receiver.serve, "127.0.0.1", 0), loop)
    server = began.result(10)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    try:
        yield receiver
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
