"""What is to be done in a conversation, as events: set, due, moved, done; and calls that were tried."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from inbox.domain.ids import AgentId, TaskId


@dataclass(frozen=True, slots=True)
class TaskSet:
    """Something is to be done in this conversation by an instant."""

    kind: Literal["task_set"]
    task: TaskId
    due_at: datetime
    text: str
    agent: AgentId | None = None
    """Whose it is; None: whoever has the conversation."""


@dataclass(frozen=True, slots=True)
class TaskDue:
    """The instant has come: what is to be done is to be done now."""

    kind: Literal["task_due"]
    task: TaskId
    text: str


@dataclass(frozen=True, slots=True)
class TaskMoved:
    """What is to be done has another instant, or is another agent's."""

    kind: Literal["task_moved"]
    task: TaskId
    due_at: datetime
    text: str
    agent: AgentId | None = None


@dataclass(frozen=True, slots=True)
class TaskDone:
    """What was to be done is done."""

    kind: Literal["task_done"]
    task: TaskId
    text: str


@dataclass(frozen=True, slots=True)
class CallTried:
    """One of us called the customer as they wished. `outcome`: somebody answered; nobody did, and it is tried again then; or no more."""

    kind: Literal["call_tried"]
    task: TaskId
    phone: str
    outcome: Literal["reached", "not_reached", "given_up"]
    tried: int = 1
    again_at: datetime | None = None
