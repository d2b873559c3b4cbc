"""How a conversation is written into an export: each message with its own bytes, in mboxrd or as lines of JSON."""

import base64
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import BinaryIO

from inbox.archive import written
from inbox.blobs import Blobs
from inbox.domain.arrivals import Raw, Spooled
from inbox.domain.deliveries import DeliveryState
from inbox.domain.happenings import Address, Attachment, InboundMessage
from inbox.domain.ids import ChannelName
from inbox.domain.messages import Direction, Message
from inbox.domain.outgoing import File
from inbox.domain.people import Roster
from inbox.pipeline.playbook import Speaker
from inbox.store import deliveries
from inbox.store.exported import Kept, Whole

BEGINNING = 1_000


@dataclass(slots=True)
class Tally:
    """What was written; `unsent`: messages of ours that never went out; `gone`: messages whose bytes are no longer there."""

    conversations: int = 0
    messages: int = 0
    unsent: int = 0
    gone: int = 0


@dataclass(frozen=True, slots=True)
class Exporting:
    """Writes conversations. `notes`: what agents said to one another too, where the scope allows it."""

    blobs: Blobs
    speakers: Mapping[ChannelName, Speaker]
    roster: Roster
    notes: bool
    tally: Tally = field(default_factory=Tally)

    # -- mbox ----------------------------------------------------------------------------------------------------------
    def mbox(self, file: BinaryIO, whole: Whole) -> None:
        """The mails of a conversation: the bytes that came in and went out; others made of what was said."""
        self.tally.conversations += bool(whole.messages)
        for kept in whole.messages:
            mails = list(self._mails(whole, kept))
            if not mails:
                self.tally.unsent += kept.bytes is None and kept.message.direction is Direction.OUTBOUND
                continue
            for raw in mails:
                written.write(file, kept.message.sender.address, kept.message.at, _lines(raw))
            self.tally.messages += 1

    def _mails(self, whole: Whole, kept: Kept) -> Iterator[Raw]:
        for raw in self._raws(kept):
            yield raw if written.is_mail(_beginning(raw)) else self._made(whole, kept, raw)
        if kept.message.direction is Direction.NOTE:
            yield self._made(whole, kept, b"")

    def _raws(self, kept: Kept) -> Iterator[Raw]:
        """The bytes of a message: as they came, or as they were frozen and handed over."""
        if kept.bytes is None:
            yield from (d.part.body for d in kept.deliveries if _went_out(d.state, handed=deliveries.was_handed(d)))
        elif kept.bytes.raw is not None:
            yield kept.bytes.raw
        else:
            try:
                yield self.blobs.find(kept.bytes.blob or "")
            except (OSError, ValueError):
                self.tally.gone += 1

    def _made(self, whole: Whole, kept: Kept, raw: Raw) -> bytes:
        m = kept.message
        headers = [("X-Inbox-Conversation", whole.conversation.reference), ("X-Inbox-Direction", m.direction.value)]
        files = [
            File(one.filename, one.content_type, self._content(kept, raw, one))
            for one in self._files(kept, raw)
            if one.state == "here"
        ]
        sender = m.sender if m.sender.address else Address(self._author(m))
        subject = m.subject or whole.conversation.subject
        return written.made(sender, m.to, subject, m.at, m.text, headers, files)

    # -- JSON ----------------------------------------------------------------------------------------------------------
    def jsonl(self, file: BinaryIO, whole: Whole) -> None:
        """A line for the conversation, one for each message and one for each event. Attachments are base64."""
        if not whole.messages and not whole.events:
            return
        self.tally.conversations += 1
        reference = whole.conversation.reference
        people = {"contact": asdict(whole.contact), "identities": [asdict(one) for one in whole.identities]}
        _line(file, {"kind": "conversation", **asdict(whole.conversation), **people})
        for kept in whole.messages:
            self.tally.messages += 1
            _line(file, {"kind": "message", **self._message(kept), "conversation": reference})
        for event in whole.events:
            told = asdict(event)
            _line(file, {"kind": "event", **told, "conversation": reference})

    def _message(self, kept: Kept) -> dict[str, object]:
        raws = list(self._raws(kept))
        files = [
            {**asdict(one), "content": base64.b64encode(self._content(kept, raw, one)).decode("ascii")}
            for raw in raws
            for one in self._files(kept, raw)
        ]
        sent = [{"state": d.state.value, "recipients": d.part.recipients, "key": d.part.key} for d in kept.deliveries]
        edits = [asdict(one) for one in kept.edits]
        said = {**asdict(kept.message), "author": self._author(kept.message)}
        return {**said, "deliveries": sent, "attachments": files, "edits": edits}

    # -- both ----------------------------------------------------------------------------------------------------------
    def _author(self, m: Message) -> str:
        agent = self.roster.agent_by_id(m.agent) if m.agent else None
        return m.sender.address if agent is None else agent.handle

    def _files(self, kept: Kept, raw: Raw) -> list[Attachment]:
        """Its attachments; those of our own mail are found by reading it."""
        speaker = self.speakers.get(kept.message.channel) if kept.message.channel else None
        if kept.bytes is not None or speaker is None or not raw:
            return [one.file for one in kept.files]
        read = speaker.codec.parse(raw)
        return [one for said in read if isinstance(said, InboundMessage) for one in said.attachments]

    def _content(self, kept: Kept, raw: Raw, file: Attachment) -> bytes:
        m = kept.message
        for one in kept.files:
            if one.file == file and one.blob is not None:
                return self._collected(one.blob)
        speaker = self.speakers.get(m.channel) if m.channel else None
        if speaker is None or file.state != "here":
            return b""
        return speaker.codec.attachment(raw, file.start, file.length, file.encoding)

    def _collected(self, digest: str) -> bytes:
        """What came later than its message."""
        try:
            return self.blobs.read(digest)
        except OSError:
            self.tally.gone += 1
            return b""


def _went_out(state: DeliveryState, *, handed: bool) -> bool:
    """What a network has, or may have; a mail that bounced later was sent as well."""
    return state is DeliveryState.SENT or (handed and state is not DeliveryState.QUEUED)


def _lines(raw: Raw) -> Iterable[bytes]:
    if not isinstance(raw, Spooled):
        yield from io.BytesIO(raw)
        return
    with raw.path.open("rb") as file:
        yield from file


def _beginning(raw: Raw) -> bytes:
    if not isinstance(raw, Spooled):
        return raw[:BEGINNING]
    with raw.path.open("rb") as file:
        return file.read(BEGINNING)


def _line(file: BinaryIO, value: Mapping[str, object]) -> None:
    file.write(json.dumps(value, ensure_ascii=False, default=_plain).encode() + b"\n")


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else str(value)
