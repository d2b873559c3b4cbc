"""Files named on the command line, read to be sent along: a file that cannot be read ends the command before anything is said."""

import mimetypes
from collections.abc import Iterable
from pathlib import Path

from inbox.domain.problems import Problem

MOST = 50_000_000
"""Bytes of one file beyond which it is not even read; networks take less."""


def enclosed(paths: Iterable[Path]) -> tuple[dict[str, object], ...]:
    """The files as the action `reply` takes them. Raises Problem."""
    types = mimetypes.MimeTypes()
    return tuple(
        {"filename": path.name, "content_type": _kind(types, path), "content": _content(path)} for path in paths
    )


def _kind(types: mimetypes.MimeTypes, path: Path) -> str:
    kind, packed = types.guess_type(path.name)
    return kind if kind and not packed else "application/octet-stream"


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MOST + 1)
    except OSError as error:
        raise Problem("cli.reply.unreadable", path=path, reason=error.strerror or type(error).__name__) from error
    if len(content) > MOST:
        raise Problem("cli.reply.too_large", path=path, limit=MOST)
    return content
