"""Posted forms: from one of our own pages and of this session, within a size; fields and files as they were filled in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import MutableHeaders, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Message, Receive, Scope

from inbox.web import session
from inbox.web.frame import Frame, House
from inbox.web.guard import from_here

MOST_FIELDS = 300
MOST_FILES = 20
_CHARSET = re.compile(r";\s*charset", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Form:
    """What was sent: the values of each field in their order, and the files of each that has any."""

    values: Mapping[str, tuple[str, ...]]
    files: Mapping[str, tuple[UploadFile, ...]]

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def get(self, name: str, otherwise: str = "") -> str:
        """The first value of a field."""
        return self.values.get(name, (otherwise,))[0]

    async def close(self) -> None:
        """Let go of the files."""
        for one in (one for several in self.files.values() for one in several):
            await one.close()

    @property
    def first(self) -> dict[str, str]:
        """The first value of each field."""
        return {name: values[0] for name, values in self.values.items()}


async def posted(made: Frame, most: int = session.FORM_CAP, *, files: bool = False) -> Form:
    """The form that came with a request, at most `most` bytes of it. With `files` those too, for the caller to close; else they
    are let go at once.

    Raises HTTPException: 403 where no page of this session sent it, 413 where it is larger, 400 where it is no form.
    """
    return await sent_by(made.house, made.request, made.house.cookies.read(made.request), most, files=files)


async def sent_by(house: House, request: Request, token: str, most: int, *, files: bool = False) -> Form:
    """As `posted`, from a page of whoever's session has that token."""
    if not from_here(request, house.site.public_url):
        raise HTTPException(403)
    form = await _read(request, most)
    if not files:
        await form.close()
        form = Form(form.values, {})
    if not token or not session.same(form.get("form_token"), session.form_token(token)):
        await form.close()
        raise HTTPException(403)
    return form


class _TooLarge(MultiPartException):
    """Of the kind at which Starlette's parser closes the files that it had begun."""


async def _read(request: Request, most: int) -> Form:
    counted = Request(_as_our_pages_send(request), _bounded(request.receive, most))
    try:
        sent = await counted.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=most)
    except _TooLarge as error:
        raise HTTPException(413) from error
    except MultiPartException as error:  # Starlette makes an answer of it only where it knows its own application
        raise HTTPException(400) from error
    values: dict[str, list[Any]] = {}
    files: dict[str, list[Any]] = {}
    for name, value in sent.multi_items():
        if isinstance(value, UploadFile) and not value.filename:
            await value.close()  # a field for files that was left empty
            continue
        if isinstance(value, UploadFile):
            files.setdefault(name, []).append(value)
        else:
            values.setdefault(name, []).append(session.storable(value))
    return Form({n: tuple(v) for n, v in values.items()}, {n: tuple(f) for n, f in files.items()})


def _as_our_pages_send(request: Request) -> Scope:
    """In UTF-8: whoever names another charset chooses how we decode, and Python knows decoders that are slow, that fail in ways
    of their own, or that make halves of characters."""
    headers = MutableHeaders(raw=list(request.scope["headers"]))
    kind, _, rest = headers.get("content-type", "").partition(";")
    if kind.strip().lower() == "multipart/form-data":
        headers["content-type"] = _CHARSET.sub("; x-charset", f"{kind};{rest}")
    return {**request.scope, "headers": headers.raw}


def _bounded(receive: Receive, most: int) -> Receive:
    read = 0

    async def bounded() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > most:
            raise _TooLarge("too many bytes")
        return message

    return bounded
