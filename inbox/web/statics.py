"""The files that pages load: read once, named by their content, so that browsers may keep them for ever."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

STATIC = Path(__file__).parent / "static"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
}
_KEEP = {"cache-control": "public, max-age=31536000, immutable"}


@dataclass(frozen=True, slots=True)
class Static:
    """One file with its type and the beginning of its SHA-256."""

    content: bytes
    media_type: str
    digest: str


@dataclass(frozen=True, slots=True)
class Statics:
    """All files of the folder `static/`, by name."""

    files: Mapping[str, Static]

    @classmethod
    def read(cls, folder: Path) -> "Statics":
        """The files that stand in a folder; a folder in it is one file, made of its files in the order of their names."""
        paths = [path for path in sorted(folder.iterdir()) if path.suffix in _TYPES]
        files = {path.name: _static(path, _content(path)) for path in paths}
        for path in paths:
            if path.suffix == ".css":
                files[path.name] = _static(path, _linked(_content(path), files))
        return cls(files)

    def url(self, name: str) -> str:
        """Where a file is found; another content has another address. KeyError for a file that is not there."""
        return f"/static/{self.files[name].digest}/{name}"

    async def answer(self, request: Request) -> Response:
        """The route of all of them."""
        asset = self.files.get(request.path_params["name"])
        if asset is None or request.path_params["digest"] != asset.digest:
            return Response(status_code=404)
        return Response(asset.content, media_type=asset.media_type, headers=_KEEP)


def _content(path: Path) -> bytes:
    parts = sorted(path.iterdir()) if path.is_dir() else [path]
    return b"\n".join(part.read_bytes() for part in parts)


def _static(path: Path, content: bytes) -> Static:
    return Static(content, _TYPES[path.suffix], hashlib.sha256(content).hexdigest()[:12])


def _linked(css: bytes, files: Mapping[str, Static]) -> bytes:
    """A style sheet names the files beside it by name; browsers find them under the name of their content."""
    for name, asset in files.items():
        css = css.replace(f'url("{name}")'.encode(), f'url("../{asset.digest}/{name}")'.encode())
    return css
