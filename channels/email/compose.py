"""What we say as a mail: headers that thread everywhere, text and HTML with a direction, files. Same input, same bytes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.utils import format_datetime
from html import escape

from channels.email import mime
from channels.email.addresses import normal
from channels.email.encodedwords import encode
from channels.email.marks import Marks
from channels.email.mime import CRLF, Entity
from inbox.domain.happenings import Address, Attachment
from inbox.domain.ids import NetworkKey
from inbox.domain.outgoing import File, FrozenPart, Outgoing, Purpose
from inbox.domain.problems import Permanent
from inbox.text.bidi import direction
from inbox.text.cleaning import clean_header
from inbox.text.filenames import safe_filename

# An id that fits a line whole, behind a fold (RFC 5322, 2.1.1). One beyond ASCII would make the whole header raw 8-bit.
_ID = re.compile(r"<[!-;=?-~]{1,988}>")
_REFERENCES_BYTES = 900
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_ADDRESS_MOST = 254  # RFC 5321, 4.5.3.1.3
_LOCAL_MOST = 64
_QUOTED = re.compile(r'"(?:[^"\\]|\\[ -~])*"')
_NAME_MOST = 70
_BLOCK = re.compile(r"<(p|div|ul|ol|table|blockquote|h[1-6])((?:\s[^<>]*)?)>", re.IGNORECASE)
_HAS_DIRECTION = re.compile(r"\sdir\s*=", re.IGNORECASE)
_LINK = re.compile(r"https?://[^\s<>\"']{1,2000}")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_CONTENT_ID_MOST = 200
_STOP = re.compile(r"https?://[!-;=?-~]{1,900}", re.ASCII)
_FONTS = "Vazirmatn, Tahoma, Arial, sans-serif"


@dataclass(frozen=True, slots=True)
class Writing:
    """What a channel's mail has in common."""

    marks: Marks
    brand_name: str = ""
    plus_addresses: bool = True


def composed(what: Outgoing, writing: Writing) -> FrozenPart:
    """The frozen mail for all recipients of `what`.

    The envelope sender is the channel's address for a reply and the reply address with the token for automatic mail.
    RFC 3834 (3.1) would have the null sender there; but then nothing would ever tell us that an acknowledgement failed.
    A machine that answers it reaches us with a token and with its own marks, and is never answered.
    Raises Permanent for a recipient or sender that cannot exist.
    """
    sender = _checked(what.sender)
    recipients = tuple(dict.fromkeys(_checked(one) for one in (*what.to, *what.cc)))
    if not recipients:
        raise Permanent("mail.no_recipient")
    key = writing.marks.message_id(what.token, what.purpose, sender.rpartition("@")[2])
    marked = writing.marks.reply_address(sender, what.token) if writing.plus_addresses else sender
    files = [(one, _file(one)) for one in what.files]
    entity = _content(what, files)
    head = "".join(_head(what, writing, sender, key, marked)) + entity.head
    body = head.encode() + b"\r\n" + entity.body
    return FrozenPart(
        number=0,
        key=key,
        lane=recipients[0],
        sender=marked if what.purpose.automatic else sender,
        recipients=recipients,
        body=body,
        files=tuple(_place(body, one, entity) for one, entity in files),
    )


def _head(what: Outgoing, writing: Writing, sender: str, key: NetworkKey, marked: str) -> Iterator[str]:
    name = what.sender.name or writing.brand_name
    yield f"Date: {format_datetime(what.date)}{CRLF}"
    yield f"From: {mailbox(Address(sender, name))}{CRLF}"
    for field, people in (("To", what.to), ("Cc", what.cc)):
        if people:
            yield mime.listed(field, [mailbox(Address(_checked(one), one.name)) for one in people], ",")
    if marked != sender:
        yield f"Reply-To: {mailbox(Address(marked, name))}{CRLF}"
    yield mime.field("Subject", what.subject)
    yield f"Message-ID: {key}{CRLF}"
    yield from _threading(what)
    if what.purpose.automatic:
        yield from _automatic(what)
    yield from _stopping(what)
    if clean_header(what.language):
        yield mime.field("Content-Language", what.language)
    yield f"MIME-Version: 1.0{CRLF}"


def _threading(what: Outgoing) -> Iterator[str]:
    """In-Reply-To and References (RFC 5322, 3.6.4). An id stays as it is or is left out, it is never broken or encoded."""
    answered = what.answers if _ID.fullmatch(what.answers) else ""
    if answered:
        yield mime.listed("In-Reply-To", [answered])
    thread = list(dict.fromkeys(one for one in what.references if one != answered and _ID.fullmatch(one)))
    kept = trimmed([*thread, answered] if answered else thread)
    if kept:
        yield mime.listed("References", kept)


def trimmed(ids: Sequence[str]) -> list[str]:
    """The first id and the last, and as many before the last as fit: what mail programs thread by in a long discussion."""
    if len(ids) < 3:
        return list(ids)
    first, *between, last = ids
    room = _REFERENCES_BYTES - len(first) - len(last) - 2
    kept: list[str] = []
    for one in reversed(between):
        room -= len(one) + 1
        if room < 0:
            break
        kept.append(one)
    return [first, *reversed(kept), last]


def _automatic(what: Outgoing) -> Iterator[str]:
    """So that no other machine answers: RFC 3834, Exchange's own field, and what old vacation programs look for."""
    told = "auto-replied" if what.answers or what.purpose is Purpose.ACKNOWLEDGEMENT else "auto-generated"
    yield f"Auto-Submitted: {told}{CRLF}"
    yield f"X-Auto-Response-Suppress: All{CRLF}"
    yield f"Precedence: bulk{CRLF}"


