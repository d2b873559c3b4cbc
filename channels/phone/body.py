"""What a telephone system posts, whichever way it is written: JSON, a form, or a form with the recording in it."""

import json
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

SMALL = 64 * 1024
"""Bytes of everything that is not a recording."""
MOST_FIELDS = 200
MOST_FILES = 4
DEEPEST = 3
"""So deep an object within an object is read: `call.from.number`."""


class Unread(Exception):
    """Nothing was made of it; `status` and `key` say why."""

    def __init__(self, status: int, key: str) -> None:
        super().__init__(key)
        self.status = status
        self.key = key


@dataclass(frozen=True, slots=True)
class Sound:
    """A file of a form."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Posted:
    """The fields by name (of nested objects by their names with dots between them), and the files."""

    values: Mapping[str, str]
    files: tuple[Sound, ...] = ()


async def whole(request: Request, most: int) -> bytes:
    """All of the body. Raises Unread where it is too much, or the caller left."""
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > most:
                raise Unread(413, "phone.too_large")
    except ClientDisconnect:
        raise Unread(400, "phone.unreadable_request") from None
    return bytes(body)


async def posted(request: Request, body: bytes) -> Posted:
    """What it says. Raises Unread (400, 415)."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return Posted(_object(body))
    if kind == "application/x-www-form-urlencoded":
        return Posted(_pairs(body))
    if kind == "multipart/form-data":
        return await _multipart(request, body)
    raise Unread(415, "phone.unreadable_request")


def _object(body: bytes) -> dict[str, str]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise Unread(400, "phone.unreadable_request") from None
    if not isinstance(said, dict):
        raise Unread(400, "phone.unreadable_request")
    found: dict[str, str] = {}
    _flat(said, "", 0, found)
    return found


def _flat(said: Mapping[str, object], above: str, depth: int, found: dict[str, str]) -> None:
    for name, value in said.items():
        if len(found) >= MOST_FIELDS:
            return
        if isinstance(value, dict) and depth < DEEPEST:
            _flat(value, f"{above}{name}.", depth + 1, found)
        elif isinstance(value, str | int | float) and not isinstance(value, bool):
            found[f"{above}{name}"] = str(value)


def _pairs(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Unread(400, "phone.unreadable_request") from None
    return dict(reversed(pairs))


async def _multipart(request: Request, body: bytes) -> Posted:
    async def once() -> AsyncGenerator[bytes, None]:
        yield body

    parser = MultiPartParser(request.headers, once(), max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=SMALL)
    try:
        form = await parser.parse()
    except (MultiPartException, FormParserError, ValueError, LookupError):
        raise Unread(400, "phone.unreadable_request") from None
    values: dict[str, str] = {}
    files: list[Sound] = []
    try:
        for name, one in form.multi_items():
            if isinstance(one, UploadFile):
                files.append(Sound(one.filename or name, one.content_type or "audio/wav", await one.read()))
            else:
                values.setdefault(name, one)
    finally:
        await form.close()
    return Posted(values, tuple(files))
