"""A file of the transcript as a browser gets it: always a download, and never something that a browser runs."""

from urllib.parse import quote

from starlette.responses import Response

from channels.webchat.packing import UNKNOWN
from inbox.ports.face import LineFile
from inbox.text.filenames import safe_filename

HARMLESS = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "audio/ogg", "audio/mpeg", "video/mp4"})
"""Types that are told as they are; everything else is bytes."""


def download(told: LineFile, content: bytes) -> Response:
    """The answer. Names come from strangers: the plain one has letters of ASCII only, the other is percent-encoded (RFC 6266)."""
    name = safe_filename(told.name)
    plain = "".join(
        letter if letter.isascii() and letter.isprintable() and letter not in '"\\' else "_" for letter in name
    )
    return Response(
        content,
        headers={
            "content-type": told.content_type if told.content_type in HARMLESS else UNKNOWN,
            "content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
            "content-security-policy": "default-src 'none'; sandbox",
            "x-content-type-options": "nosniff",
            "cache-control": "no-store",
        },
    )
