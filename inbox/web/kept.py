"""Files of messages as a browser gets them: to be kept, or a picture to be looked at. What a file is, its bytes say, never its name."""

from urllib.parse import quote

from starlette.responses import Response

from inbox.blobs import Blobs
from inbox.pipeline.playbook import Playbook
from inbox.store.enclosed import Enclosed
from inbox.text.filenames import safe_filename

SHOWN = 8 * 1024 * 1024
"""Bytes of a picture that is shown in the page."""
KEPT = {
    "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
}
_OCTETS = "application/octet-stream"
_MAGIC = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}


def download(content: bytes, filename: str) -> Response:
    """To be kept as a file, whatever it is."""
    return Response(content, headers={**KEPT, "content-disposition": _named(filename)}, media_type=_OCTETS)


def look(content: bytes) -> Response | None:
    """To be looked at, if it is a picture that is safe to show."""
    kind = picture(content)
    if kind is None or len(content) > SHOWN:
        return None
    return Response(content, headers={**KEPT, "content-disposition": "inline"}, media_type=kind)


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
