"""What a thousand visitors of the web chat cost who all look at once: memory of the daemon, and how soon each is told.

Beside it, in the same run, a floor: a bare ASGI application under the same server that holds as many open streams and
knows nothing. The ratio of the two is what a visitor costs above the connection itself.
"""

import asyncio
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.figures import Result, at_most, exactly, machine, percentile, told
from bench.harness import running, settled_mb
from bench.site import make_site, webchat
from tests.rig.loopback import HOST, free_port
from tests.rig.wait import until

PATIENCE = 30.0  # seconds until a line counts as missing
AT_ONCE = 50  # visitors that come in at the same time
WORDS = "Where is my order?"
FLOOR = """
import sys, asyncio, uvicorn

async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    await send({"type": "http.response.body", "body": b": \\n\\n", "more_body": True})
    await asyncio.Event().wait()

uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="critical", lifespan="off")
"""


@dataclass(slots=True)
class Visitor:
    """One browser: its token, and the stream that it listens to (the lines of HTTP's own chunks mean nothing to it)."""

    token: str
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def line(self) -> dict[str, Any]:
        """The next line of the conversation that the stream tells of."""
        kind = ""
        while True:
            told = (await self.reader.readline()).decode()
            if not told:
                raise EOFError("the stream has ended")
            if told.startswith("event: "):
                kind = told.removeprefix("event: ").strip()
            elif told.startswith("data: ") and kind == "line":
                return dict(json.loads(told.removeprefix("data: ")))


def measure(count: int = 1000, talking: int = 100) -> Result:
    """`count` visitors listen; `talking` of them write, one after the other."""
    floor = _floor(count)
    with tempfile.TemporaryDirectory(prefix="inbox-bench-") as scratch:
        port = free_port()
        site = make_site(Path(scratch) / "webchat", webchat(port), port)
        with running(site) as daemon:
            idle = settled_mb(daemon.pid)
            grown, waits, streams = asyncio.run(
                _Crowd(port).come(count, talking, lambda: settled_mb(daemon.pid) - idle)
            )
    return Result(
        "web chat visitors",
        datetime.now(UTC),
        (
            exactly("streams open", streams, count),
            told("memory above idle", grown, "MB"),
            told("a visitor, beside a bare stream", grown * 1024 / count, "KB", floor=floor * 1024 / count),
            exactly("acknowledgements seen live", len(waits), talking),
            at_most("message to acknowledgement on the page, p50", percentile(waits, 50), "ms", 150, binding=False),
            at_most("p99", percentile(waits, 99), "ms", 1000, binding=False),
        ),
        machine(),
    )


class _Crowd:
    """All the visitors, at the page of one port."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def come(self, count: int, talking: int, memory: Callable[[], float]) -> tuple[float, list[float], int]:
        """Megabytes that they cost, milliseconds that those who write wait, and how many streams were open at the end."""
        some = asyncio.Semaphore(AT_ONCE)
        visitors = await asyncio.gather(*(self._comes(some) for _ in range(count)))
        grown = await asyncio.to_thread(memory)
        waits = [wait for one in visitors[:: max(1, count // talking)][:talking] if (wait := await self._talks(one))]
        open_ones = sum(not one.reader.at_eof() for one in visitors)
        for one in visitors:
            one.writer.close()
        return grown, waits, open_ones

    async def _comes(self, some: asyncio.Semaphore) -> Visitor:
        async with some:
            greeted = await self._post("hello", {"language": "en", "page": "https://shop.example/"}, "")
            token = str(greeted["token"])
            reader, writer = await asyncio.open_connection(HOST, self._port)
            writer.write(_request("GET", "live", b"", token))
            await writer.drain()
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in head.splitlines()[0]:
                raise RuntimeError(f"no stream: {head!r}")
            return Visitor(token, reader, writer)

    async def _talks(self, visitor: Visitor) -> float:
        began = time.monotonic()
        await self._post("messages", {"id": f"m{began}", "text": WORDS, "page": ""}, visitor.token)
        async with asyncio.timeout(PATIENCE):
            while not (await visitor.line())["automatic"]:
                pass
        return (time.monotonic() - began) * 1000

    async def _post(self, path: str, said: Mapping[str, object], token: str) -> dict[str, Any]:
        reader, writer = await asyncio.open_connection(HOST, self._port)
        try:
            writer.write(_request("POST", path, json.dumps(said).encode(), token))
            whole = await reader.read()
        finally:
            writer.close()
        head, _, body = whole.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 20"):
            raise RuntimeError(f"{path}: {whole!r}")
        return dict(json.loads(body))


def _request(method: str, path: str, body: bytes, token: str) -> bytes:
    head = [f"{method} /channels/web/{path} HTTP/1.1", f"host: {HOST}", f"content-length: {len(body)}"]
    head += ["content-type: application/json", *([f"authorization: Bearer {token}"] if token else [])]
    head += [] if path == "live" else ["connection: close"]
    return "\r\n".join([*head, "", ""]).encode() + body


def _floor(count: int) -> float:
    """Megabytes that as many open streams cost a bare application."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", FLOOR, str(port)])
    try:
        until(lambda: _answers(port), within=20, what="the bare application answers")
        idle = settled_mb(process.pid)
        return asyncio.run(_held(port, count, lambda: settled_mb(process.pid) - idle))
    finally:
        process.kill()  # it holds its streams for ever
        process.wait()


async def _held(port: int, count: int, memory: Callable[[], float]) -> float:
    some = asyncio.Semaphore(AT_ONCE)

    async def opened() -> asyncio.StreamWriter:
        async with some:
            reader, writer = await asyncio.open_connection(HOST, port)
            writer.write(f"GET / HTTP/1.1\r\nhost: {HOST}\r\n\r\n".encode())
            await reader.readuntil(b"\r\n\r\n")
            return writer

    writers = await asyncio.gather(*(opened() for _ in range(count)))
    grown = await asyncio.to_thread(memory)
    for writer in writers:
        writer.close()
    return grown


def _answers(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex((HOST, port)) == 0