def _stopping(what: Outgoing) -> Iterator[str]:
    """List-Unsubscribe (RFC 2369, 3.2), and one click where the page is behind TLS (RFC 8058, 3.1)."""
    if not _STOP.fullmatch(what.stop):
        return
    yield f"List-Unsubscribe: <{what.stop}>{CRLF}"
    if what.stop.startswith("https://"):
        yield f"List-Unsubscribe-Post: List-Unsubscribe=One-Click{CRLF}"


def mailbox(one: Address) -> str:
    """`Name <address>` for a header: quoted or encoded as the name needs, and only ever one mailbox."""
    # Quotes around a name are never meant; readers take them off, ours too.
    name = clean_header(one.name).strip("'\" ")
    if not name or name == one.address:
        # Readers take a quoted local part for a name where no brackets say what it is.
        return f"<{one.address}>" if name or one.address.startswith('"') else one.address
    if not name.isascii() or "=?" in name or len(name) > _NAME_MOST:
        return f"{encode(name, 12, whatever=True)}{CRLF} <{one.address}>"
    if _ATOMS.fullmatch(name):
        return f"{name} <{one.address}>"
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{one.address}>'


def _checked(one: Address) -> str:
    """The address as it goes into an envelope, or Permanent where no mail system could take it."""
    address = normal(one.address)
    if not one.address.strip():
        raise Permanent("mail.no_recipient")
    local, _, domain = address.rpartition("@")
    legal = address and len(address.encode()) <= _ADDRESS_MOST and len(local.encode()) <= _LOCAL_MOST
    # A quoted name that never ends would swallow the addresses behind it.
    endless = local.startswith('"') and not _QUOTED.fullmatch(local)
    if not legal or endless or any(not label or len(label) > 63 for label in domain.split(".")) or not domain.isascii():
        raise Permanent("mail.impossible_address", address=clean_header(one.address)[:100])
    return address


def _content(what: Outgoing, files: Sequence[tuple[File, Entity]]) -> Entity:
    shown = [entity for one, entity in files if one.content_id]
    loose = [entity for one, entity in files if not one.content_id]
    html = _html(what)
    body = mime.text_entity("plain", what.text)
    if html is not None:
        styled = mime.text_entity("html", html)
        if shown:
            styled = mime.multipart("related", _boundary(what, "r"), [styled, *shown], f';{CRLF} type="text/html"')
        body = mime.multipart("alternative", _boundary(what, "a"), [body, styled])
    elif shown:
        loose = [entity for _, entity in files]
    return mime.multipart("mixed", _boundary(what, "m"), [body, *loose]) if loose else body


def _boundary(what: Outgoing, mark: str) -> str:
    # "=_" appears in neither base64 nor quoted-printable, and text that holds a line like this is not left plain.
    return f"=_{mark}{what.token}"


def _file(one: File) -> Entity:
    content_id = re.sub(r"[^A-Za-z0-9!#$%&'*+/=?^_`{|}~.@-]", "", one.content_id)[:_CONTENT_ID_MOST]
    return mime.file_entity(safe_filename(one.filename), one.content_type.lower(), one.content, content_id)


def _place(mail: bytes, one: File, entity: Entity) -> Attachment:
    """Where a file stands in the mail. The same bytes elsewhere would be the same file."""
    return Attachment(
        filename=safe_filename(one.filename),
        content_type=one.content_type.lower(),
        size=len(one.content),
        start=mail.index(entity.body),
        length=len(entity.body),
        encoding="base64",
        content_id=one.content_id,
        inline=bool(one.content_id),
    )


def _html(what: Outgoing) -> str | None:
    """The HTML with a direction on its root and on each block: mail programs cut styles away, and some the root too.

    A text in right-to-left script gets HTML even where none was written, since plain text cannot say its direction.
    """
    if what.html is None:
        if what.direction != "rtl" and not _RIGHT_TO_LEFT.search(what.text):
            return None
        return _page(what, html_of(what.text))
    blocks = _BLOCK.sub(lambda tag: _directed(tag, what.direction), what.html)
    return blocks if "<html" in blocks[:1000].lower() else _page(what, blocks)


def _directed(tag: "re.Match[str]", towards: str) -> str:
    name, attributes = tag.groups()
    if _HAS_DIRECTION.search(attributes):
        return tag.group()
    return f'<{name} dir="{towards}"{attributes}>'


def _page(what: Outgoing, blocks: str) -> str:
    towards = "rtl" if what.direction == "rtl" else "ltr"
    align = "right" if towards == "rtl" else "left"
    language = escape(clean_header(what.language))
    return (
        f'<!DOCTYPE html>\n<html lang="{language}" dir="{towards}"><head><meta charset="utf-8"></head>\n<body dir="{towards}">'
        f'<div dir="{towards}" style="font-family:{_FONTS};line-height:1.7;text-align:{align}">\n{blocks}</div></body></html>\n'
    )


def html_of(text: str) -> str:
    """Plain text as paragraphs, each with the direction of its own letters; links can be followed."""
    told = []
    for paragraph in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip("\n")):
        lines = "<br>\n".join(_linked(line) for line in paragraph.split("\n"))
        told.append(f'<p dir="{direction(paragraph)}">{lines}</p>\n')
    return "".join(told)


def _linked(line: str) -> str:
    told, at = [], 0
    for link in _LINK.finditer(line):
        target = escape(link.group())
        told.append(f'{escape(line[at : link.start()])}<a href="{target}">{target}</a>')
        at = link.end()
    return "".join([*told, escape(line[at:])])
