"""The memory network's codec: a raw is one happening as JSON, and what we say is JSON of the same kind."""

import base64
import dataclasses
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from channels.memory.options import MemoryOptions
from inbox.domain.arrivals import Raw, Spooled
from inbox.domain.happenings import Attachment, Fragment, Happening, InboundMessage
from inbox.domain.ids import NetworkKey
from inbox.domain.outgoing import File, FrozenPart, Outgoing
from inbox.domain.problems import Permanent, Unreadable
from inbox.ports.codec import Traits
from inbox.text.filenames import safe_filename

OVERSIZED = 5_000_000
"""Bytes of a raw beyond which it is not looked at."""


class MemoryCodec:
    """Implements `inbox.ports.codec.Codec`. A test may write less than a happening needs: what lacks is filled in."""

    def __init__(self, options: MemoryOptions) -> None:
        self._options = options
        self._happenings: TypeAdapter[Happening] = TypeAdapter(Happening)

    @property
    def traits(self) -> Traits:
        """As the options say."""
        chosen = self._options
        return Traits(
            html=chosen.html,
            edits=chosen.edits,
            subject=chosen.subject,
            certain_sender=chosen.certain_sender,
            verdicts=chosen.verdicts,
            live=chosen.live,
            portal=chosen.portal,
            buttons=not chosen.subject,
            text_limit=chosen.text_limit,
            resend_safe=chosen.resend_safe,
            reopen_within_hours=24 * 30,
        )

    def parse(self, raw: Raw) -> Sequence[Happening]:
        """The happenings of one JSON object or of a list of them. Raises Unreadable for all else."""
        content = _content(raw)
        try:
            said = json.loads(content)
            return [self._read(one, content) for one in (said if isinstance(said, list) else [said])]
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
            raise Unreadable("memory.unreadable", reason=type(error).__name__) from error

    def compose(self, what: Outgoing) -> Sequence[FrozenPart]:
        """One part for each piece of the text that fits; files ride on the first."""
        recipients = tuple(address.address for address in (*what.to, *what.cc))
        for recipient in recipients or ("",):
            if not recipient or any(letter.isspace() or not letter.isprintable() for letter in recipient):
                raise Permanent("memory.impossible_address", address=recipient)
        pieces = _pieces(what.text, self._options.text_limit)
        return [self._part(what, number, piece, recipients) for number, piece in enumerate(pieces)]

    def attachment(self, raw: Raw, start: int, length: int, encoding: str) -> bytes:
        """The decoded bytes at that range."""
        piece = _content(raw)[start : start + length]
        return base64.b64decode(piece) if encoding == "base64" else piece

    def _read(self, said: dict[str, Any], content: bytes) -> Happening:
        fingerprint = hashlib.sha256(content).hexdigest()
        filled = {"key": "", "fingerprint": fingerprint, **said}
        if filled["kind"] == "fragment":
            filled["message"] = _filled({"key": "", "fingerprint": fingerprint, **filled["message"]}, content)
        happening = self._happenings.validate_python(_filled(filled, content))
        if isinstance(happening, Fragment):
            return dataclasses.replace(happening, message=self._owned(happening.message))
        return self._owned(happening) if isinstance(happening, InboundMessage) else happening

    def _owned(self, message: InboundMessage) -> InboundMessage:
        return dataclasses.replace(message, own=message.own or message.sender.address == self._options.address)

    def _part(self, what: Outgoing, number: int, text: str, recipients: tuple[str, ...]) -> FrozenPart:
        key = NetworkKey(f"{what.token}.{number}@memory")
        body = json.dumps(self._said(what, number, text, key), ensure_ascii=False, sort_keys=True).encode()
        sent = json.loads(body)["attachments"]
        files = tuple(Attachment(**{**_found(one, body), "inline": bool(one["content_id"])}) for one in sent)
        return FrozenPart(number, key, recipients[0], what.sender.address, recipients, body, files)

    def _said(self, what: Outgoing, number: int, text: str, key: NetworkKey) -> dict[str, object]:
        said: dict[str, object] = {
            "kind": "message",
            "key": key,
            "sender": dataclasses.asdict(what.sender),
            "to": [dataclasses.asdict(address) for address in what.to],
            "cc": [dataclasses.asdict(address) for address in what.cc],
            "subject": what.subject,
            "text": text,
            "html": what.html if self._options.html and number == 0 else None,
            "sent_at": what.date.isoformat(),
            "references": [what.answers, *(key for key in reversed(what.references) if key != what.answers)],
            "thread": what.thread,
            "language": what.language,
            "reply_token": what.token,
            "automatic": "auto-reply" if what.purpose.automatic else None,
            "attachments": [_sent(file) for file in what.files] if number == 0 else [],
        }
        if what.replaces:
            said["replaces"] = what.replaces
        if what.offers:
            said["offers"] = [[offer.label, offer.data] for offer in what.offers]
        if not what.answers:
            said["references"] = list(reversed(what.references))
        return said


def _content(raw: Raw) -> bytes:
    if isinstance(raw, Spooled):
        with raw.path.open("rb") as file:
            raw = file.read(OVERSIZED + 1)
    if len(raw) > OVERSIZED:
        raise Unreadable("memory.oversized", limit=OVERSIZED)
    return raw


def _filled(said: dict[str, Any], content: bytes) -> dict[str, Any]:
    if said["kind"] != "message":
        return said
    said = {"reply_text": said.get("text", ""), **said}
    files = [_found(file, content) for file in said.get("attachments", ())]
    return {**said, "attachments": [{**file, "filename": safe_filename(file["filename"])} for file in files]}


def _found(file: dict[str, Any], content: bytes) -> dict[str, Any]:
    """An attachment with its base64 `content` replaced by the range where that stands in the raw."""
    if "content" not in file:
        return file
    encoded = file["content"].encode("ascii")
    rest = {name: value for name, value in file.items() if name != "content"}
    place = {"start": content.index(encoded), "length": len(encoded), "encoding": "base64"}
    return {**rest, **place, "size": len(base64.b64decode(encoded, validate=True))}


def _sent(file: File) -> dict[str, object]:
    return {
        "filename": file.filename,
        "content_type": file.content_type,
        "content": base64.b64encode(file.content).decode("ascii"),
        "content_id": file.content_id,
    }


def _pieces(text: str, limit: int | None) -> list[str]:
    """The text cut at the last blank before the limit, or in the middle of a word where there is none; joined it is the text."""
    pieces = []
    while limit and len(text) > limit:
        cut = text.rfind(" ", 0, limit) + 1 or limit
        pieces.append(text[:cut])
        text = text[cut:]
    return [*pieces, text]
