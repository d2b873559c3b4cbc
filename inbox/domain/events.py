"""The event log's vocabulary: append-only facts about a conversation, from which everything else is derived.

Laws: versions of one conversation count from 1 without a gap; an event is never changed or removed; the conversation
row, the clocks and the reports can be computed again from the events alone (`inbox verify`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Discriminator

from inbox.domain.act_events import Blocked as Blocked
from inbox.domain.act_events import ContactChanged as ContactChanged
from inbox.domain.act_events import PassedOn as PassedOn
from inbox.domain.act_events import SplitOff as SplitOff
from inbox.domain.act_events import TaskDone as TaskDone
from inbox.domain.act_events import Undone as Undone
from inbox.domain.assigning import Candidate
from inbox.domain.call_events import CallTried, Warned
from inbox.domain.clock_events import ClockBreached as ClockBreached
from inbox.domain.clock_events import ClocksRecounted as ClocksRecounted
from inbox.domain.clock_events import Escalated as Escalated
from inbox.domain.clock_events import Recount as Recount
from inbox.domain.ids import (
    AgentId,
    ChannelName,
    ContactId,
    ConversationId,
    DecisionId,
    DeliveryId,
    EventId,
    IdentityId,
    MessageId,
    OrganizationId,
    PromiseId,
    TaskId,
    TeamId,
)
from inbox.domain.promise_events import NotRenewed, PromiseAtRisk, Promised, PromiseJudged
from inbox.domain.ratings import Rated as Rated
from inbox.domain.rule_events import (
    Notified,
    PageAcknowledged,
    Paged,
    PageGivenUp,
    RuleReplied,
    RulesHalted,
    RuleSilent,
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it. `id` is a contact's or an agent's; a rule has its name; the house acts for itself."""

    kind: Literal["contact", "agent", "rule", "house"]
    id: int | None = None
    name: str = ""


HOUSE = Actor("house")


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation began."""

    kind: Literal["opened"]
    reference: str
    channel: ChannelName
    contact: ContactId
    organization: OrganizationId | None
    subject: str
    language: str | None
    follows: ConversationId | None = None
    related: ConversationId | None = None
    history: bool = False
    """Brought in silently from before our time: no clocks, no promise, no rule ran."""


@dataclass(frozen=True, slots=True)
class Received:
    """The customer (or a machine of theirs) wrote."""

    kind: Literal["received"]
    message: MessageId
    contact: ContactId
    excerpt: str
    received_at: datetime
    """When it reached us: clocks count from here, however long we took to look at it."""
    automatic: str | None = None
    joined_by: str = ""
    """The evidence that put it into this conversation: `opened`, `token`, `reference <...>`, `thread ...`, `split`."""
    history: bool = False
    outside: bool = False
    """An outsider answered to whom something of this conversation was passed on: the customer waits as before."""


@dataclass(frozen=True, slots=True)
class Edited:
    """The customer changed what they had written; what it was stays. No clock counts from here."""

    kind: Literal["edited"]
    message: MessageId
    excerpt: str
    edited_at: datetime | None = None
    listed: bool = False
    """It is the message whose words lists show."""
    history: bool = False


@dataclass(frozen=True, slots=True)
class Replied:
    """An agent answered; provisional until its deliveries are sent. `agent` None: one of us from before our time."""

    kind: Literal["replied"]
    message: MessageId
    agent: AgentId | None
    excerpt: str
    history: bool = False
    """Brought in silently: it ends no wait, stops no clock and keeps no promise."""
    spoken: Literal["", "in", "out"] = ""
    """On the telephone, and who called whom: it has been said, and nothing of it is on its way. `in`: in the call that was received."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The automatic first answer was written."""

    kind: Literal["acknowledged"]
    message: MessageId
    promise: PromiseId | None = None
    asks: str = ""
    """The field that the customer was asked to choose."""


@dataclass(frozen=True, slots=True)
class NotAcknowledged:
    """No acknowledgement was written, and why: a catalogue key such as `silent.budget_address`."""

    kind: Literal["not_acknowledged"]
    reason: str


@dataclass(frozen=True, slots=True)
class Noted:
    """An agent wrote to the other agents."""

    kind: Literal["noted"]
    message: MessageId
    excerpt: str


