"""Which mails are reports on mail, and what those tell that mail systems write for people: the bounces of 25 years."""

import re
from collections.abc import Iterator

from channels.email import automatic, bouncewords, charsets, reports, transfer
from channels.email.headers import Headers, decoded
from channels.email.htmltext import rough_text
from channels.email.parts import Part
from channels.email.reports import LOOKED_AT, STATUS, Outcome, Report
from channels.email.transfer import Buffer
from inbox.domain.happenings import Address
from inbox.text.fold import fold

_SUBJECT = bouncewords.told(bouncewords.SUBJECTS)
_FAILED = bouncewords.told(bouncewords.FAILED)
_OF_MAIL = bouncewords.told(bouncewords.OF_MAIL)
_OPENING = bouncewords.told(bouncewords.OPENINGS)
_DELAYED = bouncewords.told(bouncewords.DELAYED)
_PASSING = bouncewords.told(bouncewords.PASSING)
_DELIVERED = bouncewords.told(bouncewords.DELIVERED)
_READ_SUBJECT = re.compile("|".join(bouncewords.READ_SUBJECTS), re.IGNORECASE)
_READ = bouncewords.told(bouncewords.READ)

_ANSWER = re.compile(r"\s*(?:re|aw|sv|fwd?|wg|tr|rv|پاسخ|ارسال|بازارسال)\s*:", re.IGNORECASE)
_RECEIPT_WITHIN = 4_000
_OPENING_WITHIN = 1_500  # characters; a mail system says who it is before anything else
_ADDRESS = re.compile(r"(?<![\w.+=-])([\w.+=-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})(?![\w@-])", re.ASCII)
# Lines that name other things than the one who was not reached: the sender, the subject, the mail's own id.
_ASIDE = re.compile(
    r"^[> \t]{0,20}(?:from|sender|reply-to|return-path|subject|message[- ]?id|von|absender|betreff|de|exp[ée]diteur|objet|asunto|oggetto|assunto"
    r"|onderwerp|тема|от|konu|temat|فرستنده|موضوع|主题|主旨|件名|发件人|差出人)[ \u00a0]{0,9}[:：].{0,2000}$",
    re.IGNORECASE | re.MULTILINE,
)
_RETURNED = re.compile(
    r"^(?:[-=_*]{2,60}[^\n]{0,60}(?:copy of|original|returned|undelivered|message|header|ursprüngliche|сообщени|پیام اصلی)[^\n]{0,80}"
    r"|(?:original message|message|returned message|the) headers?(?: follow)?s?:|received: [^\n]*|return-path: [^\n]*)$",
    re.IGNORECASE | re.MULTILINE,
)
_TO = re.compile(r"^(?:to|x-original-to|delivered-to):.{0,200}", re.IGNORECASE | re.MULTILINE)


def report_of(raw: Buffer, root: Part, sender: Address, subject: str) -> Report | None:
    """The report that a mail is, or None for a mail of any other kind: also for one that a person passes a bounce on with."""
    headers = root.headers
    if not sender.address and b"mailer-daemon" in headers.raw("from").lower():
        sender = Address("mailer-daemon", sender.name)  # before the domain was added, or after it got lost
    system = "x-failed-recipients" in headers.first or automatic.null_sender(headers) or automatic.system(sender)
    if root.kind == "multipart/report" or (system and root.children):
        found = reports.structured(raw, root)
        if found is not None:
            return found
    if _declared(root) or (system and not (automatic.vacation(subject) and not automatic.system(sender))):
        return _free_text(raw, root, sender, fold(subject[:300]))
    return _receipt(raw, root, sender) if _READ_SUBJECT.match(subject) else None


def _declared(root: Part) -> bool:
    """Whether a mail calls itself a delivery status, even where the part for machines got lost."""
    return root.kind == "multipart/report" and root.parameters.get("report-type", "").lower() == "delivery-status"


def _receipt(raw: Buffer, root: Part, sender: Address) -> Report | None:
    """A read receipt without the part for machines: the reader's own program writes it, under the reader's name."""
    words = "\n".join(_readable(raw, root))[:_RECEIPT_WITHIN]
    if not _READ.search(fold(words)):
        return None
    return Report("read", sender.address, ids=reports.answered(root.headers))


