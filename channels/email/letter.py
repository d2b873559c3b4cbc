"""One mail read whole: the header's facts, the words, the files, and what gave it away where a machine wrote it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from channels.email import automatic, bounces, invitations, lookalikes
from channels.email.addresses import MOST, addresses, grouped
from channels.email.authentication import verdict
from channels.email.bodies import Content, content_of
from channels.email.fingerprints import fingerprint
from channels.email.headers import FIELD_CAP, OVERSIZED, Headers, decoded
from channels.email.html import Sanitizer
from channels.email.key_stamps import Stamps
from channels.email.marks import OVERSIZED_MARK, Marks
from channels.email.parts import part_of
from channels.email.quoting import new_words
from channels.email.reports import Report
from channels.email.transfer import Buffer
from inbox.domain.happenings import Address, AuthenticationVerdict, Automatic
from inbox.domain.ids import NetworkKey
from inbox.text.languages import Language, language

MAIL_CAP = 64 * 1024 * 1024
"""Bytes of one mail that are looked at."""
REFERENCES_CAP = 100
HEADERS_CAP = 100
HEADER_CHARACTERS = 1_024
_LANGUAGE_SAMPLE = 500
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to")

_ID = re.compile(r"<([^<>]{1,996})>")
_BARE_ID = re.compile(r"[^\s<>@]{1,500}@[^\s<>@]{1,490}")
_SPACE = re.compile(r"[\s\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that is read out of one mail, before it becomes a happening."""

    headers: Headers
    fingerprint: str
    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    """As the field has them: oldest first."""
    sender: Address
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    subject: str
    sent_at: datetime | None
    content: Content
    reply_text: str
    automatic: Automatic | None
    evidence: str
    report: Report | None
    own_ids: tuple[NetworkKey, ...]
    """For a report: our own Message-IDs found anywhere in it, else those that its address may stand for."""
    tokens: tuple[str, ...]
    copied: tuple[str, ...]
    authentication: AuthenticationVerdict
    own: bool
    language: Language | None
    defects: tuple[str, ...]

    def nearest_first(self) -> tuple[NetworkKey, ...]:
        """What it answers: In-Reply-To, then References from the newest to the oldest, each once (RFC 5322, 3.6.4)."""
        return tuple(map(NetworkKey, dict.fromkeys((*self.in_reply_to, *reversed(self.references)))))[:REFERENCES_CAP]

    def said_headers(self) -> tuple[tuple[str, str], ...]:
        """The fields for rules: the first hundred, values decoded and cut at 1,024 characters."""
        fields = self.headers.fields[:HEADERS_CAP]
        return tuple((name, decoded(value[: 4 * HEADER_CHARACTERS])[:HEADER_CHARACTERS]) for name, value in fields)


def letter_of(
    raw: Buffer, marks: Marks, authserv_id: str, sanitizer: Sanitizer, stamps: Stamps | None = None
) -> Letter:
    """Read one mail. Whatever the bytes are, the result is a letter; what is wrong with them stands in its defects.

    With `stamps`, where no trusted server tells of the sender, the mail's own signatures may.
    """
    root, defects = part_of(raw, MAIL_CAP)
    headers = root.headers
    if OVERSIZED_MARK.lower() in headers.first:
        defects.add(OVERSIZED)
    sender = _sender(headers, marks.addresses, defects)
    to, cc, reply_to = (_people(headers, name, defects) for name in ("to", "cc", "reply-to"))
    subject = headers.text("subject")
    destinations = _destinations(headers, to, cc)
    message_id = next(iter(ids_of(headers.raw("message-id"), defects)), "")
    in_reply_to = ids_of(headers.raw("in-reply-to"), defects)
    references = ids_of(headers.raw("references"), defects)
    report = bounces.report_of(raw, root, sender, subject)
    kind, evidence = (
        (report.kind, f"report: {report.outcome}") if report else automatic.judged(headers, sender.address, subject)
    )
    content = content_of(raw, root, sanitizer)
    # A mail system's transcript is full of what would be quotes in a person's mail.
    new = content.text if report else new_words(content.text, content.html, subject)
    if invitations.carried(content.attachments):
        invited = invitations.invitation(raw, root, content.defects)
        content.text, new = (f"{said}\n\n{invited}".strip("\n") for said in (content.text, new))
    sent_at = _sent_at(headers, defects)
    return Letter(
        headers=headers,
        fingerprint=fingerprint(headers, raw, root.start),
        message_id=message_id,
        in_reply_to=in_reply_to,
        references=references,
        sender=sender,
        to=to,
        cc=cc,
        reply_to=reply_to,
        subject=subject,
        sent_at=sent_at,
        content=content,
        reply_text=new,
        automatic=kind,
        evidence=evidence,
        report=report,
        own_ids=marks.ids_within(raw[:262_144]) or marks.ids_of_addresses(destinations) if report else (),
        tokens=marks.tokens(destinations, (*in_reply_to, *reversed(references))),
        copied=_copied(marks, destinations, to),
        authentication=_authentication(raw, headers, authserv_id, sender, defects, stamps),
        own=marks.own(sender.address) or bool(marks.token_of_id(message_id)),
        language=language(new[:_LANGUAGE_SAMPLE]) or language(subject),
        defects=tuple(sorted(defects | content.defects)),
    )


