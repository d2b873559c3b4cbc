"""The channel: one connection to one account on one network, that can fetch and send. The house never asks its kind."""

from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NewType, Protocol, runtime_checkable

from inbox.domain.arrivals import Item, Raw
from inbox.domain.ids import ChannelName
from inbox.domain.outgoing import FrozenPart, Receipt
from inbox.domain.problems import Problem, Temporary
from inbox.ports.clock import Clock
from inbox.ports.codec import Codec
from inbox.ports.face import Face
from inbox.ports.probe import Probe

Cursor = NewType("Cursor", str)
"""An adapter's own bookmark: opaque to the house, stored in the transaction that stores the batch."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Items fetched together and stored together, with the cursor that stands behind them.

    `history`: old mail of a first sync with `first_sync = "import"`, stored silently. `first_sync`: items of a first
    sync with `first_sync = "answer"`, which count against the first-sync brake.
    """

    items: tuple[Item, ...]
    cursor: Cursor | None
    history: bool = False
    first_sync: bool = False


class Unconfirmed(Problem):
    """The hand-over went past the point of no return and no answer came: the network may have it or not."""


HANDED = "handed"
"""The stage that must be durable before the last byte of a hand-over leaves us."""


class StageLog(Protocol):
    """Where a channel writes how far a hand-over has come."""

    def __call__(self, stage: str) -> Awaitable[None]:
        """Durable when it returns. After HANDED a lost answer means `unknown`; before it, certainly not accepted."""
        ...


class Channel(Protocol):
    """One connection. Errors are three kinds: Temporary (the default), Permanent (proven), Credentials (a person must act)."""

    async def open(self) -> None:
        """Connect and log in, for both directions as far as the network knows connections.

        Raises Unreachable (back off) or LockedOut/Credentials (a person must act).
        """
        ...

    def fetch(self, since: Cursor | None) -> AsyncIterator[Batch]:
        """Batches behind the cursor as they come, for ever; waits inside while there is nothing. Marks nothing as seen.

        An empty batch that carries a new cursor is stored too. `since` None: the account was never fetched before.
        """
        ...

    async def confirm(self, batch: Batch) -> None:
        """The batch is durable: only now may the network forget it."""
        ...

    async def refuse(self, batch: Batch, why: Temporary) -> None:
        """The batch could not be stored now: a listener answers 451, a channel that pulls does nothing."""
        ...

    async def collect(self, part: str) -> Raw:
        """A file that only the network has (`Attachment.remote`). Raises Permanent where it is gone, or larger than
        the network or the channel lets through. A spooled file is the caller's to remove."""
        ...

    async def send(self, part: FrozenPart, stage: StageLog) -> Receipt:
        """Hand it over once. Raises Temporary (certainly not accepted), Permanent (never), Credentials, Unconfirmed."""
        ...

    async def close(self) -> None:
        """End connections. Safe twice, and before open."""
        ...


@runtime_checkable
class Telling(Protocol):
    """A channel that can show a few words to whoever pressed a button of ours. A channel may be one."""

    async def tell(self, query: str, words: str) -> None:
        """Show them once to the one whose press the network calls `query`. Raises as `send` does; nobody tries again."""
        ...


@runtime_checkable
class Paced(Protocol):
    """A channel whose network counts what is said within a minute. A channel may be one."""

    def recollect(self, said: Sequence[tuple[str, float]]) -> Mapping[str, float]:
        """Count what was said before this connection, whoever of us said it: the lane and how many seconds ago, the oldest first.
        The seconds for which a lane should still rest."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """What the house tells an adapter about where it lives."""

    name: ChannelName
    brand_name: str
    """The name we speak under on this channel."""
    data: Path
    """The site's data folder (absolute); an adapter may keep spool files under `data / "spool"`."""
    secret: bytes
    """32 bytes of the site's own, for codecs that need a key (the same in every process of the site)."""
    site: Path
    """The site folder, for paths in options that are relative."""
    url: str = ""
    """Where the channel's face is reached from outside, without a slash at its end (`https://.../channels/<name>`)."""
    commands: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """What a bot can be told by a command, by language, and under an empty name for all others: the word without its stroke, and what
    it is for. Empty: it has no menu."""
    desks: frozenset[str] = frozenset()
    """The chats in which agents see conversations: what is said there is an agent's, and no customer's."""


class Adapter(Protocol):
    """What a package registers under the entry-point group `inbox.channels`; its name there is the kind."""

    def options(self, table: dict[str, Any], where: str) -> Any:
        """Check the channel's table of the config (the house's own keys already taken out), fill in the defaults.

        `where` is how error messages name the table (`config.toml: channel.support`). Raises Misconfigured.
        """
        ...

    def addresses(self, options: Any) -> tuple[str, ...]:
        """The channel's own addresses, as the network compares them."""
        ...

    def codec(self, place: Place, options: Any) -> Codec:
        """A codec. Must be cheap, and do no I/O."""
        ...

    def channel(self, place: Place, options: Any, clock: Clock, probe: Probe) -> Channel:
        """A channel, not yet opened."""
        ...

    def face(self, place: Place, options: Any) -> Face | None:
        """The channel's HTTP side, where the kind has one."""
        ...

    async def examine(self, place: Place, options: Any, online: bool) -> list["Finding"]:
        """What `inbox doctor` tells about this channel; with `online` it may connect (but sends nothing)."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor: what was looked at, how it stands, what was seen, and what to do. Texts are catalogue keys."""

    check: str
    status: str
    """`pass`, `warn`, `fail` or `unknown`."""
    problem: Problem | None = None
    """What is wrong and what to do about it."""
    observed: str = ""
