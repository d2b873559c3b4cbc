"""The face: a channel's HTTP side (a webhook, a widget), mounted by the web at /channels/<name>/."""

from collections.abc import Awaitable, Callable, Collection, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from inbox.domain.arrivals import Item
from inbox.domain.choices import Offer
from inbox.domain.happenings import AttachmentState
from inbox.domain.ids import AttachmentId, ConversationId, MessageId

if TYPE_CHECKING:
    from limits.aio.storage import Storage

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class LineFile:
    """A file of a line. `size` in bytes, as far as known."""

    id: AttachmentId
    name: str
    content_type: str
    size: int
    state: AttachmentState


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a visitor's transcript: never a note, and never what has not gone out."""

    message: MessageId
    conversation: ConversationId
    at: datetime
    """When the visitor could first see it."""
    ours: bool
    name: str
    """Who said it: the agent's name or the brand's; the visitor's own."""
    text: str
    key: str = ""
    """The network's own name of it: for what a visitor wrote, the one that its item was given."""
    language: str | None = None
    automatic: bool = False
    files: tuple[LineFile, ...] = ()
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class Outlook:
    """What we can honestly say before someone writes: open or not, and by when an answer would come (None: unsure)."""

    open_now: bool
    opens_at: datetime | None
    answer_by: datetime | None


Asked = Literal["sent", "unknown", "impossible", "too_often", "off"]
"""What became of a wish to prove an address: the code is on its way; this visitor never wrote; the address cannot exist;
it was asked too often; the channel goes on nowhere else."""
Answered = Literal["proved", "wrong", "over"]
"""What a code was worth; `over`: it is too old, was used, or was guessed at too often."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a visitor: the address at which they are reached when they have left, and whether it is proved."""

    known: bool = False
    name: str = ""
    address: str = ""
    proved: bool = False
    continues: bool = False
    """The channel goes on by mail for those who leave one."""
    suggests: bool = False
    """What they write now begins something new here, and there are articles that could answer it."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """An article that may answer what a visitor writes, and why. `slug` is its name among ours, `address` where everybody can
    read it; `words`: of what they wrote, those that it says, the most telling first; `solved`: how many who asked alike it
    was the answer for."""

    slug: str
    language: str
    title: str
    address: str
    words: tuple[str, ...] = ()
    solved: int = 0


class Front(Protocol):
    """What the house offers the face of one channel. `visitor` is an address of that channel, which the face has verified."""

    @property
    def counts(self) -> "Storage":
        """Where the face counts how often its visitors ask: the same for all nodes of a site, whose names nobody else uses."""
        ...

    async def accept(self, item: Item) -> None:
        """Store an item as an arrival; returns after the commit. A second call with the same key changes nothing.

        Raises Temporary where it cannot be stored now: then the sender must be told to come again.
        """
        ...

    async def transcript(self, visitor: str, after: MessageId | None = None) -> Sequence[Line]:
        """The newest hundred lines that the visitor may see, in the order in which they could be seen; with `after`, those
        that may have become visible since that one did (some of them, perhaps, again)."""
        ...

    async def changed(self, visitor: str, seconds: float) -> bool:
        """Until the visitor's transcript may have changed (True), or that much time has passed. A change between two calls
        of the same task is not lost: call it once with 0 before the transcript is read. Raises Temporary when the house is
        about to end: whoever waits lets go."""
        ...

    async def read(self, visitor: str, upto: MessageId) -> None:
        """The visitor has seen everything up to this line."""
        ...

    async def file(self, visitor: str, id: AttachmentId) -> tuple[LineFile, bytes] | None:
        """The bytes of a file in the visitor's transcript; None where it is not theirs or not here."""
        ...

    async def outlook(self) -> Outlook:
        """Hours, and the honest time now."""
        ...

    async def standing(self, visitor: str) -> Standing:
        """What is known of a visitor."""
        ...

    async def prove(self, visitor: str, address: str, language: str) -> Asked:
        """Send a code to a mail address that the visitor says is theirs."""
        ...

    async def proved(self, visitor: str, code: str) -> Answered:
        """The visitor typed a code: the right one links the address to them, and the conversation goes on there when they leave."""
        ...

    async def vouch(self, visitor: str, address: str, name: str) -> None:
        """The site that the visitor is signed in to says (under a signature that the face has verified) whose mail address
        this is: as good as a proof."""
        ...

    async def mail_transcript(self, visitor: str, language: str) -> bool:
        """Send the transcript to the visitor's proved address; False where there is none."""
        ...

    async def suggest(
        self, visitor: str, asked: str, language: str, shown: Collection[str] = (), sure: bool = False
    ) -> Sequence[Suggested]:
        """The articles, at most three, that may answer what a visitor begins to write, the surest first. Those whose slugs are
        not among `shown` count as shown from now on. `sure`: only those that are as sure as the site wants them to be where
        somebody is held up by them. Empty where `Standing.suggests` does not hold."""
        ...

    async def solved(self, slug: str) -> bool:
        """A visitor says that an article is their answer: it is counted. False where everybody can read none of that slug."""
        ...

    def lately_read(self, cookies: Mapping[str, str]) -> Sequence[str]:
        """The slugs of the articles that a browser has read lately on our own pages, as its cookies say; they may say anything."""
        ...

    @property
    def languages(self) -> Sequence[str]:
        """The languages of the catalogues; the site's own first."""
        ...

    def say(self, language: str, key: str, **facts: object) -> str:
        """A sentence of the catalogue."""
        ...

    def plural(self, language: str, key: str, n: int) -> str:
        """A sentence of the catalogue in the form that a count asks for, which is its fact `{n}`."""
        ...

    def moment(self, at: datetime, language: str) -> str:
        """An instant as people of that language read it, in the site's zone."""
        ...

    def page(self, name: str, language: str, facts: Mapping[str, object]) -> str:
        """The page `<name>.html.j2` of the face's folder. Beside the facts it knows `say`, `language`, `direction`,
        `zone`, `now`, and `fonts`, the address of the house's style sheet of fonts (empty where it has none)."""
        ...


class Face(Protocol):
    """Built by the adapter; the routes are mounted once the daemon stands."""

    @property
    def pages(self) -> Path | None:
        """The folder of the face's own pages, where it has any."""
        ...

    def routes(self, front: Front) -> ASGIApp:
        """The ASGI application of this channel."""
        ...
