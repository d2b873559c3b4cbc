"""What a visitor says, as the raw that the house stores: in memory while it is small, else in a file of our own."""

import asyncio
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from starlette.datastructures import UploadFile

from inbox.domain.arrivals import Raw, Spooled
from inbox.ports.framing import Enclosed, head
from inbox.text.filenames import safe_filename

SPOOL_FROM = 1_000_000
"""Bytes from which a raw is put together in a file."""
_TYPE = re.compile(r"[a-z0-9][\w.+-]{0,60}/[a-z0-9][\w.+-]{0,60}")
UNKNOWN = "application/octet-stream"


async def packed(said: Mapping[str, object], files: Sequence[UploadFile], spool: Path) -> Raw:
    """The frame. A spooled one is the caller's to remove."""
    enclosed = [
        Enclosed(safe_filename(one.filename or ""), content_type(one.content_type), one.size or 0) for one in files
    ]
    line = head("webchat", said, enclosed)
    if len(line) + sum(one.size for one in enclosed) <= SPOOL_FROM:
        return line + b"".join([await one.read() for one in files])
    return await asyncio.to_thread(_spooled, line, files, spool)


async def discard(raw: Raw) -> None:
    """Remove the file of a raw, where it still has one."""
    if isinstance(raw, Spooled):
        await asyncio.to_thread(raw.path.unlink, missing_ok=True)


def content_type(told: str | None) -> str:
    """A type as a browser told it, less its parameters; what is none is unknown."""
    plain = (told or "").partition(";")[0].strip().lower()
    return plain if _TYPE.fullmatch(plain) else UNKNOWN


def _spooled(line: bytes, files: Sequence[UploadFile], spool: Path) -> Spooled:
    spool.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=spool, prefix="webchat-", delete=False) as made:
        place = Path(made.name)
        try:
            made.write(line)
            for one in files:
                shutil.copyfileobj(one.file, made)
        except BaseException:
            place.unlink(missing_ok=True)
            raise
        return Spooled(place, made.tell())
