"""What agents do with a whole conversation, as events: split it, pass it on, block its sender, undo an act, turn to a lead."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from inbox.domain.ids import (
    AgentId,
    AssetId,
    ContactId,
    ConversationId,
    IdentityId,
    MessageId,
    OrganizationId,
    TeamId,
)


@dataclass(frozen=True, slots=True)
class SplitOff:
    """These messages are a matter of their own from now on, the conversation `other`. They count here as if they had never
    been: `waiting_since` and `excerpt` are what is left. `merged`: conversations that had come in and of whose waiting
    nothing is left."""

    kind: Literal["split_off"]
    other: ConversationId
    messages: tuple[MessageId, ...]
    excerpt: str
    waiting_since: datetime | None = None
    merged: tuple[ConversationId, ...] = ()


@dataclass(frozen=True, slots=True)
class PassedOn:
    """Something said here went to an outsider (`to`): no answer to the customer, and none of their waiting ends by it."""

    kind: Literal["passed_on"]
    message: MessageId
    to: str


@dataclass(frozen=True, slots=True)
class Blocked:
    """What comes from an address is not taken up any more; or it is again."""

    kind: Literal["blocked"]
    identity: IdentityId
    address: str
    undone: bool = False


@dataclass(frozen=True, slots=True)
class ContactChanged:
    """What is known of the contact changed: `what` names it (name, language, organization, role, tags, fields)."""

    kind: Literal["contact_changed"]
    contact: ContactId
    organization: OrganizationId | None
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AssetNamed:
    """The conversation is about an asset: its code stands in a `message`, or one of us says so; `undone`: it is not. `serial`: as
    it was written then."""

    kind: Literal["asset_named"]
    asset: AssetId
    serial: str
    message: MessageId | None = None
    undone: bool = False


@dataclass(frozen=True, slots=True)
class HandedUp:
    """An agent turned to a lead with the conversation, for that reason; `kept`: it stays with whoever had it."""

    kind: Literal["handed_up"]
    lead: AgentId
    reason: str
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Declined:
    """The contact wants nothing told that they did not ask about; or does again. `how`: by a link, by a word, or to an agent."""

    kind: Literal["declined"]
    contact: ContactId
    how: Literal["link", "word", "agent"]
    undone: bool = False


@dataclass(frozen=True, slots=True)
class TakenOver:
    """Brought in silently from another help desk (`source`), where it was called `number`: how it stands there, and so here, as
    long as nobody here does anything. `waiting_since`: when its customer wrote what nobody has answered. No clock counts from that."""

    kind: Literal["taken_over"]
    source: str
    number: str
    state: str
    priority: str
    assignee: AgentId | None = None
    team: TeamId | None = None
    tags: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    waiting_since: datetime | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Undone:
    """Earlier events (`acts`, by version) count as if they had never been told. What they changed is again as it was; all that
    they did not touch stands here as it is."""

    kind: Literal["undone"]
    acts: tuple[int, ...]
    state: str
    priority: str
    assignee: AgentId | None = None
    team: TeamId | None = None
    tags: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    pinned: tuple[str, ...] = ()
    snoozed_until: datetime | None = None
    waiting_since: datetime | None = None
    done_at: datetime | None = None
