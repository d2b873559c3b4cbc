"""A file that only the network has, fetched when the house asks for it, and never more of it than is allowed."""

import asyncio
import tempfile
from pathlib import Path

from channels.telegram.line import Line
from channels.telegram.request import Refused
from channels.telegram.said import Said
from channels.telegram.troubles import of_asking
from inbox.domain.arrivals import Raw, Spooled
from inbox.domain.problems import Permanent, Problem

SMALL = 64 * 1024
"""Bytes up to which a file is held in memory."""


async def collected(line: Line, remote: str, limit: int, spool: Path) -> Raw:
    """The bytes, spooled where they are many. Raises Permanent where the file is gone or larger than `limit` bytes."""
    try:
        said = await line.ask("getFile", {"file_id": remote})
    except Refused as refused:
        raise _gone(refused, line.host) from None
    file = Said(said if isinstance(said, dict) else {})
    if file.number("file_size") > limit:
        raise Permanent("bot.file_too_large_to_fetch", limit=limit)
    path = file.text("file_path")
    if not path or ".." in path.split("/") or "://" in path:
        raise Permanent("bot.file_gone", host=line.host, words="no file_path")
    return await _downloaded(line, path.lstrip("/"), limit, spool)


async def _downloaded(line: Line, path: str, limit: int, spool: Path) -> Raw:
    await asyncio.to_thread(spool.mkdir, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=spool, prefix="bot-", delete=False) as file:
        place = Path(file.name)
        try:
            size = await line.download(path, limit, file.write)
        except BaseException:
            await asyncio.to_thread(place.unlink, missing_ok=True)
            raise
    if size > SMALL:
        return Spooled(place, size)
    return await asyncio.to_thread(_read_away, place)


def _read_away(place: Path) -> bytes:
    content = place.read_bytes()
    place.unlink()
    return content


def _gone(refused: Refused, host: str) -> Problem:
    """A 400 says that the file is gone, or too large for this host to give out."""
    if refused.code in (400, 404):
        return Permanent("bot.file_gone", host=host, words=refused.text)
    return of_asking(refused, host)
