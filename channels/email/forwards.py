"""Who wrote what a mail passes on: told by the header that programs repeat in the text, or by the mail that is attached."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from channels.email import quotepatterns as qp
from channels.email import transfer
from channels.email.addresses import addresses
from channels.email.letter import Letter
from channels.email.lines import plain, unmarked
from channels.email.quoting import LINES_CAP, TEXT_CAP
from channels.email.separators import ends_here, forwards, label
from channels.email.signatures import unsigned
from channels.email.transfer import Buffer
from inbox.domain.happenings import Address, Attachment, Forwarded
from inbox.domain.ids import NetworkKey
from inbox.text.languages import language

_ATTACHED_CAP = 4_000_000
_HEADER_LINES = 16
_LANGUAGE_SAMPLE = 500
# Outlook writes "Name [mailto:address]".
_MAILTO = re.compile(r"\[mailto:([^\s\[\]<>]{3,254})\]", re.IGNORECASE)
_QUOTED = re.compile(r"> ?")


def forwarded_of(raw: Buffer, letter: Letter, read: Callable[[bytes], Letter]) -> Forwarded | None:
    """What a mail with a subject that says "forwarded" passes on; None where it does not tell by whom that was written.

    `read` reads an attached mail.
    """
    if qp.FORWARD_SUBJECT.match(unmarked(letter.subject[:60])) is None:
        return None
    mails = [file for file in letter.content.attachments if file.content_type == "message/rfc822"]
    if len(mails) == 1 and mails[0].length <= _ATTACHED_CAP:
        return _attached(raw, mails[0], letter, read)
    return _repeated(letter.content.text)


def _attached(raw: Buffer, file: Attachment, letter: Letter, read: Callable[[bytes], Letter]) -> Forwarded | None:
    inner = read(transfer.decode(raw[file.start : file.start + file.length], file.encoding)[0])
    if not inner.sender.address or "several-from" in inner.defects:
        return None
    return Forwarded(
        sender=inner.sender,
        subject=inner.subject,
        text=inner.content.text,
        sent_at=inner.sent_at,
        key=NetworkKey(inner.message_id),
        references=inner.nearest_first(),
        language=inner.language,
        words=letter.reply_text,
    )


@dataclass(frozen=True, slots=True)
class _Header:
    """The fields that a program repeated, by what they stand for, and where the words behind them begin."""

    fields: dict[str, str]
    end: int


def _repeated(text: str) -> Forwarded | None:
    lines = text[:TEXT_CAP].split("\n", LINES_CAP)
    at, quoted = _beginning(lines)
    if at is None:
        return None
    passed = (
        [_QUOTED.sub("", line, count=1) if line.startswith(">") else line for line in lines[at:]]
        if quoted
        else lines[at:]
    )
    header = _header(passed)
    sender = _one(header.fields.get("from", ""))
    if sender is None:
        return None
    told = "\n".join(passed[header.end :]).strip()
    return Forwarded(
        sender=sender,
        subject=header.fields.get("subject", ""),
        text=told,
        language=language(told[:_LANGUAGE_SAMPLE]),
        words="\n".join(unsigned(list(lines[:at]))).strip(),
    )


def _beginning(lines: Sequence[str]) -> tuple[int | None, bool]:
    """Where what is passed on begins, and whether it stands in a quote, as Apple Mail has it."""
    for at, line in enumerate(lines):
        told = plain(line) if line else ""
        if told.startswith(">") and forwards(told.lstrip("> ")):
            return at, True
        if forwards(told) or ends_here(lines, at, told):
            return at, False
    return None, False


def _header(lines: Sequence[str]) -> _Header:
    """The fields at the beginning; a value may go on in the next line, and blank lines may stand before the first one."""
    fields: dict[str, str] = {}
    kind, end = "", 0
    for at, line in enumerate(lines[:_HEADER_LINES]):
        told = plain(line)
        found = label(told)
        if found and found not in fields:
            kind, end = found, at + 1
            fields[kind] = unmarked(line).partition(":" if ":" in line else "：")[2].strip(" *\t")
        elif fields and not told:
            if len(fields) > 1 and not any(label(plain(one)) for one in lines[at + 1 : at + 2]):
                break
        elif fields and kind:
            fields[kind], end = f"{fields[kind]} {told}", at + 1
    return _Header(fields, end)


def _one(value: str) -> Address | None:
    """The sender, where exactly one address is told."""
    found, whole = addresses(_MAILTO.sub(r"<\1>", value).encode())
    people = [one for one in found if "@" in one.address]
    return people[0] if whole and len(people) == 1 else None
