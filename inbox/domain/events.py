"""The event log's vocabulary: append-only facts about a conversation, from which everything else is derived.

Laws: versions of one conversation count from 1 without a gap; an event is never changed or removed; the conversation
row, the clocks and the reports can be computed again from the events alone (`inbox verify`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Discriminator

from inbox.domain.act_events import AssetNamed as AssetNamed
from inbox.domain.act_events import Blocked as Blocked
from inbox.domain.act_events import ContactChanged as ContactChanged
from inbox.domain.act_events import Declined as Declined
from inbox.domain.act_events import HandedUp as HandedUp
from inbox.domain.act_events import PassedOn as PassedOn
from inbox.domain.act_events import SplitOff as SplitOff
from inbox.domain.act_events import TakenOver as TakenOver
from inbox.domain.act_events import Undone as Undone
from inbox.domain.call_events import CallUnanswered, Warned
from inbox.domain.clock_events import ClockBreached as ClockBreached
from inbox.domain.clock_events import ClocksRecounted as ClocksRecounted
from inbox.domain.clock_events import Escalated as Escalated
from inbox.domain.clock_events import Recount as Recount
from inbox.domain.contract_events import ContractSet as ContractSet
from inbox.domain.contract_events import Excused as Excused
from inbox.domain.contract_events import Expiring as Expiring
from inbox.domain.contract_events import QuotaUsed as QuotaUsed
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
from inbox.domain.task_events import CallTried as CallTried
from inbox.domain.task_events import TaskDone as TaskDone
from inbox.domain.task_events import TaskDue as TaskDue
from inbox.domain.task_events import TaskMoved as TaskMoved
from inbox.domain.task_events import TaskSet as TaskSet
from inbox.domain.ticket_events import Assigned as Assigned
from inbox.domain.ticket_events import Chosen as Chosen
from inbox.domain.ticket_events import FieldSet as FieldSet
from inbox.domain.ticket_events import PolicySet as PolicySet
from inbox.domain.ticket_events import PrioritySet as PrioritySet
from inbox.domain.ticket_events import StateSet as StateSet
from inbox.domain.ticket_events import SubjectSet as SubjectSet
from inbox.domain.ticket_events import Tagged as Tagged
from inbox.domain.ticket_events import TeamSet as TeamSet


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
    history: bool = False
    """Brought in silently: nobody is told, and it is no act of today."""


@dataclass(frozen=True, slots=True)
class Decided:
    """The rulebook ran; the decision holds facts, hits and misses."""

    kind: Literal["decided"]
    decision: DecisionId
    revision: str
    rules: tuple[str, ...]


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
    time in place of one that was promised, news of an outage, how to come in on the portal, a survey, what we tell many; or to one of us, that something
    happened, or how their day begins."""

    kind: Literal["noticed"]
    message: MessageId
    about: Literal[
        "proof",
        "proved",
        "transcript",
        "promise",
        "outage",
        "agent",
        "digest",
        "sign-in",
        "csat",
        "nps",
        "broadcast",
        "statement",
    ]
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
    | CallUnanswered
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
    | AssetNamed
    | Blocked
    | ContactChanged
    | TaskDone
    | TaskMoved
    | CallTried
    | HandedUp
    | Declined
    | Rated
    | ContractSet
    | QuotaUsed
    | Expiring
    | Excused
    | TakenOver
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
