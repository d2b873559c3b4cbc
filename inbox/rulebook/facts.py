"""The facts: everything that a condition of a rule may look at, at one moment, kept with each decision as they were."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from inbox.domain.conversations import Priority, State
from inbox.rulebook.plain import plain
from inbox.text.tone import Heard

LONGEST_TEXT = 50_000
"""Characters of a message that rules look at; the rest of a longer one is not part of the facts."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The instant of the event as the wall clocks of the site show it; the caller knows the zone, the rules need not."""

    date: date
    time: time


@dataclass(frozen=True, slots=True)
class File:
    """An attachment as rules see it; `size` in bytes."""

    name: str
    type: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """Who writes, and how much they wrote before. Counts include the message at hand; `today` is the site's day."""

    tags: tuple[str, ...] = ()
    language: str | None = None
    verified: bool = False
    messages: int = 0
    messages_today: int = 0
    conversations: int = 0
    conversations_open: int = 0
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Quiet:
    """How long nothing has happened: seconds of all time, seconds of working time, working days."""

    seconds: float = 0.0
    working: float = 0.0
    days: int = 0


@dataclass(frozen=True, slots=True)
class PromiseFacts:
    """What was promised last. `kind` and `used` (the share of its time that has passed, above 1 when late) are of a promise
    that is open; `late`: the latest was missed; `renewed`: how many before it were for the same question."""

    kind: str = ""
    used: float = 0.0
    late: bool = False
    renewed: int = 0


@dataclass(frozen=True, slots=True)
class RatingFacts:
    """What the customer answered just now: the survey (`csat`, `nps`) and the score. `kind` is empty where no rating was given."""

    kind: str = ""
    score: int = 0


@dataclass(frozen=True, slots=True)
class AssetFacts:
    """The asset that the conversation is about: whether its `warranty` and its `service` hold on the day of the event (`in`, `out`,
    `unknown`), and whose it is, seen from whoever wrote (`writer`, `organization`, `other`, `none`). Not found: `none` everywhere."""

    found: bool = False
    product: str = ""
    model: str = ""
    warranty: str = "none"
    service: str = "none"
    owner: str = "none"


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """The contract under which the conversation stands; `name` is empty where there is none. `quota_used`: the share of the agreed
    requests that this one and those before it in its stretch come to; 0 where none were agreed on."""

    name: str = ""
    tier: str = ""
    quota_used: float = 0.0


