"""A browser without a window over plain sockets: keeps a connection and its cookies, sends forms and JSON, listens to streams."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.rig.loopback import HOST


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `milliseconds`: until all of it was here."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    milliseconds: float

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    def hidden(self, name: str) -> str:
        """The value of a hidden field of a page; empty where it has none."""
        _, found, after = self.text.partition(f'name="{name}" value="')
        return after.split('"')[0] if found else ""


class Browser:
    """One that asks one thing at a time. `token` is sent as visitors of a web chat send theirs."""

    def __init__(self, port: int, token: str = "") -> None:
        self._port = port
        self.token = token
        self.cookies: dict[str, str] = {}
        self._open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> Answer:
        """A page."""
        return await self._ask("GET", path, b"", "")

    async def post(self, path: str, form: Mapping[str, str]) -> Answer:
        """A form of one of our pages."""
        return await self._ask("POST", path, urlencode(form).encode(), "application/x-www-form-urlencoded")

    async def tell(self, path: str, said: Mapping[str, object]) -> Answer:
        """JSON."""
        return await self._ask("POST", path, json.dumps(said).encode(), "application/json")

    async def stream(self, path: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Server-sent events on a connection of their own, behind the head. Raises `RuntimeError` where there are none."""
        reader, writer = await asyncio.open_connection(HOST, self._port)
        writer.write(self._head("GET", path, b"", ""))
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head.splitlines()[0]:
            writer.close()
            raise RuntimeError(f"no stream: {head!r}")
        return reader, writer

    def close(self) -> None:
        """Hang up."""
        if self._open is not None:
            self._open[1].close()
            self._open = None

    async def _ask(self, method: str, path: str, body: bytes, kind: str) -> Answer:
        began = time.perf_counter()
        fresh = self._open is None
        try:
            status, headers, said = await self._asked(method, path, body, kind)
        except (asyncio.IncompleteReadError, ConnectionError):
            self.close()
            if fresh or method != "GET":  # a server may close what was idle; what has an effect is not asked twice
                raise
            status, headers, said = await self._asked(method, path, body, kind)
        for name, morsel in SimpleCookie(headers.get("set-cookie", "")).items():
            self.cookies[name] = morsel.value
        return Answer(status, headers, said, (time.perf_counter() - began) * 1000)

    async def _asked(self, method: str, path: str, body: bytes, kind: str) -> tuple[int, dict[str, str], bytes]:
        if self._open is None:
            self._open = await asyncio.open_connection(HOST, self._port, limit=1 << 20)
        reader, writer = self._open
        writer.write(self._head(method, path, body, kind) + body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in head[1:]:
            name, found, value = line.partition(":")
            if found:
                before = headers.get(name.lower())
                headers[name.lower()] = value.strip() if before is None else f"{before}; {value.strip()}"
        said = await _body(reader, headers)
        if headers.get("connection", "").lower() == "close":
            self.close()
        return int(head[0].split()[1]), headers, said

    def _head(self, method: str, path: str, body: bytes, kind: str) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", f"host: {HOST}:{self._port}", "accept-language: en"]
        if self.cookies:
            lines.append("cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        if self.token:
            lines.append(f"authorization: Bearer {self.token}")
        if method == "POST":
            lines += [f"content-length: {len(body)}", f"content-type: {kind}", "sec-fetch-site: same-origin"]
        return "\r\n".join([*lines, "", ""]).encode()


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return await reader.readexactly(int(headers.get("content-length", "0")))
    pieces = []
    while size := int((await reader.readline()).split(b";")[0], 16):
        pieces.append(await reader.readexactly(size))
        await reader.readline()
    await reader.readline()
    return b"".join(pieces)
