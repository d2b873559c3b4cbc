"""Which parts of a mail are its words and which are files: text, HTML and attachments out of the tree of parts."""

import re
from dataclasses import dataclass, field

from channels.email import charsets, transfer
from channels.email.flowed import unflowed
from channels.email.html import Sanitizer
from channels.email.htmltext import rough_text, text_of
from channels.email.parts import Part
from channels.email.transfer import Buffer
from inbox.domain.happenings import Attachment
from inbox.text.filenames import safe_filename

TEXT_CAP = 1_000_000
"""Characters of text that are kept; the raw has the rest."""
_ENCODED_CAP = 8_000_000
_DECODED_CAP = 4_000_000
# Controls that no text is written with; marks of direction stay, they are part of how Persian is written, but not the
# two overrides, whose only use is to show a text other than it is.
_HARMFUL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\ufeff\ufff9-\ufffb\ud800-\udfff]")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_EXTENSIONS = {
    "text/plain": "txt",
    "text/html": "html",
    "text/calendar": "ics",
    "message/rfc822": "eml",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "application/pdf": "pdf",
    "application/ms-tnef": "dat",
    "application/pgp-signature": "asc",
    "application/pkcs7-signature": "p7s",
}


@dataclass(frozen=True, slots=True)
class Block:
    """Words said once, in one or two forms."""

    plain: Part | None = None
    html: Part | None = None


@dataclass(slots=True)
class Content:
    """What a mail says and carries, while it is put together."""

    text: str = ""
    html: str | None = None
    attachments: tuple[Attachment, ...] = ()
    defects: set[str] = field(default_factory=set)


def content_of(raw: Buffer, root: Part, sanitizer: Sanitizer) -> Content:
    """Text (made from the HTML where there is no text part), sanitised HTML and attachments of a mail."""
    content = Content()
    blocks = _blocks(root)
    words = {id(part) for block in blocks for part in (block.plain, block.html) if part is not None}
    files = [part for part in root.walk() if not part.children and id(part) not in words]
    content.attachments = tuple(_attachment(raw, part, number) for number, part in enumerate(files, 1))
    ids = [one.content_id for one in content.attachments if one.content_id]
    told = [_told(raw, block, sanitizer, ids, content.defects) for block in blocks]
    content.text = "\n\n".join(text for text, _ in told if text)
    if len(content.text) > TEXT_CAP:
        content.text = content.text[:TEXT_CAP]
        content.defects.add("oversized")
    if any(html is not None for _, html in told):
        content.html = "\n".join(html if html is not None else _paragraphs(text) for text, html in told)
    return content


def _blocks(part: Part) -> list[Block]:
    if part.children:
        if part.kind == "multipart/alternative":
            return _chosen(part)
        # Of a signed mail the first child, of a related one the root; a report's other children are for machines.
        several = part.kind not in ("multipart/related", "multipart/signed", "multipart/report")
        chosen = part.children if several else part.children[:1]
        return [block for number, child in enumerate(chosen) for block in _blocks(child) if number == 0 or _body(block)]
    if part.disposition == "attachment" or (part.filename and part.disposition != "inline"):
        return []
    if part.kind == "text/html":
        return [Block(html=part)]
    return [Block(plain=part)] if part.kind == "text/plain" else []


def _body(block: Block) -> bool:
    """Whether a later part of a mixed mail is words and no file: files have names."""
    return all(part is None or not part.filename for part in (block.plain, block.html))


def _chosen(part: Part) -> list[Block]:
    """The best of each form among alternatives: the first text, the last HTML (RFC 2046, 5.1.4)."""
    within = [_blocks(child) for child in part.children]
    plain = next((blocks for blocks in within if any(block.plain for block in blocks)), [])
    html = next((blocks for blocks in reversed(within) if any(block.html for block in blocks)), [])
    if len(plain) <= 1 and len(html) <= 1:
        both = Block(plain[0].plain if plain else None, html[0].html if html else None)
        return [both] if both.plain or both.html else []
    return html or plain


def _told(raw: Buffer, block: Block, sanitizer: Sanitizer, ids: list[str], defects: set[str]) -> tuple[str, str | None]:
    html = source = None
    if block.html is not None:
        source = words(raw, block.html, defects)
        html = sanitizer.clean(source, ids)
        if html is None:
            defects.add("oversized-html")
    text = _tidy(words(raw, block.plain, defects)) if block.plain is not None else ""
    if not text and source is not None:
        text = _tidy(rough_text(source) if html is None else text_of(html))
    return text, html


def words(raw: Buffer, part: Part, defects: set[str]) -> str:
    """The text of one part: transfer encoding, charset, flowed lines and line ends undone, controls taken out."""
    plain, whole = transfer.decode(raw[part.start : min(part.end, part.start + _ENCODED_CAP)], part.encoding)
    if len(plain) > _DECODED_CAP or part.end - part.start > _ENCODED_CAP:
        defects.add("oversized")
        plain = plain[:_DECODED_CAP]
    if not whole:
        defects.add("broken-encoding")
    text, defect = charsets.decode(plain, part.parameters.get("charset", ""))
    if defect:
        defects.add(defect)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if part.parameters.get("format", "").lower() == "flowed":
        text = unflowed(text, part.parameters.get("delsp", "").lower() == "yes")
    return _HARMFUL.sub("", text)


def _tidy(text: str) -> str:
    return text.strip("\n").rstrip()


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{one.translate(_ESCAPES)}</p>" for one in text.split("\n\n") if one).replace("\n", "<br>")


def _attachment(raw: Buffer, part: Part, number: int) -> Attachment:
    return Attachment(
        filename=safe_filename(part.filename) if part.filename else _unnamed(part, number),
        content_type=part.kind,
        size=transfer.size(raw, part.start, part.end, part.encoding),
        start=part.start,
        length=part.end - part.start,
        encoding=part.encoding,
        content_id=part.content_id,
        inline=part.disposition == "inline" or (bool(part.content_id) and part.disposition != "attachment"),
    )


def _unnamed(part: Part, number: int) -> str:
    return f"attachment-{number}.{_EXTENSIONS.get(part.kind, 'bin')}"
