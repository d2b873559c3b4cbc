"""Writing an mbox in the form mboxrd, from which every reader gets the same bytes back."""

import re
import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import BinaryIO

from inbox.domain.happenings import Address
from inbox.domain.outgoing import File
from inbox.text.cleaning import clean_header

_FIELD = re.compile(rb"(?:>?From [^\r\n]*\r?\n)?[!-9;-~]{1,100}:")
_NOBODY = "MAILER-DAEMON"


def is_mail(beginning: bytes) -> bool:
    """Whether bytes begin as a mail does: what came over a chat network is no mail, and is made into one."""
    return _FIELD.match(beginning) is not None


def write(file: BinaryIO, sender: str, at: datetime, lines: Iterable[bytes]) -> None:
    """Add one mail: its lines as they are, those that look like a separator quoted, under a separator with its time (UTC)."""
    name = sender if sender and not re.search(r"\s", sender) else _NOBODY
    end, last = b"\n", b""
    for n, line in enumerate(lines):
        if n == 0:
            end = b"\r\n" if line.endswith(b"\r\n") else b"\n"
            file.write(f"From {name} {time.asctime(at.utctimetuple())}".encode() + end)
        file.write(b">" + line if line.lstrip(b">").startswith(b"From ") else line)
        last = line
    file.write(end if last.endswith(b"\n") else end + end)


def made(
    sender: Address,
    to: Sequence[Address],
    subject: str,
    at: datetime,
    text: str,
    headers: Sequence[tuple[str, str]],
    files: Sequence[File] = (),
) -> bytes:
    """A mail made of what was never one, so that mail programs can show it."""
    mail = EmailMessage(SMTP)
    mail["From"] = _named(sender)
    if to:
        mail["To"] = ", ".join(_named(one) for one in to)
    mail["Subject"] = clean_header(subject)
    mail["Date"] = format_datetime(at)
    for name, value in headers:
        mail[name] = clean_header(value)
    mail.set_content(text, cte="base64")
    for file in files:
        kind, _, sub = (file.content_type or "application/octet-stream").partition("/")
        mail.add_attachment(
            file.content, maintype=kind or "application", subtype=sub or "octet-stream", filename=file.filename
        )
    return mail.as_bytes()


def _named(one: Address) -> str:
    return formataddr((clean_header(one.name), re.sub(r"[^!-~]", "", one.address) or "nobody"))
