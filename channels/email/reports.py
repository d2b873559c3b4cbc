"""Reports that machines wrote for machines: delivery status (RFC 3464), read receipts (RFC 8098), complaints (RFC 5965)."""

import re
from dataclasses import dataclass
from typing import Literal

from channels.email import transfer
from channels.email.headers import Headers, headers_of
from channels.email.parts import Part
from channels.email.transfer import Buffer
from inbox.domain.happenings import Automatic

Outcome = Literal["failed", "delayed", "delivered", "read", "complaint"]

LOOKED_AT = 65_536
"""Bytes of one part that are looked at."""
STATUS = re.compile(r"(?<![\d.])([245])\.([0-7])\.(\d{1,3})(?!\.?\d)", re.ASCII)
"""An enhanced status code (RFC 3463), and neither an address of the internet nor the version of a program."""
IDS = re.compile(r"<[^<>\s]{3,900}>")

_CODE = re.compile(
    r"(?<![\d.])(?:4(?:21|[3457]\d)|5(?:0\d|[23457]\d))(?=[ :;,#-](?!\d))(?! ?(?:[kmg]i?b|bytes?|seconds?|minutes?|hours?|days?|recipients)\b)",
    re.ASCII | re.IGNORECASE,
)
_ID = re.compile(
    rb"^(?:original-|x-original-)?message-id\s{0,9}:\s{0,9}(<[^<>\s]{3,900}>)", re.IGNORECASE | re.MULTILINE
)
_TYPED = re.compile(r"(?:[a-z0-9-]{1,40} ?;)? ?<?([^\s<>;@]{1,64}@[^\s<>;@]{1,255}?)>?(?: .{0,255})?", re.IGNORECASE)
_RECIPIENTS_CAP = 500
_BLANK = re.compile(rb"\r?\n[ \t]*\r?\n")
_STATUS_KINDS = ("message/delivery-status", "message/global-delivery-status")
_DISPOSITION_KINDS = ("message/disposition-notification", "message/global-disposition-notification")
_RETURNED_KINDS = (
    "message/rfc822",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global",
    "message/global-headers",
)


@dataclass(frozen=True, slots=True)
class Report:
    """One report: of several recipients the one that fared worst. `ids` are the original Message-IDs."""

    outcome: Outcome
    recipient: str = ""
    status: str = ""
    permanent: bool = False
    ids: tuple[str, ...] = ()

    @property
    def kind(self) -> Automatic:
        """`bounce` for what failed or is late, `report` for the rest."""
        return "bounce" if self.outcome in ("failed", "delayed") else "report"


def structured(raw: Buffer, root: Part) -> Report | None:
    """What the first part for machines tells; None where there is none."""
    for part in root.walk():
        if part.children:
            continue
        if part.kind in _STATUS_KINDS:
            return _delivery_status(_groups(raw, part), original_ids(raw, root))
        if part.kind in _DISPOSITION_KINDS:
            return _disposition(_groups(raw, part), original_ids(raw, root))
        if part.kind == "message/feedback-report":
            return _complaint(_groups(raw, part), original_ids(raw, root))
    return None


def reply_class(words: str) -> str:
    """The class ("4" or "5") of the first SMTP reply code in `words`; empty where there is none (RFC 5321, 4.2)."""
    found = _CODE.search(words)
    return found.group()[0] if found else ""


def ids_within(raw: bytes) -> tuple[str, ...]:
    """The ids of all Message-ID fields that stand in `raw`, each once."""
    return tuple(dict.fromkeys(found.decode("ascii", "replace") for found in _ID.findall(raw)))


def answered(headers: Headers) -> tuple[str, ...]:
    """The messages that a mail says it is about, in its header."""
    told = (headers.text(name) for name in ("x-original-message-id", "in-reply-to", "references"))
    return tuple(dict.fromkeys(found for value in told for found in IDS.findall(value)))[:100]


def original_ids(raw: Buffer, root: Part) -> tuple[str, ...]:
    """The Message-IDs of the mail that came back, in whole or as headers; else those that the report says it answers."""
    found = [one for mail in returned(raw, root) for one in ids_within(mail.encode("utf-8", "replace"))[:1]]
    return tuple(dict.fromkeys(found)) or answered(root.headers)


def returned(raw: Buffer, root: Part) -> list[str]:
    """The beginnings of the mails that a report brings back, in whole or as headers."""
    return [
        transfer.decode(part.content(raw)[:LOOKED_AT], part.encoding)[0]
        .replace(b"\r\n", b"\n")
        .decode("utf-8", "replace")
        for part in root.walk()
        if part.kind in _RETURNED_KINDS
    ]


def _groups(raw: Buffer, part: Part) -> list[Headers]:
    """The groups of fields of a machine-readable part, parted by empty lines."""
    content, _ = transfer.decode(part.content(raw)[:LOOKED_AT], part.encoding)
    return [headers_of(block) for block in _BLANK.split(content.strip())[:_RECIPIENTS_CAP]]


def _delivery_status(groups: list[Headers], ids: tuple[str, ...]) -> Report:
    told = [
        _recipient_status(group, ids)
        for group in groups
        if not {"action", "final-recipient", "original-recipient"}.isdisjoint(group.first)
    ]
    return min(told, key=_worst_first, default=Report("failed", ids=ids))


def _worst_first(one: Report) -> tuple[int, bool]:
    return ("failed", "delayed", "delivered").index(one.outcome), not one.permanent


def _recipient_status(group: Headers, ids: tuple[str, ...]) -> Report:
    diagnosis = group.text("diagnostic-code")
    found = STATUS.search(group.text("status")) or STATUS.search(diagnosis)
    status = found.group() if found else ""
    recipient = _address(group.text("original-recipient")) or _address(group.text("final-recipient"))
    outcome = _outcome(group.text("action").lower().partition(" ")[0], status)
    permanent = outcome == "failed" and (status[:1] or reply_class(diagnosis) or "5") == "5"
    return Report(outcome, recipient, status, permanent, ids)


def _outcome(action: str, status: str) -> Outcome:
    if action == "delayed":
        return "delayed"
    if action in ("delivered", "relayed", "expanded") or (not action and status.startswith("2")):
        return "delivered"
    return "failed"


def _disposition(groups: list[Headers], ids: tuple[str, ...]) -> Report:
    about = [one for group in groups for one in IDS.findall(group.text("original-message-id"))]
    recipient = next((found for group in groups if (found := _address(group.text("final-recipient")))), "")
    told = " ".join(group.text("disposition").lower() for group in groups)
    read = "displayed" in told
    return Report("read" if read else "delivered", recipient, ids=tuple(dict.fromkeys([*about, *ids])))


def _complaint(groups: list[Headers], ids: tuple[str, ...]) -> Report:
    recipient = next((found for group in groups if (found := _address(group.text("original-rcpt-to")))), "")
    return Report("complaint", recipient, ids=ids)


def _address(field: str) -> str:
    found = _TYPED.fullmatch(field)
    return found.group(1).lower() if found else ""
