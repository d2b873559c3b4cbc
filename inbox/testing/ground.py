"""What an adapter author brings to the suite: one account, the network behind it, and what a newcomer would write there."""

from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from inbox.domain.happenings import Address
from inbox.domain.outgoing import File, Outgoing, Purpose
from inbox.ports.channel import Channel
from inbox.ports.codec import Codec


class Ground(Protocol):
    """Everything lives on loopback or in memory, and belongs to one test."""

    @property
    def address(self) -> str:
        """The channel's own address."""
        ...

    @property
    def correspondents(self) -> Sequence[str]:
        """Three addresses that the network takes messages for."""
        ...

    def channel(self) -> Channel:
        """A new channel on the same account, not opened; an account that was never fetched brings what lies there."""
        ...

    def codec(self) -> Codec:
        """A new codec of the same channel."""
        ...

    def deliver(self, text: str) -> Awaitable[bool]:
        """Begin to give the channel a message with this text. True: the network need not keep it. False: try again later.

        A network that keeps messages until they are fetched answers True at once; one that hands them over, when we do.
        """
        ...

    def taken(self) -> Sequence[bytes]:
        """The bodies that the network has accepted from us, in order."""
        ...


class FaultyGround(Ground, Protocol):
    """A ground that fails on demand, for networks that one talks to."""

    def goes_away(self) -> None:
        """From now on nobody can be reached."""
        ...

    def comes_back(self) -> None:
        """They can be again."""
        ...

    def drops_before(self) -> None:
        """The next hand-over is cut before its last byte."""
        ...

    def drops_after(self) -> None:
        """The next hand-over is cut after its last byte, instead of an answer."""
        ...

    def refuses(self, address: str) -> None:
        """The address is refused for good, the next time it is a recipient."""
        ...


def outgoing(ground: Ground, text: str = "سلام، پیام شما رسید.\nWe have it.", **changes: Any) -> Outgoing:
    """A reply to the first correspondent, in two languages, unless `changes` say otherwise."""
    said: dict[str, Any] = {
        "purpose": Purpose.REPLY,
        "token": "abcdefghijklmnopqrstuvwx23",
        "sender": Address(ground.address, "پشتیبانی نمونه"),
        "to": (Address(ground.correspondents[0], "علی رضایی"),),
        "subject": "پاسخ به درخواست شما (K7Q2)",
        "text": text,
        "date": datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
        "language": "fa",
        "direction": "rtl",
    }
    return Outgoing(**{**said, **changes})


def file(content: bytes = bytes(range(256)) * 5, name: str = "فاکتور.pdf") -> File:
    """A file with every byte in it."""
    return File(name, "application/pdf", content)
