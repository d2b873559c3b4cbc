"""Unpacking: a handful of old mails made ready to be brought in; read, known again by their bytes, and parsed in a child."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from inbox.archive.aside import set_aside
from inbox.archive.found import SMALL, Archive, Found
from inbox.archive.instants import HEAD
from inbox.blobs import Blobs, digest_of
from inbox.domain.arrivals import Judged, Raw, Spooled, Verdict
from inbox.domain.happenings import Happening
from inbox.domain.ids import ChannelName
from inbox.domain.problems import Problem, Temporary
from inbox.runtime.parsers import Parsers
from inbox.store import arrivals
from inbox.store.arrivals import Landing
from inbox.store.store import Store

Read = Sequence[Happening] | Judged | Problem
"""What the codec found in a mail, or the verdict that it has already, or what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A mail that is to be brought in: what of it is stored, its bytes, and what was read in them."""

    landing: Landing
    raw: Raw
    read: Read


@dataclass(frozen=True, slots=True)
class Unpacked:
    """`count` mails: those that are ready, how many landed before, and where bytes could not be read, with the reason."""

    count: int
    ready: tuple[Ready, ...]
    known: int
    lost: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Handful:
    raws: list[tuple[Found, str, Raw]] = field(default_factory=list)
    lost: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Unpacking:
    """For one channel. `spool`: a folder of ours, where mails that are too large for memory lie until they are stored."""

    store: Store
    blobs: Blobs
    parsers: Parsers
    channel: ChannelName
    spool: Path

    async def of(self, archive: Archive, found: Sequence[Found], now: datetime) -> Unpacked:
        """Raises Temporary where the disk is full."""
        handful = await asyncio.to_thread(self._read, archive, found)
        keys = [key for _, key, _ in handful.raws]
        known = await self.store.read(arrivals.known, self.channel, keys)
        landed = await asyncio.to_thread(self._land, archive, handful, known)
        parsing = [(self.channel, raw) for _, raw, read in landed if not isinstance(read, Judged)]
        parsed = iter(await self.parsers.parse(parsing))
        ready = [Ready(at, raw, read if isinstance(read, Judged) else next(parsed)) for at, raw, read in landed]
        return Unpacked(len(found), tuple(ready), len(handful.raws) - len(ready), tuple(handful.lost))

    def _read(self, archive: Archive, found: Sequence[Found]) -> _Handful:
        handful = _Handful()
        for one in found:
            try:
                raw = archive.raw(one, self.spool)
                handful.raws.append((one, f"import {digest_of(raw)}", raw))
            except OSError as error:
                handful.lost.append((archive.named(one), error.strerror or type(error).__name__))
        return handful

    def _land(
        self, archive: Archive, handful: _Handful, known: frozenset[str]
    ) -> list[tuple[Landing, Raw, Judged | None]]:
        landed = []
        for one, key, raw in handful.raws:
            if key not in known:
                reason = set_aside(_beginning(raw), archive.named(one))
                landing = self._landing(one, key, raw)
                kept = raw if landing.blob is None else self.blobs.find(landing.blob)
                landed.append((landing, kept, Judged(Verdict.IGNORED, reason) if reason else None))
            if isinstance(raw, Spooled) and raw.path.parent == self.spool:
                raw.path.unlink()
        return landed

    def _landing(self, found: Found, key: str, raw: Raw) -> Landing:
        if isinstance(raw, bytes) and len(raw) <= SMALL:
            return Landing(key, len(raw), raw, at=found.at)
        size = raw.size if isinstance(raw, Spooled) else len(raw)
        try:
            return Landing(key, size, None, self.blobs.put(raw), found.at)
        except OSError as error:
            raise Temporary("store.disk_full", detail=error.strerror or type(error).__name__) from error


def _beginning(raw: Raw) -> bytes:
    if isinstance(raw, bytes):
        return raw[:HEAD]
    with raw.path.open("rb") as file:
        return file.read(HEAD)