@dataclass(frozen=True, slots=True)
class ConversationFacts:
    """The ticket side before any rule ran. `team` is a name, `assignee` a handle, empty for none.

    `pinned`: fields that a person set and rules leave alone, named as in `Conversation.pinned` ("priority", "assignee",
    "team", "policy", "field.<name>"); the caller leaves out the pins that no longer hold.
    """

    state: State = State.OPEN
    priority: Priority = Priority.NORMAL
    team: str = ""
    assignee: str = ""
    policy: str = ""
    tags: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    pinned: tuple[str, ...] = ()
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """One run's facts. `events` names all that happened at once: a first message both opens and is received.

    What stands of a message (sender, words, files) is of the one that came in; at any other event, of the customer's latest.
    `headers`: names in lower case. `previous`: (field, value before) of what this event changed, among state, priority, team,
    assignee, policy and `field.<name>`; empty for none. `actor` caused it. `within_hours`: by name of the hours, whether they are open at `at`; `holidays`: names of the hours that
    have a holiday on the day of `moment`. `clocks_used` (by metric): the share of a running clock's time that has passed, above
    1 when late; `clocks_breached`: the metrics whose latest clock passed its due instant. `idle`: by what it counts from, how long
    nothing has happened; `spent`: the time rules that are not to act (again) in this episode.
    """

    events: tuple[str, ...]
    at: datetime
    moment: Moment
    channel: str = ""
    brand: str = ""
    sender: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    """What was newly written, without quotes and signature; cut at `LONGEST_TEXT`."""
    language: str | None = None
    automatic: str | None = None
    authentication: str = "none"
    headers: tuple[tuple[str, str], ...] = ()
    attachments: tuple[File, ...] = ()
    contact: ContactFacts = ContactFacts()
    organization: str = ""
    """The name of the organization that the contact belongs to; empty for none."""
    organization_tags: tuple[str, ...] = ()
    organization_fields: tuple[tuple[str, str], ...] = ()
    conversation: ConversationFacts = ConversationFacts()
    previous: tuple[tuple[str, str], ...] = ()
    within_hours: Mapping[str, bool] = field(default_factory=dict)
    holidays: tuple[str, ...] = ()
    promise: PromiseFacts = PromiseFacts()
    clocks_used: Mapping[str, float] = field(default_factory=dict)
    clocks_breached: tuple[str, ...] = ()
    actor: str = "contact"
    tags_added: tuple[str, ...] = ()
    tags_removed: tuple[str, ...] = ()
    idle: Mapping[str, Quiet] = field(default_factory=dict)
    spent: tuple[str, ...] = ()
    rating: RatingFacts = RatingFacts()
    asset: AssetFacts = AssetFacts()
    contract: ContractFacts = ContractFacts()
    tone: Heard = ()
    """How what was written sounds, and the words that say so; of the message and of nobody."""

    def __post_init__(self) -> None:
        if len(self.text) > LONGEST_TEXT:
            object.__setattr__(self, "text", self.text[:LONGEST_TEXT])

    def to_json(self) -> str:
        """The facts as one JSON object, what is at its default left out."""
        return json.dumps(plain(self), ensure_ascii=False, separators=(",", ":"))

    @staticmethod
    def from_json(stored: str) -> "Facts":
        """The facts again, equal to those that were stored. ValueError, KeyError or TypeError for what `to_json` did not write."""
        return facts_from(json.loads(stored))


def facts_from(table: dict[str, Any]) -> Facts:
    """The facts that stand in one parsed JSON object; see `Facts.from_json`."""
    known = dict(table)
    known["events"] = tuple(table["events"])
    known["at"] = datetime.fromisoformat(table["at"])
    known["moment"] = Moment(date.fromisoformat(table["moment"]["date"]), time.fromisoformat(table["moment"]["time"]))
    known["attachments"] = tuple(File(**one) for one in table.get("attachments", ()))
    known["contact"] = ContactFacts(**_with_tuples(table.get("contact", {}), "tags", pairs=("fields",)))
    known["conversation"] = _conversation(table.get("conversation", {}))
    known["promise"] = PromiseFacts(**table.get("promise", {}))
    known["rating"] = RatingFacts(**table.get("rating", {}))
    known["asset"] = AssetFacts(**table.get("asset", {}))
    known["contract"] = ContractFacts(**table.get("contract", {}))
    known["idle"] = {since: Quiet(**quiet) for since, quiet in table.get("idle", {}).items()}
    known["tone"] = tuple((tone, tuple(words)) for tone, words in table.get("tone", ()))
    lists = ("to", "cc", "holidays", "clocks_breached", "tags_added", "tags_removed", "spent", "organization_tags")
    return Facts(**_with_tuples(known, *lists, pairs=("headers", "previous", "organization_fields")))


def _conversation(table: dict[str, Any]) -> ConversationFacts:
    known = _with_tuples(table, "tags", "pinned", pairs=("fields",))
    if "state" in known:
        known["state"] = State(known["state"])
    if "priority" in known:
        known["priority"] = Priority(known["priority"])
    return ConversationFacts(**known)


def _with_tuples(table: dict[str, Any], *lists: str, pairs: tuple[str, ...] = ()) -> dict[str, Any]:
    made = dict(table)
    made |= {name: tuple(table[name]) for name in lists if name in table}
    made |= {name: tuple((first, second) for first, second in table[name]) for name in pairs if name in table}
    return made
