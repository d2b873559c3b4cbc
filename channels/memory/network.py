"""A network in memory: mailboxes by address, faults on demand, and a ledger that only grows."""

import asyncio
import json
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal

from channels.memory.faults import Faults
from inbox.domain.ids import NetworkKey

What = Literal["written", "fetched", "confirmed", "refused", "accepted"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger. `key` is an item's key for what we fetch, and a message's key for what is accepted."""

    number: int
    what: What
    address: str
    """The mailbox it happened in, or the sender of an accepted hand-over."""
    key: str
    raw: bytes = b""
    recipients: tuple[str, ...] = ()

    @property
    def said(self) -> dict[str, Any]:
        """The raw as the message it is: `text`, `subject`, `key`, `references`, `reply_token` and the like."""
        said: dict[str, Any] = json.loads(self.raw)
        return said


@dataclass(slots=True)
class Mailbox:
    """What lies under one address: raws by position, counted from 1; a forgotten one leaves its position empty."""

    raws: dict[int, bytes] = field(default_factory=dict)
    last: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, raw: bytes) -> int:
        """One more message; everyone who waits for the mailbox looks again."""
        self.last += 1
        self.raws[self.last] = raw
        self.changed.set()
        return self.last

    def after(self, position: int, limit: int) -> list[tuple[int, bytes]]:
        """The next messages behind a position, in order."""
        found = ((at, self.raws[at]) for at in range(position + 1, self.last + 1) if at in self.raws)
        return [one for one, _ in zip(found, range(limit), strict=False)]


class Network:
    """Everyone's mailboxes. Belongs to one event loop, as the channels on it do; lives as long as someone holds it.

    `forgets`: a confirmed message is gone, so that confirming too early becomes a loss that a test can see.
    """

    def __init__(self, *, forgets: bool = True) -> None:
        self.forgets = forgets
        self.faults = Faults()
        self.files: dict[str, bytes] = {}
        """What `collect` finds, by the `remote` of an attachment."""
        self._ledger: list[Entry] = []
        self._mailboxes: dict[str, Mailbox] = {}
        self._numbers = count(1)

    @property
    def ledger(self) -> tuple[Entry, ...]:
        """All that happened, in order."""
        return tuple(self._ledger)

    def mailbox(self, address: str) -> Mailbox:
        """The mailbox of an address, made when it is missing: from then on hand-overs to that address arrive in it."""
        return self._mailboxes.setdefault(address, Mailbox())

    def offer(self, address: str, raw: bytes, key: str = "") -> None:
        """Put raw bytes into a mailbox, as they are: also rubbish, also the same ones twice."""
        self.mailbox(address).put(raw)
        self.note("written", address, key, raw)

    def write(self, sender: str, to: str, text: str, *, name: str = "", **more: object) -> NetworkKey:
        """Someone writes to an address. `more` is any field of a happening, as plain values. Returns the message's key."""
        key = str(more.pop("key", f"m{next(self._numbers)}@{sender.partition('@')[2] or 'memory'}"))
        said: dict[str, object] = {"kind": "message", "key": key, "sender": {"address": sender, "name": name}}
        said |= {"to": [{"address": to}], "text": text} | more
        self.offer(to, json.dumps(said, ensure_ascii=False).encode(), key)
        return NetworkKey(key)

    def answer(self, entry: Entry, text: str, **more: object) -> NetworkKey:
        """The first recipient of something we sent answers it, the way their program would: to its reply token, with references."""
        said = entry.said
        back = {"references": [said["key"], *said.get("references", [])], "subject": said.get("subject", "")}
        token = said.get("reply_token")
        return self.write(
            entry.recipients[0], entry.address, text, **{**back, "tokens": [token] if token else [], **more}
        )

    def received(self, address: str) -> list[Entry]:
        """The hand-overs that an address was a recipient of, oldest first."""
        return [entry for entry in self._ledger if entry.what == "accepted" and address in entry.recipients]

    @property
    def accepted(self) -> list[Entry]:
        """Every hand-over that the network took, oldest first."""
        return [entry for entry in self._ledger if entry.what == "accepted"]

    def accept(self, sender: str, key: str, raw: bytes, recipients: tuple[str, ...]) -> None:
        """Take a hand-over; recipients who have a mailbox here find it there."""
        self.note("accepted", sender, key, raw, recipients)
        for recipient in recipients:
            if recipient in self._mailboxes:
                self.offer(recipient, raw, key)

    def note(self, what: What, address: str, key: str, raw: bytes = b"", recipients: tuple[str, ...] = ()) -> None:
        """One more line for the ledger."""
        self._ledger.append(Entry(len(self._ledger) + 1, what, address, key, raw, recipients))