def _free_text(raw: Buffer, root: Part, sender: Address, subject: str) -> Report | None:
    whole = "\n".join(_readable(raw, root))[:LOOKED_AT]
    cut = _RETURNED.search(whole)
    words = _ASIDE.sub("", whole[: cut.start()] if cut else whole)
    folded = fold(words)
    told = "x-failed-recipients" in root.headers.first or _declared(root)
    if not (told or _is_report(root.headers, sender, subject, folded)):
        return None
    outcome: Outcome = "delayed" if _DELAYED.search(folded) else "failed"
    if _DELIVERED.search(subject):
        outcome = "delivered"
    returned = "\n".join([whole[cut.start() :] if cut else "", *reports.returned(raw, root)])
    status = _status(words, outcome)
    recipient = _recipient(root.headers, words, returned, subject)
    ids = reports.ids_within(f"{whole}\n{returned}".encode("utf-8", "replace")) or reports.answered(root.headers)
    return Report(outcome, recipient, status, _permanent(words, folded, status, outcome), ids)


def _is_report(headers: Headers, sender: Address, subject: str, words: str) -> bool:
    """Whether a mail system speaks.

    The less its address and the envelope prove, the more it must say that people do not: behind a postmaster's address, and
    behind the name of a system, a person may sit who writes about a bounce.
    """
    empty = automatic.null_sender(headers)
    daemon = automatic.daemon(sender.address) and not automatic.postmaster(sender.address)
    says = _SUBJECT.search(subject) is not None or _DELIVERED.search(subject) is not None
    if _ANSWER.match(subject) and not (daemon or (empty and says)):
        return False
    begins = _OPENING.search(words[:_OPENING_WITHIN]) is not None
    if daemon:
        return says or begins or (empty and _FAILED.search(words) is not None)
    if empty and automatic.system(sender):
        return says or begins
    if empty:
        return begins or (says and all(one.search(words) is not None for one in (_FAILED, _OF_MAIL)))
    if "return-path" in headers.first:
        return says and begins
    return says and (begins or _FAILED.search(words) is not None)


def _readable(raw: Buffer, root: Part) -> Iterator[str]:
    """The words of all parts that people can read, those of HTML only where there is no text."""
    leaves = [part for part in root.walk() if not part.children and part.kind in ("text/plain", "text/html")]
    plain = any(part.kind == "text/plain" for part in leaves)
    for part in leaves:
        if part.kind == "text/html" and plain:
            continue
        content = transfer.decode(part.content(raw)[:LOOKED_AT], part.encoding)[0].replace(b"\r\n", b"\n")
        text = charsets.decode(content, part.parameters.get("charset", ""))[0]
        yield rough_text(text) if part.kind == "text/html" else text


def _recipient(headers: Headers, words: str, returned: str, subject: str) -> str:
    """Whom the mail did not reach: as the header names them, else the first stranger in the words, in the mail that came back, in the subject."""
    ours = {
        _plain(one) for name in ("to", "delivered-to", "x-original-to") for one in _named(decoded(headers.raw(name)))
    }
    in_header = " ".join(one.partition(":")[2] for one in _TO.findall(returned[:8_000]))
    for text in (decoded(headers.raw("x-failed-recipients")), words, in_header, subject):
        for found in _named(text):
            if not automatic.daemon(found) and _plain(found) not in ours:
                return found
    return ""


def _named(text: str) -> Iterator[str]:
    return (found[1].lower().strip(".") for found in _ADDRESS.finditer(text))


def _plain(address: str) -> str:
    """An address without what stands behind a plus sign: a bounce of ours comes back to `support+token`."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _status(words: str, outcome: Outcome) -> str:
    """The first enhanced code that is a trouble; of one that tells of success, in a transcript, only where the mail arrived."""
    found = [one.group() for one in STATUS.finditer(words)]
    if outcome == "delivered":
        return next((one for one in found if one[0] == "2"), "")
    return next((one for one in found if one[0] != "2"), "")


def _permanent(words: str, folded: str, status: str, outcome: Outcome) -> bool:
    """By the status class, else by the reply code, else by what is said; a mail that came back is lost unless told otherwise."""
    if outcome != "failed":
        return False
    told = status[:1] or reports.reply_class(words)
    return told == "5" if told else _PASSING.search(folded) is None