def _sender(headers: Headers, ours: tuple[str, ...], defects: set[str]) -> Address:
    found, whole = addresses(headers.raw("from"))
    several = len(found) > 1 or headers.count("from") > 1 or grouped(headers.raw("from"))
    if several or (found and not whole):
        defects.add("several-from")
    if found:
        defects |= lookalikes.tricks(headers.raw("from"), found[0], ours)
        return found[0]
    defects.add("no-from")
    fallback, _ = addresses(headers.raw("sender"))
    return fallback[0] if fallback else Address("")


def _people(headers: Headers, name: str, defects: set[str]) -> tuple[Address, ...]:
    values = list(headers.every(name)) if name in headers.first else []
    if not values:
        return ()
    found, whole = addresses(b", ".join(values)[:FIELD_CAP])
    if not whole:
        defects.add(OVERSIZED if len(found) >= MOST else "bad-address")
    return found


def _destinations(headers: Headers, to: tuple[Address, ...], cc: tuple[Address, ...]) -> list[str]:
    envelope = [
        decoded(value).strip("<> ") for name in _DELIVERED if name in headers.first for value in headers.every(name)
    ]
    return [*(one.address for one in (*to, *cc)), *envelope]


def _copied(marks: Marks, destinations: list[str], to: tuple[Address, ...]) -> tuple[str, ...]:
    """The tokens of those who are not among the people it is written to."""
    meant = marks.tokens((one.address for one in to), ())
    return tuple(token for token in marks.tokens(destinations, ()) if token not in meant)


def _authentication(
    raw: Buffer, headers: Headers, authserv_id: str, sender: Address, defects: set[str], stamps: Stamps | None
) -> AuthenticationVerdict:
    # With two senders in a mail, or none, servers and readers disagree whom the verdict was about ("Composition Kills", 2020).
    if defects & {"several-from", "no-from"}:
        return "fail"
    told = verdict(headers, authserv_id, sender.address)
    if told == "none" and stamps is not None:
        from channels.email.dkim_check import vouched  # a library that most sites need not load

        return "pass" if vouched(raw, sender.address.rpartition("@")[2], stamps.keys(headers)) else "none"
    return told


def ids_of(value: bytes, defects: set[str]) -> tuple[str, ...]:
    """The message ids of a field in order, each once and with angle brackets; bare ones count where there are no others.

    White space and control characters within an id are taken out: programs fold long ids in the middle, and no store takes a NUL.
    """
    if not value:
        return ()
    text = value.decode("utf-8", "replace") if b"=?" not in value else decoded(value)
    found = [_SPACE.sub("", one) for one in _ID.findall(text)] or _BARE_ID.findall(text)
    if len(found) > REFERENCES_CAP:
        defects.add("oversized")
        found = [found[0], *found[1 - REFERENCES_CAP :]]
    return tuple(dict.fromkeys(f"<{one}>" for one in found if one))


def _sent_at(headers: Headers, defects: set[str]) -> datetime | None:
    value = headers.text("date")[:200]
    if not value:
        return None
    try:
        sent = parsedate_to_datetime(value)
        return (sent if sent.tzinfo else sent.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        defects.add("bad-date")
        return None
