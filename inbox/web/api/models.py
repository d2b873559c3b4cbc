"""What the API answers: one model a thing, from which both the JSON and its description are made. Instants are UTC, RFC 3339."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Number = Annotated[int, Field(ge=1)]


class Answer(BaseModel):
    """The base of all answers."""

    model_config = ConfigDict(frozen=True, defer_build=True)  # a start waits for none: each is built at its first use


class Me(Answer):
    """Who the token belongs to, and what it may."""

    token: str
    agent: str | None
    """The handle of the agent as whom it acts; null: it reads only."""
    reach: list[Literal["read", "write", "admin"]]
    teams: list[str] | None
    """Whose conversations it sees, besides those of its agent; null: all."""
    expires_at: datetime | None


class Row(Answer):
    """A conversation in a list."""

    reference: str
    subject: str
    excerpt: str
    contact: str
    channel: str
    kind: str
    state: Literal["open", "waiting", "snoozed", "done", "spam"]
    priority: Literal["low", "normal", "high", "urgent"]
    assignee: str
    team: str
    tags: list[str]
    due_at: datetime | None
    waiting_since: datetime | None
    opened_at: datetime | None
    changed_at: datetime | None
    messages: int
    trouble: bool
    """A delivery of it failed, or its outcome is unknown."""


class Misread(Answer):
    """A part of a query that could not be read; the rest counted."""

    part: str
    detail: str


class Rows(Answer):
    """One page of conversations. `count`: so many there are, exactly where `whole`, else at least."""

    items: list[Row]
    next: str | None
    prev: str | None
    count: int
    whole: bool
    misread: list[Misread]


class Identity(Answer):
    """An address of a contact; claimed until `verified_at`."""

    kind: str
    address: str
    name: str
    verified_at: datetime | None
    unreachable: str


class Contact(Answer):
    """A person who writes to us."""

    id: Number
    name: str
    language: str | None
    organization: str
    sees_organization: bool
    """Whether they see on the portal what others of it ask."""
    role: str
    """What they are at their organization."""
    tags: list[str]
    fields: dict[str, str]
    identities: list[Identity]


class Contacts(Answer):
    """One page of contacts, in the order in which they were met."""

    items: list[Contact]
    next: str | None


class Organization(Answer):
    """A company that contacts belong to."""

    id: Number
    name: str
    tags: list[str]
    fields: dict[str, str]
    domains: list[str]
    """Whoever writes from a mail address there belongs to it."""


class Organizations(Answer):
    """One page of organizations."""

    items: list[Organization]
    next: str | None


class Agent(Answer):
    """One of us who answers."""

    handle: str
    name: str
    language: str
    role: Literal["agent", "lead", "admin"]
    disabled: bool


class Agents(Answer):
    """All of us."""

    items: list[Agent]


class Team(Answer):
    """Agents who share a queue, by their handles."""

    name: str
    title: str
    members: list[str]


class Teams(Answer):
    """All teams that the token sees."""

    items: list[Team]


class Tags(Answer):
    """The tags that conversations have, by the alphabet."""

    items: list[str]


class View(Answer):
    """A query under a name; `team`: whose it is, empty: the agent's own."""

    id: Number
    name: str
    query: str
    team: str


class Views(Answer):
    """The saved views."""

    items: list[View]


class Clock(Answer):
    """A target: running while neither paused nor stopped."""

    metric: str
    cycle: int
    started_at: datetime
    due_at: datetime | None
    paused: bool
    stopped_at: datetime | None
    breached_at: datetime | None


class Promise(Answer):
    """A time that the customer was told."""

    id: Number
    kind: Literal["answer", "update"]
    state: Literal["open", "kept", "late", "withdrawn"]
    told_at: datetime
    due_at: datetime
    text: str
    basis: str
    percentile: float | None
    sample_size: int
    replaces: int | None


class Conversation(Answer):
    """One matter whole, its messages and events apart. `version` is also its ETag."""

    reference: str
    version: int
    subject: str
    state: Literal["open", "waiting", "snoozed", "done", "spam"]
    priority: Literal["low", "normal", "high", "urgent"]
    channel: str
    kind: str
    language: str | None
    assignee: str | None
    """The handle of the agent who answers it."""
    team: str | None
    """The name of the team in whose queue it stands."""
    policy: str
    tags: list[str]
    fields: dict[str, str]
    contact: Contact
    opened_at: datetime | None
    changed_at: datetime | None
    waiting_since: datetime | None
    snoozed_until: datetime | None
    done_at: datetime | None
    due_at: datetime | None
    messages: int
    clocks: list[Clock]
    promises: list[Promise]


class Attachment(Answer):
    """A file of a message; `here`: its bytes can be had at `/conversations/{reference}/files/{id}`."""

    id: Number
    filename: str
    content_type: str
    size: int
    state: Literal["here", "wanted", "gone"]


class Delivery(Answer):
    """How one hand-over of a message of ours stands; `receipt` is the network's own word."""

    id: Number
    state: str
    recipients: list[str]
    attempts: int
    not_before: datetime
    settled_at: datetime | None
    receipt: str


class Address(Answer):
    """An address with the name that stood beside it."""

    address: str
    name: str


class Message(Answer):
    """One thing said. `words`: what was newly written; `text`: all of it. In a list both end after 20,000 characters (`shortened`)."""

    id: Number
    direction: Literal["inbound", "outbound", "note"]
    at: datetime
    author: str
    channel: str | None
    purpose: str
    automatic: str | None
    subject: str
    words: str
    text: str
    shortened: bool
    language: str | None
    sender: Address
    to: list[Address]
    cc: list[Address]
    files: list[Attachment]
    deliveries: list[Delivery]


class Messages(Answer):
    """One page of messages, the newest first."""

    items: list[Message]
    next: str | None


class Actor(Answer):
    """Who did it; `id` is a contact's or an agent's."""

    kind: Literal["contact", "agent", "rule", "house"]
    id: int | None
    name: str


class Event(Answer):
    """One fact about a conversation; `payload` is what its kind tells."""

    version: Number
    at: datetime
    actor: Actor
    via: str
    kind: str
    payload: dict[str, Any]


class Events(Answer):
    """One page of events, the oldest first."""

    items: list[Event]
    next: str | None


class OutboxLine(Answer):
    """A delivery that is not final, or of which a person may want to know."""

    id: Number
    reference: str
    channel: str
    purpose: str
    lane: str
    state: str
    not_before: datetime
    attempts: int
    error: str
    receipt: str


class Outbox(Answer):
    """One page of deliveries, the oldest first."""

    items: list[OutboxLine]
    next: str | None


class ImportedRow(Answer):
    """What became of one row of a table, or would; `key` and `detail`: why it was refused."""

    row: int
    what: Literal["new", "changed", "same", "refused"]
    contact: int | None
    key: str
    detail: str


class Imported(Answer):
    """What became of a table. `dry_run`: nothing was stored."""

    dry_run: bool
    counts: dict[str, int]
    items: list[ImportedRow]


class Done(Answer):
    """What was done: the sentence in the asked-for language, its key and its facts; `message`: what was said by it."""

    key: str
    sentence: str
    facts: dict[str, str]
    message: int | None


class Wrong(Answer):
    """One thing that is wrong with what was sent: where, as a JSON pointer, and why."""

    pointer: str
    reason: str


class ProblemDocument(Answer):
    """What went wrong (RFC 9457). `detail`: the sentence; `key` and `facts`: what it is made of."""

    type: str
    title: str
    status: int
    detail: str
    key: str
    facts: dict[str, str]
    errors: list[Wrong]
