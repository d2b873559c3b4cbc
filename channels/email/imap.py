"""Fetches mail from IMAP folders, every mail at least once, in the order of its UID; marks nothing and moves nothing.

A round looks at each folder: `UID SEARCH` for UIDs beyond the bookmark, then sizes, then bodies in batches that fit in
memory. Between rounds it waits in IDLE, or sleeps where the server lacks it. Only UIDs are used: sequence numbers move
under our feet, and \\Seen says only that somebody has looked.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import suppress

from channels.email import imap_bookmarks, imap_examine
from channels.email.connection import Connection
from channels.email.imap_account import ImapAccount
from channels.email.imap_bookmarks import Bookmarks, Standing
from channels.email.imap_folder import Folder, FolderMissing
from channels.email.imap_login import logged_in
from channels.email.imap_sizes import Listed, batches, windows
from channels.email.imap_spool import Spool
from channels.email.mailbox_names import same_folder
from inbox.domain.arrivals import Item, Raw, Spooled
from inbox.domain.problems import Temporary, Unreachable
from inbox.ports.channel import Batch, Cursor, Finding
from inbox.ports.clock import Clock
from inbox.ports.probe import Probe

__all__ = ["ImapAccount", "ImapFetcher"]

RENEWAL = 210.0
"""Seconds after which IDLE is begun anew: below the four minutes after which routers forget silent connections."""


class ImapFetcher:
    """The receiving half of the email channel, where mail lies in an IMAP mailbox. One loop, one connection."""

    def __init__(self, account: ImapAccount, clock: Clock, probe: Probe) -> None:
        self._account, self._clock, self._probe = account, clock, probe
        self._folders = tuple(dict.fromkeys(same_folder(name) for name in account.folders))
        self._spool = Spool(account)
        self._connection: Connection | None = None
        self._folder: Folder | None = None
        self._idles = False
        self._ahead: asyncio.Task[Batch] | None = None

    async def open(self) -> None:
        """Log in, and note where each folder ends: mail that comes from now on is new, whatever `first_sync` says.

        Raises Unreachable, or LockedOut where the login is refused.
        """
        await self.close()
        await asyncio.to_thread(self._spool.sweep)
        self._connection, capabilities = await logged_in(self._account)
        self._idles = "IDLE" in capabilities
        self._folder = Folder(self._connection, self._account.host)
        for name in reversed(self._folders):
            with suppress(FolderMissing):  # told by `fetch`, after the others had their turn
                await self._folder.open(name)

    async def close(self) -> None:
        """End the connection; who waits in `fetch` gets Unreachable. Safe twice, and before open."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()
        if self._ahead is not None:
            # Its error belongs to whoever goes on with `fetch`; where nobody does, asyncio must not complain of it.
            await asyncio.gather(self._ahead, return_exceptions=True)

    async def confirm(self, batch: Batch) -> None:
        """The house has stored the batch: its spool files can go. The server is told nothing."""
        self._probe("imap.before_confirm")
        for item in batch.items:
            if isinstance(item.raw, Spooled):
                await asyncio.to_thread(item.raw.path.unlink, missing_ok=True)

    async def refuse(self, batch: Batch, why: Temporary) -> None:
        """The mailbox keeps its mail anyway."""

    async def examine(self) -> list[Finding]:
        """What `inbox doctor` tells, on a connection of its own."""
        return await imap_examine.examine(self._account, self._clock.now())

    async def fetch(self, since: Cursor | None) -> AsyncGenerator[Batch, None]:
        """Batches for ever, each fetched while the house stores the one before. Raises Temporary, mostly Unreachable.

        The first batch of a folder that was never opened is empty and carries the cursor with its end.
        """
        if self._connection is None or self._folder is None:
            raise Unreachable("imap.not_open", host=self._account.host)
        rounds = self._rounds(self._connection, self._folder, imap_bookmarks.read(since))
        try:
            self._ahead = _begun(rounds)
            while True:
                batch = await self._ahead
                self._ahead = _begun(rounds)
                yield batch
        finally:
            await self._stop_ahead()
            await rounds.aclose()

    async def _stop_ahead(self) -> None:
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            ahead.cancel()
            await asyncio.gather(ahead, return_exceptions=True)

    async def _rounds(self, connection: Connection, folder: Folder, marks: Bookmarks) -> AsyncGenerator[Batch, None]:
        while True:
            missing: Temporary | None = None
            for name in self._tour():
                try:
                    async for batch in self._news(folder, name, marks):
                        yield batch
                except FolderMissing as problem:
                    missing = problem
            if missing is not None:
                raise missing  # only after the other folders had their turn, and then for everybody to see
            await self._wait(connection, folder)

    def _tour(self) -> Sequence[str]:
        """The first folder first, for it matters most, and last again, for that is where we wait."""
        return self._folders if len(self._folders) == 1 else (*self._folders, self._folders[0])

    async def _news(self, folder: Folder, name: str, marks: Bookmarks) -> AsyncIterator[Batch]:
        """What one folder holds beyond its bookmark, and an empty batch where the bookmark itself is new."""
        uidvalidity = await folder.open(name)
        if name not in marks:
            marks[name] = imap_bookmarks.first(uidvalidity, folder.end, self._account.first_sync, self._clock.now())
            yield Batch((), imap_bookmarks.written(marks))
        elif marks[name].uidvalidity != uidvalidity:
            marks[name] = marks[name].renumbered(uidvalidity, folder.end)
            yield Batch((), imap_bookmarks.written(marks))
        for uids in windows(await folder.beyond(marks[name].last_uid)):
            known = await folder.known(uids)
            listed = [
                Listed(uid, mail.size, marks[name].standing(uid, mail.dated), mail.dated) for uid, mail in known.items()
            ]
            for batch in batches(sorted(listed, key=lambda mail: mail.uid)):
                items = await self._items(folder, f"{name}/{uidvalidity}", batch)
                marks[name] = marks[name].at(batch[-1].uid)
                yield _batch(items, imap_bookmarks.written(marks), batch[0].standing)

    async def _items(self, folder: Folder, where: str, mails: Sequence[Listed]) -> tuple[Item, ...]:
        """The mails of one batch without those that are gone meanwhile."""
        self._probe("imap.before_fetch")
        if mails[0].big:
            raw = await self._spool.take(folder, mails[0])
            found: Mapping[int, Raw] = {} if raw is None else {mails[0].uid: raw}
        else:
            found = await folder.bodies([mail.uid for mail in mails], sum(mail.size or 0 for mail in mails))
        self._probe("imap.after_fetch")
        return tuple(Item(f"{where}/{mail.uid}", found[mail.uid], mail.dated) for mail in mails if mail.uid in found)

    async def _wait(self, connection: Connection, folder: Folder) -> None:
        """Until the folder that is open has news, or the poll is due: a push may get lost, and other folders push nothing.

        Where nothing came, the folder is opened anew: another may have its name by now, and of that one nobody tells us.
        """
        seconds = self._account.poll_seconds
        if self._idles:
            reply = await connection.idle(lambda: self._clock.sleep(min(seconds, RENEWAL)))
            self._idles = reply.ok
        else:
            await connection.rest(lambda: self._clock.sleep(seconds))
        if not connection.news:
            folder.leave()


def _begun(rounds: AsyncGenerator[Batch, None]) -> asyncio.Task[Batch]:
    async def following() -> Batch:
        return await anext(rounds)

    return asyncio.create_task(following())


def _batch(items: tuple[Item, ...], cursor: Cursor, standing: Standing) -> Batch:
    history, first_sync = standing is Standing.HISTORY, standing is Standing.FIRST_SYNC
    return Batch(items, cursor, history=history, first_sync=first_sync)
