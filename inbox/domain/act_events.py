"""What agents do with a whole conversation, as events: split it, pass it on, block its sender, undo an act, end a task."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from inbox.domain.ids import (
    AgentId,
    ContactId,
    ConversationId,
    IdentityId,
    MessageId,
    OrganizationId,
    TaskId,
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
    """What is known of the contact changed: `what` names it (name, language, organization, tags)."""

    kind: Literal["contact_changed"]
    contact: ContactId
    organization: OrganizationId | None
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TaskDone:
    """What was to be done is done."""

    kind: Literal["task_done"]
    task: TaskId
    text: str


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
