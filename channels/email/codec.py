"""The mail codec: a mail's bytes into a happening, and what we say into a mail's bytes. Pure, and alike in every process."""

import mmap
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from channels.email import compose, described, transfer
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
from inbox.domain.outgoing import FrozenPart, Outgoing
from inbox.domain.problems import Unreadable
from inbox.ports.codec import Traits

if TYPE_CHECKING:  # its tables of numbers are loaded where a site has use for them
    from channels.email.voicemail import Switchboard

_SOMETHING = re.compile(rb"\S")
_REPORT_WORDS = 4_000
_FILES_MOST = 18_000_000
"""Bytes of files that still make a mail under the 25 MB which most servers take, encoded."""
_REOPEN_WITHIN_HOURS = 30 * 24.0


class EmailCodec:
    """Reads and writes mail for one channel.

    `addresses` are the channel's own (lower case); `secret` is the site's key, with which we know our own Message-IDs
    again; `authserv_id` names the server whose Authentication-Results are believed (empty: nobody's). With
    `plus_addresses` off, replies go to the plain address, for mailboxes that refuse `name+token@domain`.
    With `dkim_check` a mail's own signatures are verified with the keys that the channel put in front of it. What the
    `switchboard` writes of calls is calls.
    """

    def __init__(
        self,
        addresses: tuple[str, ...],
        secret: bytes,
        authserv_id: str = "",
        brand_name: str = "",
        plus_addresses: bool = True,
        dkim_check: bool = False,
        switchboard: "Switchboard | None" = None,
    ) -> None:
        self._marks = Marks(tuple(one.lower() for one in addresses), secret)
        self._authserv_id = authserv_id
        self._writing = compose.Writing(self._marks, brand_name, plus_addresses)
        self._sanitizer = Sanitizer()
        self._stamps = Stamps(secret) if dkim_check else None
        self._switchboard = switchboard

    @property
    def traits(self) -> Traits:
        """Mail has HTML and subjects; the same Message-ID handed over twice is one mail to most readers."""
        return Traits(
            html=True,
            receipts=True,
            resend_safe=True,
            subject=True,
            file_limit=_FILES_MOST,
            verdicts=bool(self._authserv_id),
            reopen_within_hours=_REOPEN_WITHIN_HOURS,
        )

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

    def compose(self, what: Outgoing) -> Sequence[FrozenPart]:
        """One part for all recipients. Raises Permanent where one of them can never be reached by mail."""
        return (compose.composed(what, self._writing),)

    def attachment(self, raw: Raw, start: int, length: int, encoding: str) -> bytes:
        """The decoded bytes of an attachment that `parse` found at that range."""
        if isinstance(raw, bytes):
            return transfer.decode(raw[start : start + length], encoding)[0]
        with raw.path.open("rb") as file:
            file.seek(start)
            return transfer.decode(file.read(length), encoding)[0]

    def _letter(self, raw: Buffer) -> Letter:
        if _SOMETHING.search(raw) is None:
            raise Unreadable("mail.empty")
        return letter_of(raw, self._marks, self._authserv_id, self._sanitizer, self._stamps)

    def _attached(self, raw: bytes) -> Letter:
        """A mail within a mail: nobody whom we trust says anything of its sender."""
        return letter_of(raw, self._marks, "", self._sanitizer)


def reader() -> EmailCodec:
    """A codec that belongs to no channel and only reads: no address is its own, no mark is known to it."""
    return EmailCodec((), b"")


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
