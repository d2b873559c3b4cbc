"""The script of the widget and the files of its pages: public, read once, and asked for again only when they changed."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from channels.webchat.script import script
from inbox.ports.colours import accented
from inbox.ports.face import Front

TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
STATIC = Path(__file__).parent / "static"
PAGES = Path(__file__).parent / "pages"
WIDGET = "widget"
SCRIPT = "widget.js"
ACCENT = "accent.css"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, as it is and compressed; `tag` is the beginning of its SHA-256."""

    content: bytes
    packed: bytes
    media_type: str
    tag: str

    def answer(self, request: Request) -> Response:
        """The file, or that it is what the browser has."""
        headers = {
            "cache-control": "public, max-age=300",
            "etag": f'"{self.tag}"',
            "access-control-allow-origin": "*",
            "cross-origin-resource-policy": "cross-origin",
            "x-content-type-options": "nosniff",
            "vary": "Accept-Encoding",
        }
        if self.tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        headers["content-type"] = self.media_type
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(self.packed, headers={**headers, "content-encoding": "gzip"})
        return Response(self.content, headers=headers)


def assets(front: Front, accent: str, folder: Path = STATIC) -> Mapping[str, Asset]:
    """The files of the folder by name, the widget's script, and a style sheet that says the channel's colour."""
    found = {path.name: path for path in sorted(folder.iterdir()) if path.suffix in TYPES} if folder.is_dir() else {}
    made = {name: _asset(path.read_bytes(), TYPES[path.suffix]) for name, path in found.items()}
    colour = accented(":root", accent).encode()
    own = {SCRIPT: script(folder / WIDGET, front, accent), ACCENT: colour}
    return {**made, **{name: _asset(content, TYPES[Path(name).suffix]) for name, content in own.items()}}


def _asset(content: bytes, media_type: str) -> Asset:
    return Asset(content, gzip.compress(content, 9, mtime=0), media_type, hashlib.sha256(content).hexdigest()[:32])
