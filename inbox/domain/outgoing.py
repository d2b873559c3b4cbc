"""What we say, in house terms, before a codec freezes it; and the frozen parts that a network is handed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from inbox.domain.choices import Offer
from inbox.domain.happenings import Address, Attachment
from inbox.domain.ids import NetworkKey


class Purpose(StrEnum):
    """Why we speak. It decides the rank, the budget, and what happens to an unknown outcome."""

    REPLY = "reply"
    ACKNOWLEDGEMENT = "acknowledgement"
    RENEWAL = "renewal"
    """A new time in place of one that was promised."""
    ANSWER = "answer"
    """What a rule answers by itself, with a template."""
    NOTICE = "notice"
    FORWARD = "forward"
    """An agent passes on to an outsider what was said."""
    BROADCAST = "broadcast"
    """What we tell many who did not ask."""
    AMONG_US = "among-us"
    """One of us is told."""
    SCREEN = "screen"
    """What a bot shows of its menu because somebody asked for it: of no conversation."""
    REPORT = "report"
    """A report that one of us has by mail: of no conversation."""

    @property
    def rank(self) -> int:
        """Which lane goes first: what people wrote, then acknowledgements, new times, what rules answer, notices, we ourselves, and what many are told."""
        if not self.automatic:
            return 0
        if self is Purpose.SCREEN:
            return Purpose.NOTICE.rank
        if self is Purpose.REPORT:
            return Purpose.AMONG_US.rank
        ranked = (
            Purpose.REPLY,
            Purpose.ACKNOWLEDGEMENT,
            Purpose.RENEWAL,
            Purpose.ANSWER,
            Purpose.NOTICE,
            Purpose.AMONG_US,
            Purpose.BROADCAST,
        )
        return ranked.index(self)

    @property
    def automatic(self) -> bool:
        """True where no person wrote it: it then says so in its headers and counts against the budgets."""
        return self not in (Purpose.REPLY, Purpose.FORWARD)


@dataclass(frozen=True, slots=True)
class File:
    """A file to send along."""

    filename: str
    content_type: str
    content: bytes
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """How some of a text looks, for networks that can show it (`Traits.marks`): `start` and `length` in characters of it."""

    kind: Literal["bold", "italic", "code", "pre", "link"]
    start: int
    length: int
    url: str = ""
    """Where a link leads."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message of ours, complete: a codec needs nothing else to freeze it, and no clock or chance of its own."""

    purpose: Purpose
    token: str
    """26 unguessable characters: the codec makes the message's key and its reply address of them."""
    sender: Address
    """Name and address that we speak under: the brand's name, the channel's address."""
    to: tuple[Address, ...]
    subject: str
    text: str
    date: datetime
    language: str
    direction: str
    """`rtl` or `ltr`, of the text as a whole."""
    html: str | None = None
    cc: tuple[Address, ...] = ()
    answers: NetworkKey = NetworkKey("")
    """The message it answers."""
    references: tuple[NetworkKey, ...] = ()
    """The thread so far, oldest first."""
    thread: str = ""
    files: tuple[File, ...] = ()
    offers: tuple[Offer, ...] = ()
    """Buttons under it, for networks that have any (`Traits.buttons`)."""
    replaces: NetworkKey = NetworkKey("")
    """The message of ours that is to say this from now on, where the network can change one (`Traits.edits`): without a text
    only the buttons under it change."""
    marks: tuple[Mark, ...] = ()
    stop: str = ""
    """The address at which whoever gets it says that they want no more of the kind (RFC 8058); for networks that carry such a thing."""


@dataclass(frozen=True, slots=True)
class FrozenPart:
    """Bytes that will not change again, whatever happens to them: one hand-over to a network."""

    number: int
    """Counts from 0; parts of one message go out in order."""
    key: NetworkKey
    """The network key we chose (a Message-ID); empty where the network chooses it."""
    lane: str
    """The address whose FIFO it stands in."""
    sender: str
    recipients: tuple[str, ...]
    body: bytes
    files: tuple[Attachment, ...] = ()
    """The files in it, as ranges of `body`: what `Codec.attachment` reads."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One recipient of several was not taken."""

    recipient: str
    code: str
    text: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """The network took it: the keys it knows it by, and the recipients it would not take."""

    keys: tuple[NetworkKey, ...] = ()
    refused: tuple[Refusal, ...] = ()
    note: str = ""
    """The network's own words, e.g. `250 2.0.0 Ok: queued as 4F1`."""
    rest: float = 0.0
    """Seconds for which the network would rather be given nothing more in this lane."""
