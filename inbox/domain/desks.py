"""A desk: where agents see conversations on a channel. A card is (desk, conversation) with the version wanted and the one shown.

Messages are frozen, cards converge: what a card shows is computed anew each time from the newest version, so that a change
which nobody has shown yet costs nothing when the next one comes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from inbox.domain.ids import AgentId, CardId, ChannelName, ConversationId, DeskId, MessageId, NetworkKey, PostId


class Mode(StrEnum):
    """What of an agent's words at a desk goes to the customer. A note is a note in either."""

    REPLY_ONLY = "reply_only"
    """Only what answers a customer's message, or is said to be a reply."""
    TOPIC_ALL = "topic_all"
    """Everything that stands in a conversation's own topic."""


@dataclass(frozen=True, slots=True)
class DeskPlan:
    """One desk as ops configured it. `chat`: the group; empty: each linked agent has one of their own, in private, for the
    conversations that are theirs. `team`: whose conversations it shows; empty: everybody's."""

    name: str
    channel: ChannelName
    chat: str = ""
    team: str = ""
    mode: Mode = Mode.REPLY_ONLY

    @property
    def private(self) -> bool:
        """Whether it is one chat for each agent."""
        return not self.chat


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk as it stands: a group, or the private chat of one agent. `chat` is the network's name of it."""

    id: DeskId
    name: str
    channel: ChannelName
    chat: str
    agent: AgentId | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One conversation at one desk. `thread`: where its posts stand, once there is such a place; `head`: the network's name of
    the message that tells how it stands; `title` and `look`: what is shown of both. Versions are the conversation's."""

    id: CardId
    desk: DeskId
    conversation: ConversationId
    chat: str
    thread: str
    head: NetworkKey
    pinned: bool
    title: str
    look: str
    wanted: int
    shown: int
    attempts: int = 0
    epoch: int = 0
    doubtful: int = 0
    """How often nobody knew whether its topic was made, and one more was."""
    error: str = ""

    @property
    def placed(self) -> bool:
        """Whether there is something that posts can stand under."""
        return bool(self.thread and self.head)


class PostState(StrEnum):
    """How a post stands. `here`: somebody else put it there, an agent in their own words."""

    QUEUED = "queued"
    SENT = "sent"
    CHANGED = "changed"
    """It is there, and is to say something else by now."""
    FAILED = "failed"
    HERE = "here"


PostKind = str
"""`message`: one of the conversation's; `edit`: what a customer made of one; `word`: a sentence of the house to an agent;
`feeling`: a sign under what an agent wrote."""


@dataclass(frozen=True, slots=True)
class Button:
    """One that stands under a post: what pressing it means (`desk:take:17`), or where it leads. `key`: of its label."""

    key: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """One thing to be shown at a desk. `version`: that of the conversation with which whoever sees it has caught up.

    `about`: what it answers, or is a sign under. `key` and `facts`: the sentence of a word. `held`: an agent's words that wait
    for their decision, as JSON.
    """

    id: PostId
    desk: DeskId
    kind: PostKind
    state: PostState = PostState.QUEUED
    card: CardId | None = None
    message: MessageId | None = None
    version: int = 0
    thread: str = ""
    about: NetworkKey = NetworkKey("")
    shown: NetworkKey = NetworkKey("")
    key: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()
    held: str = ""
    attempts: int = 0
    epoch: int = 0
    error: str = ""
    at: datetime | None = None
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AgentAddress:
    """An agent on one kind of network, by the id that nobody else can claim there; proved by a code that they typed."""

    agent: AgentId
    kind: str
    address: str
    name: str
    linked_at: datetime
