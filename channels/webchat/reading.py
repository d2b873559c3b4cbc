"""What a browser sends, read with a cap while it comes: JSON objects, forms, and forms with files."""

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from channels.webchat.refusal import Refused, busy
from inbox.text.cleaning import strip_controls

SMALL = 16 * 1024
"""Bytes of a body that holds neither a text nor files."""
FIELDS = 16
"""The most fields of a form."""
_FRAMES = 4 * 1024
"""Bytes that the head of one part may take."""


def megabytes(size: int) -> float | int:
    """Bytes as people read them: 10, 2.5."""
    told = round(size / 1_000_000, 1)
    return int(told) if told == int(told) else told


@dataclass(frozen=True, slots=True)
class Limits:
    """What one message may hold."""

    text: int
    files: int
    file_bytes: int

    @property
    def fields(self) -> int:
        """Bytes of a text in its longest writing (a character outside the plane as two escapes of JSON), and of what is beside it."""
        return self.text * 12 + SMALL

    @property
    def whole(self) -> int:
        """Bytes of the largest form."""
        return self.fields + self.files * (self.file_bytes + _FRAMES)


@dataclass(frozen=True, slots=True)
class Form:
    """Fields (the first of each name) and files of a body."""

    fields: Mapping[str, Any]
    files: Sequence[UploadFile] = ()

    def text(self, name: str, longest: int = 2000) -> str:
        """A field as one text without controls; empty where it is none. Raises Refused where it is longer."""
        found = self.fields.get(name, "")
        found = str(found) if isinstance(found, int) and not isinstance(found, bool) else found
        if not isinstance(found, str):
            return ""
        if len(found) > longest:
            raise Refused(413, "webchat.too_long", limit=longest)
        return strip_controls(found.replace("\r\n", "\n"))  # a form's lines end as in HTTP

    async def close(self) -> None:
        """The files' own spools are removed."""
        for file in self.files:
            await file.close()


async def body(request: Request, limits: Limits) -> Form:
    """The body, whatever it is. Whoever gets it has to close it. Raises Refused (400, 413, 415)."""
    kind = _kind(request)
    if kind == "multipart/form-data":
        return await _multipart(request, limits)
    content = b"".join([piece async for piece in _capped(request, limits.fields)])
    if kind == "application/json":
        return Form(_object(content))
    if kind == "application/x-www-form-urlencoded":
        return Form(_pairs(content))
    raise Refused(415, "webchat.unreadable_request")


def announced(request: Request, most: int) -> int:
    """Bytes of the body as its head tells them, and at most what is read of it."""
    told = request.headers.get("content-length", "")
    return min(int(told[:18]), most) if told.isdecimal() else most


async def small(request: Request) -> Form:
    """A JSON object of a few words: a kind of body that no page of another origin can send unasked."""
    if _kind(request) != "application/json":
        raise Refused(415, "webchat.unreadable_request")
    return await body(request, Limits(0, 0, 0))


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _object(content: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        raise Refused(400, "webchat.unreadable_request") from None
    if not isinstance(said, dict):
        raise Refused(400, "webchat.unreadable_request")
    return said


def _pairs(content: bytes) -> Mapping[str, str]:
    try:
        pairs = parse_qsl(content.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=FIELDS)
    except ValueError:
        raise Refused(400, "webchat.unreadable_request") from None
    return dict(reversed(pairs))


class _Whole(MultiPartParser):
    """Refuses a form that is over before its last boundary: it may be less than was sent, and a file of it would stay open."""

    ended = False

    def on_end(self) -> None:
        """The last boundary came."""
        self.ended = True

    async def parse(self) -> FormData:
        """The form. Raises MultiPartException."""
        self.stream = self._to_its_end(self.stream)
        return await super().parse()

    async def _to_its_end(self, stream: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
        async for piece in stream:
            yield piece
        if not self.ended:
            raise MultiPartException("cut off")


async def _multipart(request: Request, limits: Limits) -> Form:
    parser = _Whole(
        request.headers,
        _capped(request, limits.whole),
        max_files=limits.files + 1,  # one that nobody chose counts too
        max_fields=FIELDS,
        max_part_size=limits.fields,
    )
    try:
        said = await parser.parse()
    except (MultiPartException, FormParserError, ValueError, LookupError):
        raise Refused(400, "webchat.unreadable_request") from None
    except OSError:
        raise busy() from None  # no room for what it spools
    return await _checked(said, limits)


async def _checked(said: FormData, limits: Limits) -> Form:
    pairs = said.multi_items()
    files = []
    for one in (one for _, one in pairs if isinstance(one, UploadFile)):
        if one.filename or one.size:
            files.append(one)
        else:  # a form's empty choice is a file without name and bytes
            await one.close()
    form = Form(dict(reversed([(name, one) for name, one in pairs if isinstance(one, str)])), files)
    try:
        if len(files) > limits.files:
            raise Refused(413, "webchat.too_many_files", limit=limits.files)
        if any((one.size or 0) > limits.file_bytes for one in files):
            raise Refused(413, "webchat.file_too_big", size=megabytes(limits.file_bytes))
    except Refused:
        await form.close()
        raise
    return form


async def _capped(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    told = request.headers.get("content-length", "0")
    if told.isdecimal() and int(told[:18]) > limit:
        raise Refused(413, "webchat.too_large", limit=limit)
    size = 0
    try:
        async for piece in request.stream():
            size += len(piece)
            if size > limit:
                raise Refused(413, "webchat.too_large", limit=limit)
            yield piece
    except ClientDisconnect:
        raise Refused(400, "webchat.unreadable_request") from None
