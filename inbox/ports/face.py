"""The face: a channel's HTTP side (a webhook, a widget), mounted by the web at /channels/<name>/."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from inbox.domain.arrivals import Item
from inbox.domain.ids import ChannelName, ConversationId, MessageId

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a visitor's transcript: never a note."""

    message: MessageId
    conversation: ConversationId
    at: datetime
    ours: bool
    name: str
    text: str
    html: str | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What we can honestly say before someone writes: open or not, and by when an answer would come (None: unsure)."""

    open_now: bool
    opens_at: datetime | None
    answer_by: datetime | None


class Front(Protocol):
    """What the house offers a face."""

    async def accept(self, channel: ChannelName, item: Item) -> None:
        """Store an item as an arrival; returns after the commit. A second call with the same key changes nothing."""
        ...

    async def transcript(self, channel: ChannelName, visitor: str, after: MessageId | None) -> Sequence[Line]:
        """What was said with the visitor of that address on this channel, oldest first."""
        ...

    async def outlook(self, channel: ChannelName) -> Outlook:
        """Hours, and the honest time now."""
        ...

    async def page(self, name: str, facts: Mapping[str, object]) -> str:
        """A page of the house's templates, rendered."""
        ...


class Face(Protocol):
    """Built by the adapter; the routes are mounted once the daemon stands."""

    def routes(self, front: Front) -> ASGIApp:
        """The ASGI application of this channel."""
        ...
