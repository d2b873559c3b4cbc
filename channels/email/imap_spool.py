"""Brings a big mail over in pieces into a file of our own, so that its size never matters to memory."""

import asyncio
import hashlib
import os
import tempfile
from pathlib import Path

from channels.email.imap_account import ImapAccount
from channels.email.imap_folder import Folder
from channels.email.imap_sizes import Listed
from channels.email.marks import OVERSIZED_MARK
from inbox.domain.arrivals import Raw, Spooled

PIECE = 256 * 1024
"""Bytes in one answer, and what is taken of a mail beyond the account's `max_bytes`."""


class Spool:
    """The spool files of one account. Their names tell whose they are, for the folder belongs to the whole site."""

    def __init__(self, account: ImapAccount) -> None:
        whose = f"{account.user}@{account.host}:{account.port}/{account.folders}"
        self._prefix = f"imap-{hashlib.sha256(whose.encode()).hexdigest()[:16]}-"
        self._folder, self._max_bytes = account.spool, account.max_bytes

    def sweep(self) -> None:
        """Make the folder and delete what an earlier connection left behind; nobody can ask for it any more."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for path in self._folder.glob(f"{self._prefix}*"):
            path.unlink(missing_ok=True)

    async def take(self, folder: Folder, mail: Listed) -> Raw | None:
        """The mail, in memory where it turns out small; None where it is gone. Beyond `max_bytes`: its beginning, marked."""
        begin = await folder.piece(mail.uid, 0, PIECE)
        if begin is None or _complete(begin, len(begin), mail):
            return begin
        if (mail.size or 0) > self._max_bytes:
            return beginning(begin)
        path = await asyncio.to_thread(self._create)
        try:
            written = await self._fill(path, folder, mail, begin)
            if written > self._max_bytes:
                path.unlink()
                return beginning(begin)
            if await _whole(written, folder, mail):
                return Spooled(path, written)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        path.unlink(missing_ok=True)
        return None

    def _create(self) -> Path:
        handle, name = tempfile.mkstemp(dir=self._folder, prefix=self._prefix)  # mode 0600
        os.close(handle)
        return Path(name)

    async def _fill(self, path: Path, folder: Folder, mail: Listed, begin: bytes) -> int:
        """Append pieces until the server has no more; how many bytes that were."""
        piece: bytes | None = begin
        written = 0
        while piece and written <= self._max_bytes:
            await asyncio.to_thread(_append, path, piece)
            written += len(piece)
            if _complete(piece, written, mail):
                break
            piece = await folder.piece(mail.uid, written, PIECE)
        return written


def beginning(piece: bytes) -> bytes:
    """The first piece of a mail that is not fetched whole, with the mark by which its reader knows that there was more."""
    return OVERSIZED_MARK.encode() + b": yes\r\n" + piece


def _complete(piece: bytes, written: int, mail: Listed) -> bool:
    """A short piece is the last one, unless the server gives less than it is asked for."""
    return len(piece) < PIECE and written >= (mail.size or 0)


async def _whole(written: int, folder: Folder, mail: Listed) -> bool:
    """Some servers announce sizes that are wrong, so a mail that ended early is whole if it still exists."""
    if mail.size is not None and written >= mail.size:
        return True
    return mail.uid in await folder.known([mail.uid])


def _append(path: Path, piece: bytes) -> None:
    with path.open("ab") as file:
        file.write(piece)
