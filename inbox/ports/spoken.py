"""What we say on our own pages: frames that the codecs of such kinds compose, and read back."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from inbox.domain.happenings import Address, InboundMessage
from inbox.domain.ids import NetworkKey
from inbox.domain.outgoing import FrozenPart, Outgoing, Purpose
from inbox.ports.framing import Enclosed, Frame, head, opened
from inbox.text.cleaning import clean_header, strip_controls
from inbox.text.filenames import safe_filename

SAID = "said"
"""The kind of a line that is ours."""


def parts(kind: str, what: Outgoing, addresses: Sequence[str]) -> Iterator[FrozenPart]:
    """One frame for each recipient, in the lane of their address."""
    files = [Enclosed(safe_filename(one.filename), one.content_type, len(one.content)) for one in what.files]
    for number, address in enumerate(addresses):
        key = NetworkKey(f"{what.token}.{number}")
        line = head(kind, _line(what, address, key), files)
        body = line + b"".join(one.content for one in what.files)
        yield FrozenPart(number, key, address, what.sender.address, (address,), body, opened(kind, body).files)


def ours(frame: Frame) -> InboundMessage:
    """What such a frame says, as our own words. Raises ValueError, TypeError or LookupError where it is none."""
    said, words = frame.said, text(frame.said, "text")
    purpose = Purpose(said["purpose"])
    return InboundMessage(
        "message",
        NetworkKey(text(said, "key")),
        hashlib.sha256(frame.line).hexdigest(),
        Address(text(said, "sender"), text(said, "name")),
        (Address(text(said, "to")),),
        text=words,
        reply_text=words,
        sent_at=datetime.fromisoformat(said["date"]),
        thread=text(said, "thread"),
        automatic="auto-reply" if purpose.automatic else None,
        automatic_evidence=purpose.value if purpose.automatic else "",
        own=True,
        language=text(said, "language") or None,
        attachments=frame.files,
    )


def text(said: Mapping[str, Any], name: str) -> str:
    """A text that a line says, or an empty one. Raises TypeError where it is something else."""
    found = said.get(name, "")
    if not isinstance(found, str):
        raise TypeError(name)
    return found


def _line(what: Outgoing, address: str, key: NetworkKey) -> dict[str, object]:
    return {
        "kind": SAID,
        "key": key,
        "sender": what.sender.address,
        "name": clean_header(what.sender.name),
        "to": address,
        "thread": what.thread or address,
        "text": strip_controls(what.text),
        "language": what.language,
        "direction": what.direction,
        "date": what.date.isoformat(),
        "purpose": what.purpose.value,
        "offers": [{"label": clean_header(one.label), "data": one.data} for one in what.offers],
    }
