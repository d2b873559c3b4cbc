"""The codec of the web chat: a raw is a frame, written by the face for what a visitor said, and by ourselves for what we say."""

import hashlib
from collections.abc import Sequence

from channels.webchat.options import WebchatOptions
from channels.webchat.token import VISITOR, Tokens
from inbox.domain.arrivals import Raw, Spooled
from inbox.domain.happenings import Address, Button, Happening, InboundMessage
from inbox.domain.ids import NetworkKey
from inbox.domain.outgoing import FrozenPart, Outgoing
from inbox.domain.problems import Permanent, Unreadable
from inbox.ports.codec import Traits
from inbox.ports.framing import Frame, opened, ranged
from inbox.ports.spoken import SAID, ours, parts, text
from inbox.text.cleaning import clean_header, strip_controls
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
        return list(parts("webchat", what, addresses))

    def attachment(self, raw: Raw, start: int, length: int, encoding: str) -> bytes:
        """The bytes at that range: files lie in a frame as they are."""
        return ranged(raw, start, length)

    def _read(self, frame: Frame) -> Happening:
        said = frame.said
        if said["kind"] == SAID:
            return ours(frame)
        visitor, id = text(said, "visitor"), text(said, "id")
        if not VISITOR.fullmatch(visitor) or not id:
            raise ValueError("visitor")
        kind, sender = text(said, "kind"), Address(visitor, clean_header(text(said, "name")))
        key = self._tokens.key_of(kind, visitor, id)
        print_ = hashlib.sha256(key.encode()).hexdigest()
        if kind == "button":
            return Button("button", NetworkKey(key), print_, sender, visitor, text(said, "data"))
        if kind != "message":
            raise ValueError("kind")
        return _theirs(frame, NetworkKey(key), print_, sender)


def _theirs(frame: Frame, key: NetworkKey, print_: str, sender: Address) -> InboundMessage:
    words, page = strip_controls(text(frame.said, "text")), clean_header(text(frame.said, "page"))
    return InboundMessage(
        "message",
        key,
        print_,
        sender,
        (Address(OWN),),
        text=words,
        reply_text=words,
        thread=sender.address,
        offered=tuple(text(frame.said, "offered").split()),
        read=tuple(text(frame.said, "read").split()),
        language=language(words) or text(frame.said, "language") or None,
        attachments=frame.files,
        headers=(("page", page),) if page else (),
    )
