"""A telephone call in bytes: a frame with what is known of it, and behind it the recording. Written by the face of a telephone
channel and by the house where an agent logs a call; read by the codec of such a channel."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from inbox.domain.happenings import Address, InboundMessage
from inbox.domain.ids import NetworkKey
from inbox.domain.phone_calls import CallOutcome, PhoneCall
from inbox.ports.framing import Enclosed, Frame, head
from inbox.ports.spoken import text
from inbox.text.cleaning import clean_header, strip_controls
from inbox.text.filenames import safe_filename
from inbox.text.languages import language

KIND = "phone"
OWN = "phone"
"""Our own address: callers have numbers."""
HIDDEN = "anonymous"
"""Whoever hides their number has an address of their own in each call: nobody knows that two of them are one."""


@dataclass(frozen=True, slots=True)
class Recording:
    """The sound of a call."""

    name: str
    type: str
    content: bytes


@runtime_checkable
class Numbering(Protocol):
    """A codec that knows how numbers are written where its channel is. One whose traits have `calls` is one."""

    def number(self, typed: str) -> str:
        """The number as the network compares it; empty for what is none."""
        ...


def framed(call: PhoneCall, name: str, words: str, recordings: Iterable[Recording] = ()) -> bytes:
    """The bytes of a call. `name`: the caller's, as the network shows it; `words`: what an agent wrote about it, or a machine heard."""
    files = tuple(recordings)
    told = [Enclosed(safe_filename(one.name), one.type, len(one.content)) for one in files]
    return head(KIND, _line(call, name, words), told) + b"".join(one.content for one in files)


def key_of(call: PhoneCall) -> str:
    """Its key among the arrivals of its channel: told twice, it is there once."""
    return f"call {hashlib.sha256(call.id.encode('utf-8', 'replace')).hexdigest()[:40]}"


def message_of(frame: Frame) -> InboundMessage:
    """What a frame says. Raises ValueError, TypeError or LookupError where it is no call."""
    said = frame.said
    call = _call(said)
    words = strip_controls(text(said, "text"))
    print_ = hashlib.sha256(key_of(call).encode()).hexdigest()
    caller = call.number or f"{HIDDEN}-{print_[:16]}"
    return InboundMessage(
        "message",
        NetworkKey(print_[:40]),
        print_,
        Address(caller, clean_header(text(said, "name"))),
        (Address(OWN),),
        text=words,
        reply_text=words,
        sent_at=call.started_at,
        thread=caller,
        language=language(words),
        attachments=frame.files,
        headers=headers_of(call),
        call=call,
    )


def headers_of(call: PhoneCall) -> tuple[tuple[str, str], ...]:
    """What rules look at: `header.call = "missed"`."""
    told = {"call": call.outcome.value, "call-direction": call.way, "call-agent": call.agent}
    return tuple((name, value) for name, value in told.items() if value)


def _line(call: PhoneCall, name: str, words: str) -> dict[str, object]:
    return {
        "way": call.way,
        "outcome": call.outcome.value,
        "number": call.number,
        "id": call.id,
        "started_at": call.started_at.isoformat() if call.started_at else "",
        "seconds": call.seconds,
        "agent": call.agent,
        "matter": call.matter,
        "name": clean_header(name),
        "text": strip_controls(words),
    }


def _call(said: Any) -> PhoneCall:
    way, seconds, began = text(said, "way"), said.get("seconds"), text(said, "started_at")
    if way not in ("in", "out") or not text(said, "id"):
        raise ValueError("call")
    if seconds is not None and (not isinstance(seconds, int) or isinstance(seconds, bool) or seconds < 0):
        raise ValueError("seconds")
    return PhoneCall(
        "in" if way == "in" else "out",
        CallOutcome(text(said, "outcome")),
        text(said, "number"),
        text(said, "id"),
        datetime.fromisoformat(began) if began else None,
        seconds,
        text(said, "agent"),
        text(said, "matter"),
    )
