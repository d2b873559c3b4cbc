"""What mail systems report about mail: delivery status (RFC 3464), read receipts (RFC 8098), complaints (RFC 5965), free text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from channels.email import automatic, transfer
from channels.email.headers import Headers, decoded, headers_of
from channels.email.parts import Part
from channels.email.transfer import Buffer
from inbox.domain.happenings import Automatic

Outcome = Literal["failed", "delayed", "delivered", "read", "complaint"]

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_CODE = re.compile(r"(?<![\d.])([45])\d\d[ -](?!\d)")
_ID = re.compile(rb"^(?:original-)?message-id\s*:\s*(<[^<>\s]{3,900}>)", re.IGNORECASE | re.MULTILINE)
_IDS = re.compile(r"<[^<>\s]{3,900}>")
_TYPED = re.compile(r"\s*(?:[a-z0-9-]+\s*;)?\s*<?([^\s<>;]+@[^\s<>;]+?)>?\s*", re.IGNORECASE)
_LOOKED_AT = 65_536
_RECIPIENTS_CAP = 500
_BLANK = re.compile(rb"\r?\n[ \t]*\r?\n")


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


def report_of(raw: Buffer, root: Part, sender: str, subject: str) -> Report | None:
    """The report that a mail is, or None for a mail of any other kind."""
    found = _structured(raw, root)
    if found is None and (
        root.headers.first.get("x-failed-recipients") or _speaks_for_itself(root.headers, sender, subject)
    ):
        found = _free_text(raw, root)
    return found


def _structured(raw: Buffer, root: Part) -> Report | None:
    if not root.children:
        return None
    for part in root.children:
        if part.kind in ("message/delivery-status", "message/global-delivery-status"):
            return _delivery_status(_groups(raw, part), _original_ids(raw, root))
        if part.kind in ("message/disposition-notification", "message/global-disposition-notification"):
            return _disposition(_groups(raw, part), _original_ids(raw, root))
        if part.kind == "message/feedback-report":
            return _complaint(_groups(raw, part), _original_ids(raw, root))
    return None


def _groups(raw: Buffer, part: Part) -> list[Headers]:
    """The groups of fields of a machine-readable part, parted by empty lines."""
    content, _ = transfer.decode(part.content(raw)[:_LOOKED_AT], part.encoding)
    return [headers_of(block) for block in _BLANK.split(content.strip())[:_RECIPIENTS_CAP]]


def _delivery_status(groups: list[Headers], ids: tuple[str, ...]) -> Report:
    told = [
        _recipient_status(group, ids) for group in groups if "action" in group.first or "final-recipient" in group.first
    ]
    worst = ("failed", "delayed", "delivered")
    return min(told, key=lambda one: worst.index(one.outcome), default=Report("failed", ids=ids))


def _recipient_status(group: Headers, ids: tuple[str, ...]) -> Report:
    action = group.text("action").lower().partition(" ")[0]
    found = _STATUS.search(group.text("status")) or _STATUS.search(group.text("diagnostic-code"))
    status = found.group() if found else ""
    recipient = _address(group.text("original-recipient")) or _address(group.text("final-recipient"))
    outcome: Outcome = "failed"
    if action == "delayed":
        outcome = "delayed"
    elif action in ("delivered", "relayed", "expanded") or (not action and status.startswith("2")):
        outcome = "delivered"
    permanent = outcome == "failed" and (status.startswith("5") or not status)
    return Report(outcome, recipient, status, permanent, ids)


def _disposition(groups: list[Headers], ids: tuple[str, ...]) -> Report:
    about = [one for group in groups for one in _IDS.findall(group.text("original-message-id"))]
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


def _original_ids(raw: Buffer, root: Part) -> tuple[str, ...]:
    """The Message-IDs of the mail that came back, in whole or as headers; else those that the report says it answers."""
    returned = [
        found.decode("ascii", "replace")
        for part in root.walk()
        if part.kind in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global")
        for found in _ID.findall(transfer.decode(part.content(raw)[:_LOOKED_AT], part.encoding)[0])[:1]
    ]
    return tuple(dict.fromkeys(returned)) or _answered(root.headers)


def _answered(headers: Headers) -> tuple[str, ...]:
    told = (headers.text(name) for name in ("x-original-message-id", "in-reply-to", "references"))
    return tuple(dict.fromkeys(found for value in told for found in _IDS.findall(value)))[:100]


# Free text: what the mail systems of 25 years call it when they send a mail back.
_SUBJECT = re.compile(
    r"(?:undeliver(?:ed|able)|(?:mail |message )?deliver?y (?:status notification|failure|failed|has failed|problem|delay|report|error|notification|status)"
    r"|returned (?:mail|to sender|message)|mail (?:delivery|system) (?:failed|error|failure)|failure notice|non[- ]?deliver"
    r"|(?:message|mail) (?:could not be|not|was not|cannot be) delivered|delivery (?:to|of) .{1,80} (?:failed|delayed)|nicht zustellbar"
    r"|unzustellbar|warning: (?:message|could not send)|message delayed|rejected:|mail failure|non remis|non recapitabile|no se puede entregar"
    r"|não entregue|niet bezorgd|не доставлено|недоставленное|teslim edilemedi|nie dostarczono|系统退信|退信|配信不能|پیام تحویل داده نشد|ارسال ناموفق)",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"will (?:keep|continue|be) (?:trying|to try|retried|to retry|to attempt|attempted)|warning message only|do not need to resend"
    r"|has not yet been delivered|delayed|still trying|delivery attempts will continue|not yet been able",
    re.IGNORECASE,
)
_PASSING = re.compile(
    r"(?:mailbox|account|inbox|quota|user)[^.\n]{0,40}(?:full|exceeded|over)|over ?quota|exceed[^.\n]{0,20}quota|try again later|greylist"
    r"|temporar|timed? ?out|connection refused|too many (?:connections|messages)|deferred",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?<![\w.+=-])<?([\w.+=-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})>?", re.ASCII)
_RETURNED = re.compile(
    rb"^(?:-{2,}.{0,60}(?:copy of|original|returned|undelivered|message|header).{0,80}|received: .*|return-path: .*)$",
    re.IGNORECASE | re.MULTILINE,
)


def _speaks_for_itself(headers: Headers, sender: str, subject: str) -> bool:
    """Whether the mail system itself speaks: by its address or an empty envelope, and with a subject that says so."""
    if not (automatic.daemon(sender) or automatic.null_sender(headers)):
        return False
    return _SUBJECT.search(subject[:300]) is not None


def _free_text(raw: Buffer, root: Part) -> Report:
    whole = b"\n".join(_readable(raw, root))[:_LOOKED_AT]
    returned = _RETURNED.search(whole)
    words = (whole[: returned.start()] if returned else whole).decode("utf-8", "replace")
    failed = decoded(root.headers.raw("x-failed-recipients"))
    recipient = next(_recipients(failed), "") or next(_recipients(words), "")
    status = _STATUS.search(words)
    return Report(
        "delayed" if _DELAYED.search(words) else "failed",
        recipient,
        status.group() if status else "",
        _permanent(words, status),
        tuple(dict.fromkeys(one.decode("ascii", "replace") for one in _ID.findall(whole))) or _answered(root.headers),
    )


def _readable(raw: Buffer, root: Part) -> Iterator[bytes]:
    for part in root.walk():
        if not part.children and part.kind.startswith(("text/", "message/")):
            yield transfer.decode(part.content(raw)[:_LOOKED_AT], part.encoding)[0].replace(b"\r\n", b"\n")


def _recipients(words: str) -> Iterator[str]:
    return (found.lower() for found in _ADDRESS.findall(words) if not automatic.daemon(found))


def _permanent(words: str, status: "re.Match[str] | None") -> bool:
    """By the status class, else by the reply code, else by what is said; a mail that came back is lost unless told otherwise."""
    if _DELAYED.search(words):
        return False
    if status is not None:
        return status.group(1) == "5"
    code = _CODE.search(words)
    if code is not None:
        return code.group(1) == "5"
    return _PASSING.search(words) is None
