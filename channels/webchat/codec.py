"""The codec of the web chat: a raw is a frame, written by the face for what a visitor said, and by ourselves for what we say."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Any

from channels.webchat.options import WebchatOptions
from channels.webchat.token import VISITOR, Tokens
from inbox.domain.arrivals import Raw, Spooled
from inbox.domain.happenings import Address, Button, Happening, InboundMessage
from inbox.domain.ids import NetworkKey
from inbox.domain.outgoing import FrozenPart, Outgoing, Purpose
from inbox.domain.problems import Permanent, Unreadable
from inbox.ports.codec import Traits
from inbox.ports.framing import Enclosed, Frame, head, opened, ranged
from inbox.text.cleaning import clean_header, strip_controls
from inbox.text.filenames import safe_filename
from inbox.text.languages import language

OWN = "webchat"
"""Our own address: the visitors' are longer."""
MOST_SENT = 25_000_000
"""Bytes of the files of one message of ours."""


class WebchatCodec:
    """Implements `inbox.ports.codec.Codec`."""

    def __init__(self, tokens: Tokens, options: WebchatOptions) -> None:
        self._tokens = tokens
        self._largest = max(MOST_SENT, options.files * options.file_bytes) + 5_000_000

    @property
    def traits(self) -> Traits:
        """Its people look at our own pages, where the same message shown twice is one line."""
        return Traits(
            live=True, certain_sender=True, buttons=True, resend_safe=True, file_limit=MOST_SENT, reopen_within_hours=24
        )

    def parse(self, raw: Raw) -> Sequence[Happening]:
        """What a frame says. Raises Unreadable."""
        if (raw.size if isinstance(raw, Spooled) else len(raw)) > self._largest:
            raise Unreadable("webchat.oversized", limit=self._largest)
        frame = opened("webchat", raw)
        try:
            return [self._read(frame)]
        except (ValueError, TypeError, LookupError) as error:
            raise Unreadable("webchat.unreadable", reason=type(error).__name__) from error

    def compose(self, what: Outgoing) -> Sequence[FrozenPart]:
        """One frame for each recipient. Raises Permanent for whoever is no visitor of a web chat."""
        addresses = list(dict.fromkeys(one.address for one in (*what.to, *what.cc)))
        for address in addresses or [""]:
            if not VISITOR.fullmatch(address):
                raise Permanent("webchat.impossible_address", address=address)
        if not what.text.strip() and not what.files:
            raise Permanent("webchat.nothing_to_say")
        if sum(len(one.content) for one in what.files) > MOST_SENT:
            raise Permanent("webchat.files_too_big", limit=MOST_SENT)
        return list(_parts(what, addresses))

    def attachment(self, raw: Raw, start: int, length: int, encoding: str) -> bytes:
        """The bytes at that range: files lie in a frame as they are."""
        return ranged(raw, start, length)

    def _read(self, frame: Frame) -> Happening:
        said = frame.said
        if said["kind"] == "said":
            return _ours(frame)
        visitor, id = _text(said, "visitor"), _text(said, "id")
        if not VISITOR.fullmatch(visitor) or not id:
            raise ValueError("visitor")
        kind, sender = _text(said, "kind"), Address(visitor, clean_header(_text(said, "name")))
        key = self._tokens.key_of(kind, visitor, id)
        print_ = hashlib.sha256(key.encode()).hexdigest()
        if kind == "button":
            return Button("button", NetworkKey(key), print_, sender, visitor, _text(said, "data"))
        if kind != "message":
            raise ValueError("kind")
        return _theirs(frame, NetworkKey(key), print_, sender)


def _theirs(frame: Frame, key: NetworkKey, print_: str, sender: Address) -> InboundMessage:
    text, page = strip_controls(_text(frame.said, "text")), clean_header(_text(frame.said, "page"))
    return InboundMessage(
        "message",
        key,
        print_,
        sender,
        (Address(OWN),),
        text=text,
        reply_text=text,
        thread=sender.address,
        language=language(text) or _text(frame.said, "language") or None,
        attachments=frame.files,
        headers=(("page", page),) if page else (),
    )


def _ours(frame: Frame) -> InboundMessage:
    said, text = frame.said, _text(frame.said, "text")
    purpose = Purpose(said["purpose"])
    return InboundMessage(
        "message",
        NetworkKey(_text(said, "key")),
        hashlib.sha256(frame.line).hexdigest(),
        Address(_text(said, "sender"), _text(said, "name")),
        (Address(_text(said, "to")),),
        text=text,
        reply_text=text,
        sent_at=datetime.fromisoformat(said["date"]),
        thread=_text(said, "to"),
        automatic="auto-reply" if purpose.automatic else None,
        automatic_evidence=purpose.value if purpose.automatic else "",
        own=True,
        language=_text(said, "language") or None,
        attachments=frame.files,
    )


def _parts(what: Outgoing, addresses: list[str]) -> Iterator[FrozenPart]:
    files = [Enclosed(safe_filename(one.filename), one.content_type, len(one.content)) for one in what.files]
    for number, address in zip(count(), addresses, strict=False):
        key = NetworkKey(f"{what.token}.{number}")
        line = head("webchat", _said(what, address, key), files)
        body = line + b"".join(one.content for one in what.files)
        yield FrozenPart(number, key, address, what.sender.address, (address,), body, opened("webchat", body).files)


def _said(what: Outgoing, address: str, key: NetworkKey) -> dict[str, object]:
    return {
        "kind": "said",
        "key": key,
        "sender": what.sender.address,
        "name": clean_header(what.sender.name),
        "to": address,
        "text": strip_controls(what.text),
        "language": what.language,
        "direction": what.direction,
        "date": what.date.isoformat(),
        "purpose": what.purpose.value,
        "offers": [{"label": clean_header(one.label), "data": one.data} for one in what.offers],
    }


def _text(said: Mapping[str, Any], name: str) -> str:
    """A text that the line says, or an empty one."""
    found = said.get(name, "")
    if not isinstance(found, str):
        raise TypeError(name)
    return found
