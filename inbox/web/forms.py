"""Posted forms: from one of our own pages and of this session, within a size; fields and files as they were filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive

from inbox.web import session
from inbox.web.frame import Frame
from inbox.web.guard import from_here

MOST_FIELDS = 300
MOST_FILES = 20


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

    @property
    def first(self) -> dict[str, str]:
        """The first value of each field."""
        return {name: values[0] for name, values in self.values.items()}


async def posted(made: Frame, most: int = session.FORM_CAP) -> Form:
    """The form that came with a request, at most `most` bytes of it.

    Raises HTTPException: 403 where no page of this session sent it, 413 where it is larger, 400 where it is no form.
    """
    house, request = made.house, made.request
    if not from_here(request, house.site.public_url):
        raise HTTPException(403)
    form = await _read(request, most)
    token = house.cookies.read(request)
    if not token or not session.same(form.get("form_token"), session.form_token(token)):
        raise HTTPException(403)
    return form


async def _read(request: Request, most: int) -> Form:
    counted = Request(request.scope, _bounded(request.receive, most))
    sent = await counted.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=most)
    values: dict[str, list[Any]] = {}
    files: dict[str, list[Any]] = {}
    for name, value in sent.multi_items():
        if isinstance(value, UploadFile) and not value.filename:
            await value.close()  # a field for files that was left empty
            continue
        (values if isinstance(value, str) else files).setdefault(name, []).append(value)
    return Form({n: tuple(v) for n, v in values.items()}, {n: tuple(f) for n, f in files.items()})


def _bounded(receive: Receive, most: int) -> Receive:
    read = 0

    async def bounded() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > most:
            raise HTTPException(413)
        return message

    return bounded
