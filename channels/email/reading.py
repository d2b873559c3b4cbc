"""Reading a mail for one channel: a mail's bytes into a happening, and into plain values for those who want to see all of it."""

import mmap
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from channels.email import described
from channels.email.forwards import forwarded_of
from channels.email.html import Sanitizer
from channels.email.key_stamps import Stamps
from channels.email.letter import MAIL_CAP, Letter, letter_of
from channels.email.marks import Marks
from channels.email.reports import Report
from channels.email.transfer import Buffer
from inbox.domain.arrivals import Raw
from inbox.domain.happenings import DeliveryReport, Forwarded, Happening, InboundMessage
from inbox.domain.ids import NetworkKey
from inbox.domain.problems import Unreadable

if TYPE_CHECKING:  # its tables of numbers are loaded where a site has use for them
    from channels.email.voicemail import Switchboard

_SOMETHING = re.compile(rb"\S")
_REPORT_WORDS = 4_000


class Reading:
    """What `EmailCodec` reads with; it tells of the parts."""

    def __init__(
        self, marks: Marks, authserv_id: str, stamps: Stamps | None, switchboard: "Switchboard | None"
    ) -> None:
        self._marks = marks
        self._authserv_id = authserv_id
        self._stamps = stamps
        self._switchboard = switchboard
        self._sanitizer = Sanitizer()

    def parse(self, raw: Raw) -> Sequence[Happening]:
        """One happening: a delivery report where the mail is one, else a message. Raises Unreadable for an empty mail."""
        with _buffer(raw) as buffer:
            letter = self._letter(buffer)
            if letter.report is not None:
                return (_report(letter, letter.report),)
            call = self._switchboard.call_of(letter) if self._switchboard else None
            if call is not None:
                return (call,)
            passed_on = forwarded_of(buffer, letter, self._attached)
            ours = passed_on is not None and self._marks.own(passed_on.sender.address)
            return (_message(letter, None if ours else passed_on),)

    def describe(self, raw: Raw) -> dict[str, object]:
        """All that is read out of a mail as plain values for JSON: what `inbox parse` prints."""
        with _buffer(raw) as buffer:
            return described.described(self._letter(buffer))

    def _letter(self, raw: Buffer) -> Letter:
        if _SOMETHING.search(raw) is None:
            raise Unreadable("mail.empty")
        return letter_of(raw, self._marks, self._authserv_id, self._sanitizer, self._stamps)

    def _attached(self, raw: bytes) -> Letter:
        """A mail within a mail: nobody whom we trust says anything of its sender."""
        return letter_of(raw, self._marks, "", self._sanitizer)


@contextmanager
def _buffer(raw: Raw) -> Iterator[Buffer]:
    """The bytes, or a map of the spooled file, so that a large mail is never in memory as a whole.

    Of one beyond the cap only the beginning is mapped: address space is bounded where strangers' bytes are read.
    """
    if isinstance(raw, bytes):
        yield raw
        return
    with raw.path.open("rb") as file:
        size = min(os.fstat(file.fileno()).st_size, MAIL_CAP + 1)
        if size == 0:
            raise Unreadable("mail.empty")
        with mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ) as mapped:
            yield mapped


def _report(letter: Letter, told: Report) -> DeliveryReport:
    about = dict.fromkeys((*letter.own_ids, *map(NetworkKey, told.ids)))
    return DeliveryReport(
        kind="report",
        key=NetworkKey(letter.message_id),
        fingerprint=letter.fingerprint,
        about=tuple(about),
        recipient=told.recipient,
        status=told.status,
        outcome=told.outcome,
        permanent=told.permanent,
        text=letter.content.text[:_REPORT_WORDS],
    )


def _message(letter: Letter, forwarded: Forwarded | None) -> InboundMessage:
    return InboundMessage(
        kind="message",
        key=NetworkKey(letter.message_id),
        fingerprint=letter.fingerprint,
        sender=letter.sender,
        to=letter.to,
        cc=letter.cc,
        reply_to=letter.reply_to,
        subject=letter.subject,
        text=letter.content.text,
        reply_text=letter.reply_text,
        html=letter.content.html,
        sent_at=letter.sent_at,
        references=letter.nearest_first(),
        tokens=letter.tokens,
        copied=letter.copied,
        automatic=letter.automatic,
        automatic_evidence=letter.evidence,
        authentication=letter.authentication,
        own=letter.own,
        hops=letter.headers.count("received"),
        language=letter.language,
        attachments=letter.content.attachments,
        headers=letter.said_headers(),
        defects=letter.defects,
        forwarded=forwarded,
    )
