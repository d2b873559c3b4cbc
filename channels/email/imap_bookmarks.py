"""The cursor of an IMAP mailbox: for each folder its UIDVALIDITY, the last UID taken, and what a first sync still owes."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import TypeAlias

from inbox.domain.problems import Permanent
from inbox.ports.channel import Cursor

SKEW = timedelta(days=1)
"""How far a server's clock may be behind ours before we take a new mail for an old one."""


class Standing(Enum):
    """What a mail is to the house: new, old mail to be stored silently, or counted against the first-sync brake."""

    NEW = "new"
    HISTORY = "history"
    FIRST_SYNC = "first_sync"


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Where we are in one folder. All mails up to `last_uid` are taken.

    Mails up to `until` were there when we first looked; `backlog` says what they are: "import" (history), "answer"
    (first sync), or "again" (UIDVALIDITY changed, everything comes once more). `began`: seconds since 1970 at which a
    mailbox was opened whose older mail nobody wanted.
    """

    uidvalidity: int
    last_uid: int
    until: int = 0
    backlog: str = ""
    began: int = 0

    def standing(self, uid: int, dated: datetime | None) -> Standing:
        """What the mail with this UID and INTERNALDATE is to the house.

        After a change of UIDVALIDITY the house recognises what it has stored by fingerprint. Mail from before `began`
        it never had: that is history, so that nobody is answered years later. For the rest the brake is on, because
        a server that lost its numbers may have lost its dates too.
        """
        if uid > self.until or not self.backlog:
            return Standing.NEW
        old = self.backlog == "again" and dated is not None and dated < self._began() - SKEW
        return Standing.HISTORY if old or self.backlog == "import" else Standing.FIRST_SYNC

    def at(self, uid: int) -> "Bookmark":
        """The bookmark once everything up to this UID is taken."""
        return replace(self, last_uid=max(uid, self.last_uid))

    def renumbered(self, uidvalidity: int, end: int) -> "Bookmark":
        """The bookmark after the server has given all mails new UIDs, `end` being the highest."""
        return Bookmark(uidvalidity, 0, until=end, backlog="again", began=self.began)

    def _began(self) -> datetime:
        return datetime.fromtimestamp(self.began, UTC) if self.began else datetime.min.replace(tzinfo=UTC) + SKEW


Bookmarks: TypeAlias = dict[str, Bookmark]
"""By folder. A folder that the config no longer names keeps its bookmark, in case it comes back."""


def first(uidvalidity: int, end: int, first_sync: str, now: datetime) -> Bookmark:
    """The bookmark of a folder that was never opened, `end` being its highest UID and `first_sync` what ops chose."""
    if first_sync == "new":
        return Bookmark(uidvalidity, end, began=int(now.timestamp()))
    return Bookmark(uidvalidity, 0, until=end, backlog=first_sync)


def written(bookmarks: Mapping[str, Bookmark]) -> Cursor:
    """As JSON; what says nothing is left out."""
    return Cursor(json.dumps({folder: _told(mark) for folder, mark in bookmarks.items()}, ensure_ascii=False))


def read(cursor: Cursor | None) -> Bookmarks:
    """The bookmarks of a cursor. Raises Permanent where it is none of ours: starting anew would answer old mail."""
    with suppress(ValueError, TypeError, AttributeError):
        return {folder: Bookmark(**mark) for folder, mark in json.loads(cursor or "{}").items()}
    raise Permanent("imap.cursor")


def _told(mark: Bookmark) -> dict[str, object]:
    return {name: value for name, value in asdict(mark).items() if value or name in ("uidvalidity", "last_uid")}
