"""The codec: what a kind of network says and how we say things on it. Pure, and alike in every process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from inbox.domain.arrivals import Raw
from inbox.domain.happenings import Happening
from inbox.domain.outgoing import FrozenPart, Outgoing


@dataclass(frozen=True, slots=True)
class Traits:
    """What a kind of network can do. The house asks traits, never a kind's name."""

    html: bool = False
    edits: bool = False
    topics: bool = False
    buttons: bool = False
    receipts: bool = False
    resend_safe: bool = False
    """The same bytes handed over twice are likely one message to the reader (mail: same Message-ID and Date)."""
    subject: bool = False
    text_limit: int | None = None
    """Characters in one part; None: no limit of the network's own."""
    file_limit: int | None = None
    """Bytes of the files that one message can carry together; None: no limit of the network's own."""
    marks: bool = False
    """Words can be bold, or lead somewhere, without signs in the text (`Outgoing.marks`)."""
    reactions: bool = False
    """A bot can put a sign under a message; else a sentence says it."""
    desks: bool = False
    """Agents can be shown conversations in chats of it, and answer there: its channel is `Carrying`."""
    live: bool = False
    """Its people look at our own pages: what is said to them can be seen once its delivery is `sent`."""
    portal: bool = False
    """Its pages are those of the house on which customers see all that is theirs."""
    certain_sender: bool = False
    """The network itself says who wrote, under an id that nobody else can claim; in mail anybody can claim any address."""
    verdicts: bool = False
    """A server that we trust tells of each message whether its sender is who it claims: no verdict is a bad sign then."""
    calls: bool = False
    """What comes of it are telephone calls; nothing can be said on it by us, and what agents say there they log."""
    reopen_within_hours: float = 24.0
    """How long a done conversation opens again by a new message, where the config says nothing else."""


class Codec(Protocol):
    """Built by entry point from (kind, options) in any process: the parser child, the CLI, a web node."""

    @property
    def traits(self) -> Traits:
        """What this network can do."""
        ...

    def parse(self, raw: Raw) -> Sequence[Happening]:
        """What the bytes say, in house terms. Raises Unreadable where nothing can be made of them."""
        ...

    def compose(self, what: Outgoing) -> Sequence[FrozenPart]:
        """The frozen parts, several where one hand-over is too small. The same input gives the same bytes.

        Raises Permanent where this can never be said on this network (an address that cannot exist).
        """
        ...

    def attachment(self, raw: Raw, start: int, length: int, encoding: str) -> bytes:
        """The decoded bytes of an attachment that `parse` found at that range."""
        ...


class Reader(Protocol):
    """Reads files of one kind without a site: what `inbox parse` prints. A codec may be one.

    A factory without arguments stands in the entry-point group `inbox.readers`. It is called in a bounded child.
    """

    def describe(self, raw: Raw) -> Mapping[str, object]:
        """All that is read out of a raw, as plain values for JSON. Raises Unreadable where nothing can be made of it."""
        ...
