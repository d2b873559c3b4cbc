"""What we ask of the folder that is open: its numbers, the mails beyond a UID, sizes, bodies, pieces of bodies."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from aioimaplib import aioimaplib

from channels.email.connection import Connection
from channels.email.imap_answers import Attributes, attributes, found_uids, instant
from channels.email.imap_login import TRANSIENT
from channels.email.imap_sizes import sequence_set
from channels.email.imap_wire import Reply
from channels.email.mailbox_names import encoded, quoted
from inbox.domain.problems import Temporary

_UIDVALIDITY = re.compile(rb"\* OK \[UIDVALIDITY (\d+)\]", re.IGNORECASE)
_UIDNEXT = re.compile(rb"\* OK \[UIDNEXT (\d+)\]", re.IGNORECASE)


class FolderMissing(Temporary):
    """A folder that the config names cannot be opened; the others can."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a server tells of a mail before its body: size in bytes and when it arrived there."""

    size: int | None
    dated: datetime | None


class Folder:
    """Questions to one connection, answered with values. Every method raises Temporary, mostly Unreachable."""

    def __init__(self, connection: Connection, host: str) -> None:
        self._connection, self._host = connection, host
        self._name = ""
        self._uidvalidity = 0
        self._ends: dict[tuple[str, int], int] = {}

    async def open(self, name: str) -> int:
        """Open a folder for reading only, unless it is open already; its UIDVALIDITY. Raises FolderMissing."""
        if name != self._name:
            self._name = ""
            reply = await self._connection.ask("EXAMINE", quoted(encoded(name)))
            if not reply.ok and reply.code not in TRANSIENT:
                raise FolderMissing("imap.folder_missing", host=self._host, folder=name, words=reply.words)
            self._expect(reply, "EXAMINE")
            self._uidvalidity = self._uidvalidity_of(reply, name)
            self._connection.state = aioimaplib.SELECTED
            self._name = name
            if (name, self._uidvalidity) not in self._ends:
                self._ends[name, self._uidvalidity] = await self._end(reply)
        return self._uidvalidity

    @property
    def end(self) -> int:
        """The highest UID that the open folder can have had when this connection first opened it."""
        return self._ends[self._name, self._uidvalidity]

    async def _end(self, reply: Reply) -> int:
        """What EXAMINE told of it (RFC 3501, 6.3.1), or what a search finds where it told nothing."""
        for match in map(_UIDNEXT.match, (answer[0] for answer in reply.answers)):
            if match:
                return int(match[1]) - 1
        return await self.newest()

    async def newest(self) -> int:
        """The highest UID of a mail in the open folder, 0 where it is empty."""
        reply = self._expect(await self._connection.ask("SEARCH", "UID", "1:*", uid=True), "SEARCH")
        return max(found_uids(reply.answers), default=0)

    def leave(self) -> None:
        """Open it anew the next time that it is wanted, which makes the server look for new mail as well."""
        self._name = ""

    async def beyond(self, uid: int) -> list[int]:
        """The UIDs above this one, ascending. `n:*` names the last mail even where it lies below n (RFC 3501, 6.4.8)."""
        self._connection.forget_news()
        reply = self._expect(await self._connection.ask("SEARCH", "UID", f"{uid + 1}:*", uid=True), "SEARCH")
        return [found for found in found_uids(reply.answers) if found > uid]

    async def known(self, uids: Iterable[int]) -> dict[int, Known]:
        """Size and date of those that still exist."""
        told = await self._fetch(uids, "(UID RFC822.SIZE INTERNALDATE)", 0)
        return {uid: Known(_size(facts), instant(facts.get("INTERNALDATE"))) for uid, facts in told.items()}

    async def bodies(self, uids: Sequence[int], expecting: int) -> dict[int, bytes]:
        """The whole mails, `expecting` so many bytes. One that was expunged meanwhile is missing, never empty."""
        told = await self._fetch(uids, "(UID BODY.PEEK[])", expecting)
        return {uid: body for uid, facts in told.items() if (body := facts.get("BODY[]"))}

    async def piece(self, uid: int, start: int, size: int) -> bytes | None:
        """`size` bytes of a mail from `start` on, fewer at its end; None where the mail is gone (or ended before)."""
        told = await self._fetch([uid], f"(UID BODY.PEEK[]<{start}.{size}>)", size)
        facts = told.get(uid, {})
        return facts.get(f"BODY[]<{start}>") or facts.get("BODY[]")

    async def _fetch(self, uids: Iterable[int], what: str, expecting: int) -> dict[int, Attributes]:
        """By UID, for answers come in any order, in several parts, and between answers that nobody asked for."""
        reply = await self._connection.ask("FETCH", sequence_set(uids), what, uid=True, expecting=expecting)
        self._expect(reply, "FETCH")
        told: dict[int, Attributes] = {}
        for facts in filter(None, map(attributes, reply.answers)):
            uid = facts.get("UID")
            if uid and uid.isdigit():
                told[int(uid)] = {**told.get(int(uid), {}), **facts}
        return told

    def _expect(self, reply: Reply, doing: str) -> Reply:
        if not reply.ok and reply.code != "EXPUNGEISSUED":
            raise Temporary("imap.command_refused", host=self._host, folder=self._name, doing=doing, words=reply.words)
        return reply

    def _uidvalidity_of(self, reply: Reply, name: str) -> int:
        for match in map(_UIDVALIDITY.match, (answer[0] for answer in reply.answers)):
            if match:
                return int(match[1])
        raise Temporary("imap.no_uidvalidity", host=self._host, folder=name)


def _size(facts: Attributes) -> int | None:
    told = facts.get("RFC822.SIZE")
    return int(told) if told and told.isdigit() else None
