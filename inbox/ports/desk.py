"""The desk: what a channel can do that shows conversations to agents. A channel may carry desks; the house asks for no kind."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from inbox.domain.ids import NetworkKey
from inbox.domain.outgoing import File
from inbox.domain.problems import Permanent
from inbox.ports.channel import StageLog


@dataclass(frozen=True, slots=True)
class DeskTraits:
    """What agents can be shown there."""

    topics: bool
    """Whether a conversation has a place of its own in a group; else its posts stand among all others, each with its name."""
    reactions: bool
    """Whether a message can bear a sign; else a sentence says it."""
    pins: bool
    buttons: bool
    text_limit: int
    """Units of one post."""


@dataclass(frozen=True, slots=True)
class Press:
    """A button as people see it: `data` comes back when it is pressed, or `url` opens."""

    label: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Posting:
    """What is said at a desk, in plain text; `answers`: the message under which it stands."""

    text: str
    presses: tuple[Press, ...] = ()
    files: tuple[File, ...] = ()
    answers: NetworkKey = NetworkKey("")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the network made of it: the names of what stands there now (or of the topic), and for how many seconds it would
    rather be given nothing more in that chat."""

    keys: tuple[NetworkKey, ...] = ()
    thread: str = ""
    rest: float = 0.0


class PlaceGone(Permanent):
    """The topic, or the message that was to be changed, is not there any more: it can be made anew."""


class Desk(Protocol):
    """One connection. `chat` and `thread` are the network's names of a group or private chat, and of a topic in it.

    Every call raises as `Channel.send` does, PlaceGone, and Throttled for the whole chat; `stage` is awaited with HANDED before
    the first byte of the body leaves.
    """

    @property
    def traits(self) -> DeskTraits:
        """What agents can be shown there."""
        ...

    async def open_topic(self, chat: str, title: str, stage: StageLog) -> Shown:
        """A place for one conversation."""
        ...

    async def rename(self, thread: str, title: str) -> Shown:
        """Another title. One that it has already is no error."""
        ...

    async def post(self, thread: str, what: Posting, stage: StageLog) -> Shown:
        """Say it. The first name is that of the words, where there are any."""
        ...

    async def change(self, key: NetworkKey, what: Posting) -> Shown:
        """Other words and buttons in the place of those that stand there."""
        ...

    async def remove(self, key: NetworkKey) -> Shown:
        """Take it away. What is not there any more is no error."""
        ...

    async def pin(self, key: NetworkKey) -> Shown:
        """Keep it where everybody finds it."""
        ...

    async def react(self, key: NetworkKey, sign: str) -> Shown:
        """A sign under a message, in place of the one that it has; none where `sign` is empty."""
        ...


@runtime_checkable
class Carrying(Protocol):
    """A channel that can carry desks. A channel may be one."""

    def desk(self) -> Desk:
        """Its desk, over the same connection."""
        ...
