"""What an arrival says in house terms; made by a channel's codec, read by the path."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Discriminator

from inbox.domain.ids import ChannelName, NetworkKey
from inbox.domain.phone_calls import PhoneCall


@dataclass(frozen=True, slots=True)
class Address:
    """Someone on one kind of channel: the address as the network compares it (a mail address in lower case), and a name."""

    address: str
    name: str = ""


AttachmentState = Literal["here", "wanted", "gone"]
Encoding = Literal["identity", "base64", "quoted-printable", "uuencode"]
Automatic = Literal["auto-reply", "bounce", "bulk", "report"]
AuthenticationVerdict = Literal["pass", "fail", "none"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message: a range of the raw bytes (`start`, `length`), decoded when someone asks for it.

    `size` is the decoded size in bytes as far as known. `wanted`: only the network has it, under `remote`.
    """

    filename: str
    content_type: str
    size: int
    start: int = 0
    length: int = 0
    encoding: Encoding = "identity"
    content_id: str = ""
    inline: bool = False
    state: AttachmentState = "here"
    remote: str = ""


@dataclass(frozen=True, slots=True)
class Forwarded:
    """What somebody else wrote, as the one who passes it on repeats it: their claim, and no more."""

    sender: Address
    subject: str = ""
    text: str = ""
    sent_at: datetime | None = None
    key: NetworkKey = NetworkKey("")
    """The network's name of the original, where it is told."""
    references: tuple[NetworkKey, ...] = ()
    language: str | None = None
    words: str = ""
    """What the one who forwards wrote above it."""


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """Someone wrote to us."""

    kind: Literal["message"]
    key: NetworkKey
    """The network's own name for it; empty when it has none."""
    fingerprint: str
    """SHA-256 (hex) of what makes two copies the same message: for mail the raw bytes less the trace headers."""
    sender: Address
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    subject: str = ""
    text: str = ""
    """All of it as plain text."""
    reply_text: str = ""
    """What the person newly wrote: quotes and signature folded away, never lost (they stay in `text`)."""
    html: str | None = None
    """Sanitised HTML, or None."""
    sent_at: datetime | None = None
    """The sender's own claim, UTC; shown, never used for clocks."""
    references: tuple[NetworkKey, ...] = ()
    """Messages that it answers, the nearest first."""
    tokens: tuple[str, ...] = ()
    """Reply tokens of ours that it was addressed to."""
    copied: tuple[str, ...] = ()
    """Those of them that only got a copy, open or hidden."""
    thread: str = ""
    """The network's container (a chat id); empty where only references tell, as in mail."""
    automatic: Automatic | None = None
    """Not None: a machine wrote it."""
    automatic_evidence: str = ""
    """What gave the machine away, e.g. `auto-submitted: auto-replied`."""
    authentication: AuthenticationVerdict = "none"
    """What a server we trust said of the sender."""
    own: bool = False
    """Written by one of our own addresses on this channel."""
    hops: int = 0
    """Trace headers passed, as far as the network counts them."""
    language: str | None = None
    attachments: tuple[Attachment, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    """Headers that rules may look at: names in lower case, values decoded."""
    defects: tuple[str, ...] = ()
    """What was wrong with it, by name: `unknown-charset`, `oversized`, `several-from` and the like."""
    forwarded: Forwarded | None = None
    """Somebody else's message that is passed on here, where this is nothing else."""
    pieces: tuple[NetworkKey, ...] = ()
    """The network's names of its other pieces, where it came in several."""
    chosen: str = ""
    """The value that its sender chose from the menu of the channel, where they were offered it as they wrote."""
    filled: tuple[tuple[str, str], ...] = ()
    """Fields of the channel's form by name, as they were filled in."""
    offered: tuple[str, ...] = ()
    """The addresses of articles that they were offered as they wrote, and"""
    read: tuple[str, ...] = ()
    """of those that they had read before: our own pages say so."""
    about: str = ""
    """The code of what its sender chose that it is about, where our own pages let them choose."""
    call: PhoneCall | None = None
    """Not None: nobody wrote; it is a telephone call, and the text is what somebody wrote about it."""
    belongs_to: ChannelName | None = None
    """The channel whose message it is, where one of ours brings it that the site trusts: a telephone system's mail about a voicemail."""

    @property
    def own_key(self) -> NetworkKey:
        """The name under which it is found again: the network's own or, where it has none, its fingerprint."""
        return self.key or NetworkKey(self.fingerprint)


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """A network tells what became of something that was sent (RFC 3464 and the older habits)."""

    kind: Literal["report"]
    key: NetworkKey
    fingerprint: str
    about: tuple[NetworkKey, ...]
    """The messages it speaks of, by the network's own name."""
    recipient: str = ""
    status: str = ""
    """An enhanced status code (RFC 3463) such as `5.1.1`, or empty."""
    outcome: Literal["failed", "delayed", "delivered", "read", "complaint"] = "failed"
    permanent: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """The sender changed what they wrote before."""

    kind: Literal["edit"]
    key: NetworkKey
    """The network's name of the message that was changed."""
    fingerprint: str
    """What makes two copies the same edit: never that of the message."""
    sender: Address
    thread: str
    text: str
    """All of it as it stands now."""
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """Someone pressed a button of ours."""

    kind: Literal["button"]
    key: NetworkKey
    fingerprint: str
    sender: Address
    thread: str
    data: str
    about: NetworkKey = NetworkKey("")
    """The message under which it stands, as far as the network tells."""
    query: str = ""
    """The network's name of the press, where it wants to be told what came of it."""


@dataclass(frozen=True, slots=True)
class Aside:
    """Something that the network tells and that is no affair of ours. `reason` is a catalogue key (`ignored.channel_post`)."""

    kind: Literal["aside"]
    fingerprint: str
    reason: str
    key: NetworkKey = NetworkKey("")


@dataclass(frozen=True, slots=True)
class Reachability:
    """An address can be reached from now on, or no longer can."""

    kind: Literal["reachability"]
    key: NetworkKey
    fingerprint: str
    address: str
    reachable: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AddressMove:
    """The network gave a thread a new name; what was under the old one goes on under the new."""

    kind: Literal["move"]
    key: NetworkKey
    fingerprint: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Fragment:
    """One piece of a message that the network delivers in pieces (an album); `group` names the whole."""

    kind: Literal["fragment"]
    group: str
    message: InboundMessage
    key: NetworkKey = field(default=NetworkKey(""))
    fingerprint: str = ""


Happening = Annotated[
    InboundMessage | DeliveryReport | Edit | Button | Reachability | AddressMove | Fragment | Aside,
    Discriminator("kind"),
]
