"""As much of HTTP/1.1 as a bot and its server speak: requests with forms and files read off a wire, answers written to it."""

import json
import re
from dataclasses import dataclass, field
from email.utils import formatdate
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.rig.wire import Wire

_LENGTH = re.compile(rb"\r\ncontent-length:\s*(\d+)", re.IGNORECASE)
_TYPE = re.compile(rb"\r\ncontent-type:\s*([^\r]+)", re.IGNORECASE)
_DISPOSITION = re.compile(rb'name="([^"]*)"(?:; filename="([^"]*)")?', re.IGNORECASE)
_BOUNDARY = re.compile(rb"boundary=\"?([^\";]+)")


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a form."""

    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """One request with its parameters, wherever they stood: in the address, a form, a multipart form or JSON."""

    path: str
    parameters: dict[str, str] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)


@dataclass(slots=True)
class Opened:
    """A request of which only the head was read: a test may want to hang up here."""

    head: bytes
    wire: Wire

    @property
    def path(self) -> str:
        """The address without its parameters."""
        return unquote(urlsplit(self._target).path)

    async def read(self) -> Request:
        """The whole of it."""
        length = _LENGTH.search(self.head)
        body = await self.wire.exactly(int(length[1])) if length else b""
        parameters, files = _form(_TYPE.search(self.head), body)
        return Request(self.path, dict(parse_qsl(urlsplit(self._target).query)) | parameters, files)

    @property
    def _target(self) -> str:
        return self.head.split(b" ", 2)[1].decode("ascii")


async def opened(wire: Wire) -> Opened:
    """The head of the next request. Raises HungUp when there is none."""
    return Opened(await wire.until(b"\r\n\r\n"), wire)


def answer(status: int, body: bytes, kind: str = "application/json", *, last: bool = False) -> bytes:
    """An answer as it goes over the wire; `last` says that the connection ends with it."""
    closing = "Connection: close\r\n" if last else ""
    head = f"Date: {formatdate(usegmt=True)}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    return f"HTTP/1.1 {status} X\r\n{head}{closing}\r\n".encode() + body


def _form(kind: re.Match[bytes] | None, body: bytes) -> tuple[dict[str, str], dict[str, Upload]]:
    if kind is None or not body:
        return {}, {}
    if kind[1].startswith(b"multipart/"):
        boundary = _BOUNDARY.search(kind[1])
        assert boundary is not None
        return _multipart(body, boundary[1])
    if kind[1].startswith(b"application/json"):
        return {name: one if isinstance(one, str) else json.dumps(one) for name, one in json.loads(body).items()}, {}
    return dict(parse_qsl(body.decode(), keep_blank_values=True)), {}


def _multipart(body: bytes, boundary: bytes) -> tuple[dict[str, str], dict[str, Upload]]:
    parameters: dict[str, str] = {}
    files: dict[str, Upload] = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary)[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        found = _DISPOSITION.search(head)
        assert found is not None
        if found[2] is None:
            parameters[found[1].decode()] = content.decode()
        else:
            files[found[1].decode()] = Upload(found[2].decode(), content)
    return parameters, files