@dataclass(frozen=True, slots=True)
class Decided:
    """The rulebook ran; the decision holds facts, hits and misses."""

    kind: Literal["decided"]
    decision: DecisionId
    revision: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrioritySet:
    """How urgent it is from now on."""

    kind: Literal["priority_set"]
    priority: str


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who answers it from now on; None: nobody. `why`: a Reason, or words; `considered`: among whom a rule chose."""

    kind: Literal["assigned"]
    agent: AgentId | None
    why: str = ""
    considered: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class TeamSet:
    """Whose queue it stands in from now on."""

    kind: Literal["team_set"]
    team: TeamId | None


@dataclass(frozen=True, slots=True)
class Tagged:
    """Tags came and went."""

    kind: Literal["tagged"]
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldSet:
    """A custom field has a value, or with None has none any more."""

    kind: Literal["field_set"]
    name: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The customer chose, by a button or in its words; the field has that value unless a person of ours set it."""

    kind: Literal["chosen"]
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class PolicySet:
    """Which policy its clocks follow."""

    kind: Literal["policy_set"]
    policy: str


@dataclass(frozen=True, slots=True)
class TaskSet:
    """Something is to be done in this conversation by an instant."""

    kind: Literal["task_set"]
    task: TaskId
    due_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class TaskDue:
    """The instant has come: what is to be done is to be done now."""

    kind: Literal["task_due"]
    task: TaskId
    text: str


@dataclass(frozen=True, slots=True)
class StateSet:
    """Open, waiting, snoozed until an instant, done, spam."""

    kind: Literal["state_set"]
    state: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SubjectSet:
    """The matter has another heading."""

    kind: Literal["subject_set"]
    subject: str


@dataclass(frozen=True, slots=True)
class DeliverySettled:
    """A delivery reached a state that people should know of: sent, failed, unknown, parked, cancelled, dropped."""

    kind: Literal["delivery_settled"]
    delivery: DeliveryId
    message: MessageId
    state: str
    reason: str = ""
    copy: bool = False
    """Of a copy over another channel: what became of it answers nothing and takes nothing back."""
    passed_on: bool = False
    """Of what went to an outsider: nor does this."""


@dataclass(frozen=True, slots=True)
class ThreadMoved:
    """The network gave the thread a new name, by which we answer from now on."""

    kind: Literal["thread_moved"]
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ContactSet:
    """Whose conversation it is from now on: `address` was linked to that contact (`how`: by proof, by an agent, vouched for), or
    the link was undone. Told where it began with that address, and where the link was made."""

    kind: Literal["contact_set"]
    contact: ContactId
    organization: OrganizationId | None
    identity: IdentityId
    address: str
    how: str
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Noticed:
    """The house told something by itself, and what about: a code that proves an address, that it is proved, a transcript, a new
    time in place of one that was promised, news of an outage, how to come in on the portal, a survey; or to one of us, that something
    happened, or how their day begins."""

    kind: Literal["noticed"]
    message: MessageId
    about: Literal["proof", "proved", "transcript", "promise", "outage", "agent", "digest", "sign-in", "csat", "nps"]
    address: str


@dataclass(frozen=True, slots=True)
class Linked:
    """It has to do with another conversation."""

    kind: Literal["linked"]
    other: ConversationId
    how: str


@dataclass(frozen=True, slots=True)
class Merged:
    """Another conversation went into this one (`into` None), or this one into another.

    For the one that goes on, what it takes over: how many messages, since when their customer waits, whether they were
    acknowledged.
    """

    kind: Literal["merged"]
    other: ConversationId
    into: ConversationId | None = None
    messages: int = 0
    waiting_since: datetime | None = None
    acknowledged: bool = False


Payload = Annotated[
    Opened
    | Received
    | Edited
    | Replied
    | CallTried
    | Warned
    | Acknowledged
    | NotAcknowledged
    | RuleReplied
    | RuleSilent
    | Notified
    | Paged
    | PageAcknowledged
    | PageGivenUp
    | Noted
    | Decided
    | RulesHalted
    | PrioritySet
    | Assigned
    | TeamSet
    | Tagged
    | FieldSet
    | Chosen
    | PolicySet
    | TaskSet
    | TaskDue
    | StateSet
    | SubjectSet
    | Promised
    | PromiseAtRisk
    | PromiseJudged
    | NotRenewed
    | ClockBreached
    | ClocksRecounted
    | Escalated
    | DeliverySettled
    | ThreadMoved
    | ContactSet
    | Noticed
    | Linked
    | Merged
    | SplitOff
    | PassedOn
    | Blocked
    | ContactChanged
    | TaskDone
    | Rated
    | Undone,
    Discriminator("kind"),
]


@dataclass(frozen=True, slots=True)
class Event:
    """One fact: its place in the conversation, when, who, through which surface, and what."""

    conversation: ConversationId
    version: int
    at: datetime
    actor: Actor
    via: str
    payload: Payload
    id: EventId | None = None
