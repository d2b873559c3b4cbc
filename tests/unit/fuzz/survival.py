"""What must hold of every mail, whatever it is: it is read or refused, in time, and all that is read of it can be used."""

import json
import re
import time
from datetime import UTC, datetime

from channels.email.bodies import TEXT_CAP
from channels.email.codec import EmailCodec
from channels.email.envelope import Envelope
from channels.email.letter import REFERENCES_CAP
from channels.email.parts import PARTS_CAP
from inbox.domain.arrivals import Raw
from inbox.domain.happenings import Address, InboundMessage
from inbox.domain.outgoing import Outgoing, Purpose
from inbox.domain.problems import Permanent, Unreadable
from inbox.runtime.parser_child import Answer, answers
from tests.unit.email.letters import OURS, codec

SECONDS = 2.0
"""CPU time that any mail may take."""


class TooSlow(AssertionError):
    """A mail that took longer than that."""


class Reading:
    """The codec of one channel, asked everything there is to ask about a mail."""

    def __init__(self) -> None:
        self._codec = codec("mx.desk.test")
        self._answers = answers()

    def survives(self, raw: bytes) -> float:
        """The seconds of CPU that it took. Raises AssertionError, or whatever the codec should not have raised."""
        began = time.process_time()
        self._read(raw)
        took = time.process_time() - began
        if took > SECONDS:
            raise TooSlow(f"{took:.1f} seconds of CPU for {len(raw)} bytes")
        return took

    def _read(self, raw: bytes) -> None:
        try:
            (found,) = self._codec.parse(raw)
        except Unreadable:
            assert not raw.strip(), "only a mail of nothing is unreadable"
            return
        described = self._codec.describe(raw)
        json.dumps(described, ensure_ascii=False).encode()
        told = self._answers.dump_json(Answer((found,)), exclude_defaults=True)
        assert self._answers.validate_json(told).happenings == (found,), "the parent hears what the child read"
        if isinstance(found, InboundMessage):
            usable(self._codec, raw, found)


def usable(reading: EmailCodec, raw: Raw, found: InboundMessage) -> None:
    """The caps hold, every file can be had, and the mail can be answered."""
    assert len(found.attachments) <= PARTS_CAP
    assert len(found.references) <= REFERENCES_CAP
    assert len(found.text) <= TEXT_CAP
    assert "\0" not in found.subject + found.text + found.reply_text + found.sender.name + (found.html or "")
    for one in found.attachments:
        assert "/" not in one.filename
        assert one.filename not in ("", ".", "..")
        reading.attachment(raw, one.start, one.length, one.encoding)
    answer = Outgoing(
        purpose=Purpose.REPLY,
        token="abcdefghijklmnopqrstuvwxyz",
        sender=Address(OURS, "Desk"),
        to=(found.sender,),
        subject=f"Re: {found.subject}",
        text=found.reply_text,
        date=datetime(2026, 11, 24, 7, 0, tzinfo=UTC),
        language=found.language or "en",
        direction="ltr",
        answers=found.key,
        references=tuple(reversed(found.references)),
    )
    try:
        (part,) = reading.compose(answer)
        (recipient,) = Envelope.of(part).recipients
    except Permanent:
        return
    head = part.body.partition(b"\r\n\r\n")[0]
    assert head.count(b"\r\nFrom: ") + head.startswith(b"From: ") == 1, "no header comes from outside"
    assert re.search(rb"[\x00-\x1f\x7f]", recipient.wire) is None, "no command comes from outside"
