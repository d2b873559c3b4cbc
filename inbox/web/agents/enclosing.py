"""The files of a conversation: to be kept, and pictures to be looked at. What a file is, its bytes say, never its name."""

import asyncio
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.blobs import Blobs
from inbox.domain.ids import AttachmentId
from inbox.pipeline.playbook import Playbook
from inbox.store import enclosed
from inbox.store.enclosed import Enclosed
from inbox.text.filenames import safe_filename
from inbox.text.references import normalise
from inbox.web.frame import House, frame
from inbox.web.numbers import of_path

SHOWN = 8 * 1024 * 1024
"""Bytes of a picture that is shown in the page."""
KEPT = {
    "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
}
_MAGIC = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}


class Enclosing:
    """The route of the files."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def file(self, request: Request) -> Response:
        """GET `/c/K7Q2/a/17`: to be kept as a file; `?show`: as a picture, if it is one that is safe to show."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        reference, id = normalise(request.path_params["reference"]), AttachmentId(of_path(request, "id"))
        book = self._house.playbook() if self._house.playbook else None
        found = await self._house.store.read(enclosed.file, made.scope, reference, id) if reference else None
        content = None
        if found is not None and book is not None:
            content = await asyncio.to_thread(read, found, book, self._house.blobs)
        if found is None or content is None:
            return made.missing()
        if "show" not in request.query_params:
            return Response(
                content, headers={**KEPT, "content-disposition": _named(found.stored.file.filename)}, media_type=_OCTETS
            )
        kind = picture(content)
        if kind is None or len(content) > SHOWN:
            return made.missing()
        return Response(content, headers={**KEPT, "content-disposition": "inline"}, media_type=kind)


_OCTETS = "application/octet-stream"


def routes(house: House) -> list[Route]:
    """Its address."""
    return [Route("/c/{reference}/a/{id}", Enclosing(house).file)]


def read(found: Enclosed, book: Playbook, blobs: Blobs | None) -> bytes | None:
    """The bytes of a file; None where they cannot be had any more. Blocks while it reads and decodes."""
    one, whole = found.stored.file, found.whole
    speaker = book.channels.get(found.channel) if found.channel else None
    if one.state != "here" and found.stored.blob is None:
        return None
    try:
        if whole is None:
            return None if blobs is None else blobs.read(found.stored.blob or "")
        raw = whole.raw if whole.raw is not None or blobs is None else blobs.find(whole.blob or "")
        if raw is None or speaker is None:
            return None
        return speaker.codec.attachment(raw, one.start, one.length, one.encoding)
    except (FileNotFoundError, ValueError):
        return None


def picture(content: bytes) -> str | None:
    """The type of a picture that nothing can hide in, by its first bytes; None for anything else."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for magic, kind in _MAGIC.items() if content.startswith(magic)), None)


def _named(filename: str) -> str:
    """RFC 6266 with the name of RFC 8187: a download under its own name, whatever letters it has."""
    return f"attachment; filename*=UTF-8''{quote(safe_filename(filename), safe='')}"
