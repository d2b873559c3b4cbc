"""What a card shows: how its conversation stands, as facts in words of the catalogue; computed anew each time."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from inbox.domain.conversations import Conversation, State
from inbox.domain.desks import Button, Card, Desk
from inbox.domain.promises import Promise, PromiseState
from inbox.domain.scope import Scope
from inbox.pipeline.desks import belongs_to, plan_of
from inbox.pipeline.playbook import Playbook
from inbox.store import conversations, desks, enclosed, people, promises
from inbox.store.unit import Unit

SQUARES = {
    State.OPEN: "🟪",
    State.WAITING: "🟨",
    State.SNOOZED: "🟦",
    State.DONE: "⬛",
    State.SPAM: "⬛",
}
"""How it stands, at a glance: we owe an answer, the customer does, later, over."""
LATE = "🟥"
"""The customer waits, and the time that they were told has passed."""
PAST = 3
"""Earlier conversations that a card names."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the first message of a card tells. Instants are for whoever writes them in the reader's words."""

    reference: str
    square: str
    contact: str
    address: str
    channel: str
    subject: str
    state: str
    priority: str
    assignee: str
    team: str
    tags: tuple[str, ...]
    promised: datetime | None
    late: bool
    until: datetime | None
    """When it comes back, where it is snoozed."""
    past: tuple[str, ...]
    elsewhere: str
    """Why it is not shown here any more: a catalogue key, or nothing."""
    buttons: tuple[Button, ...]

    @property
    def title(self) -> str:
        """The title of its topic."""
        parts = (f"{self.square} #{self.reference}", self.contact or self.address, self.subject)
        return " · ".join(part for part in parts if part)

    @property
    def digest(self) -> str:
        """Equal where the same is to be read."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:20]


def head(unit: Unit, card: Card, playbook: Playbook) -> Head:
    """How a card's conversation stands now."""
    matter, desk = conversations.peek(unit, card.conversation), desks.one(unit, card.desk)
    roster, contact = people.roster(unit), people.contact(unit, matter.contact)
    agent = roster.agent_by_id(matter.assignee) if matter.assignee else None
    team = roster.team_by_id(matter.team) if matter.team else None
    told = promises.of(unit, matter.id)
    late = _late(matter, told)
    opened = [one for one in told if one.state is PromiseState.OPEN]
    away = _elsewhere(unit, matter, desk, playbook)
    return Head(
        matter.reference,
        LATE if late else SQUARES[matter.state],
        contact.name,
        _address(unit, matter),
        str(matter.channel),
        matter.subject,
        matter.state.value,
        matter.priority.value,
        (agent.name or agent.handle) if agent else "",
        (team.title or team.name) if team else "",
        matter.tags,
        opened[-1].due_at if opened else None,
        late,
        matter.snoozed_until if matter.state is State.SNOOZED else None,
        tuple(f"#{one[0]} {one[1]}".strip() for one in enclosed.past(unit, Scope.house(), matter.id, PAST)),
        away,
        () if away else tuple(_buttons(matter, playbook)),
    )


def _late(matter: Conversation, told: list[Promise]) -> bool:
    return matter.waiting_since is not None and any(
        one.state is PromiseState.LATE and one.told_at >= matter.waiting_since for one in told
    )


def _address(unit: Unit, matter: Conversation) -> str:
    identity = conversations.opener(unit, matter.id)
    known = people.identities(unit, matter.contact)
    return next((one.address for one in known if one.id == identity), "")


def _elsewhere(unit: Unit, matter: Conversation, desk: Desk, playbook: Playbook) -> str:
    if matter.merged_into is not None:
        return "desk.merged"
    plan = plan_of(playbook, desk)
    here = plan is not None and belongs_to(desk, plan, matter, people.roster(unit))
    return "" if here else "desk.elsewhere"


def _buttons(matter: Conversation, playbook: Playbook) -> Iterator[Button]:
    if matter.state is State.SPAM:
        return
    yield Button("desk.button.take", f"desk:take:{matter.id}")
    yield Button("desk.button.note", f"desk:note:{matter.id}")
    if matter.state is not State.DONE:
        yield Button("desk.button.done", f"desk:done:{matter.id}")
        yield Button("desk.button.snooze", f"desk:snooze:{matter.id}")
    if playbook.public_url.startswith("https://"):
        yield Button("desk.button.open", url=f"{playbook.public_url}/c/{matter.reference}")
