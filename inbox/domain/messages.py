"""A message: one thing said, stored, immutable."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from inbox.domain.choices import Offer
from inbox.domain.happenings import Address, Attachment
from inbox.domain.ids import (
    AgentId,
    ArrivalId,
    AttachmentId,
    ChannelName,
    ContactId,
    ConversationId,
    MessageId,
    NetworkKey,
    ThreadId,
)


class Direction(StrEnum):
    """Who speaks to whom. A note is between agents and never leaves."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    NOTE = "note"


WARNINGS = (
    "several-from",
    "claimed-address",
    "no-from",
    "bidi-override-in-sender",
    "look-alike-address",
    "mixed-script-name",
    "name-shows-another-address",
    "name-of-an-agent",
    "oversized",
    "oversized-html",
    "garbled-text",
    "broken-encoding",
    "unclosed-multipart",
    "edited",
)
"""Defects that people are told of: who it may not be from, and what of it may be missing. Worded as `defect.<name>`."""


@dataclass(frozen=True, slots=True)
class Message:
    """One thing said. `text` is whole, `reply_text` what was newly written; both plain text."""

    id: MessageId
    conversation: ConversationId
    direction: Direction
    at: datetime
    channel: ChannelName | None = None
    thread: ThreadId | None = None
    contact: ContactId | None = None
    agent: AgentId | None = None
    purpose: str = ""
    automatic: str | None = None
    key: NetworkKey = NetworkKey("")
    subject: str = ""
    text: str = ""
    reply_text: str = ""
    html: str | None = None
    language: str | None = None
    sender: Address = Address("")
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    sent_at: datetime | None = None
    arrival: ArrivalId | None = None
    defects: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    """Buttons under what we said."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """The defects that a reader should know of before believing or answering it, the gravest first."""
        return tuple(warning for warning in WARNINGS if warning in self.defects)

    @property
    def answer_to(self) -> Address:
        """Where an answer goes: the one address that the sender asked for, else the sender."""
        return self.reply_to[0] if len(self.reply_to) == 1 else self.sender


@dataclass(frozen=True, slots=True)
class Version:
    """What the sender made of a message later: all of its text. `at`: when it reached us; `edited_at`: their own claim."""

    message: MessageId
    at: datetime
    edited_at: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class StoredAttachment:
    """An attachment with its row's id and the message it belongs to.

    `blob`: the digest of its bytes, where they came later than the message and do not stand in its raw. `error`: why it
    could not be fetched, as a stored problem; empty where nobody tried.
    """

    id: AttachmentId
    message: MessageId
    file: Attachment
    blob: str | None = None
    error: str = ""
