"""Settling: what a plan makes of a matter of another help desk, as the store will have it."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from inbox.domain.act_events import TakenOver
from inbox.domain.conversations import Priority, State
from inbox.domain.happenings import Address, Attachment, InboundMessage
from inbox.domain.ids import AgentId, NetworkKey, TeamId
from inbox.domain.messages import Direction
from inbox.domain.people import Roster
from inbox.elsewhere.letters import letter
from inbox.elsewhere.plan import Plan
from inbox.elsewhere.vocabulary import LEAVE, File, Matter, Person, Words
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.taken_over import Someone
from inbox.store.taken_over import words_key

FIELD = "imported"
"""The field of a conversation that keeps what it was called elsewhere."""
_DIRECTIONS = {"customer": Direction.INBOUND, "agent": Direction.OUTBOUND, "note": Direction.NOTE}


@dataclass(frozen=True, slots=True)
class Made:
    """Words as the mail they are made into; `left`: files that are not in it."""

    key: NetworkKey
    at: datetime
    direction: Direction
    raw: bytes
    sender: Address
    to: tuple[Address, ...]
    left: tuple[File, ...]
    agent: AgentId | None

    def read(self, said: InboundMessage, source: str) -> InboundMessage:
        """What was read in the mail, less what only a mail that came over the network would say."""
        gone = tuple(
            Attachment(one.name, one.content_type or "application/octet-stream", one.size, state="gone")
            for one in self.left
        )
        print_ = hashlib.sha256(f"{source} {self.key}".encode()).hexdigest()
        return replace(
            said,
            fingerprint=print_,
            sender=self.sender,
            to=self.to,
            references=(),
            tokens=(),
            sent_at=self.at,
            forwarded=None,
            attachments=(*said.attachments, *gone),
        )


class Settling:
    """A plan with the house that it is for."""

    def __init__(self, plan: Plan, playbook: Playbook, roster: Roster) -> None:
        self.plan = plan
        self._playbook = playbook
        self._agents = {handle: one.id for handle in plan.agents.values() if (one := roster.agent(handle)) is not None}
        self._roster = roster
        self._ours = {at.lower() for speaker in playbook.channels.values() for at in speaker.addresses}
        self._ours |= {one.address.lower() for one in roster.agents if one.address}

    def left(self, matter: Matter) -> bool:
        """Whether it is not to be brought in: the plan says so, or nothing was said in it."""
        return not matter.words or self.plan.states.get(matter.state) == LEAVE

    def speaker(self, matter: Matter) -> Speaker:
        """The channel that it is on here."""
        return next(one for name, one in self._playbook.channels.items() if name == self.plan.channels[matter.box])

    def address(self, who: Person | None) -> Address:
        """Somebody as a contact has them; none of us is a customer of ours."""
        person = who or Person(0)
        if person.addresses and person.addresses[0] in self._ours:
            person = replace(person, addresses=())
        return Address(person.address(self.plan.source), person.name)

    def someone(self, person: Person) -> Someone:
        """The same with all that is known of them."""
        first = self.address(person).address
        others = [at for at in person.addresses if at != first and at not in self._ours]
        return Someone(person.name, (first, *others), person.company, person.language, person.phone)

    def stands(self, matter: Matter) -> TakenOver:
        """How it is to stand here."""
        plan, state = self.plan, self.plan.states[matter.state]
        tags = [plan.tags.get(tag, tag) for tag in matter.tags]
        fields = {plan.fields.get(name, ""): value for name, value in matter.fields}
        fields = {**fields, FIELD: f"{plan.source} #{matter.number}"}
        speaker = self.speaker(matter)
        team = plan.teams.get(matter.group) or speaker.team or ""
        return TakenOver(
            "taken_over",
            plan.source,
            matter.number,
            state,
            plan.priorities.get(matter.priority) or Priority.NORMAL.value,
            self._agents.get(plan.agents.get(matter.agent, "")),
            self._team(team),
            tuple(dict.fromkeys(tag for tag in tags if tag)),
            tuple(sorted((name, value) for name, value in fields.items() if name and value)),
            _waiting(matter.words) if state == State.OPEN.value else None,
            matter.last if state == State.DONE.value else None,
        )

    def _team(self, name: str) -> TeamId | None:
        found = self._roster.team(name) if name else None
        return None if found is None else found.id

    def made(self, matter: Matter, words: Words) -> Made:
        """One thing said, as a mail. Raises OSError where a file cannot be read."""
        speaker, direction = self.speaker(matter), _DIRECTIONS[words.who]
        asker, channel = self.address(matter.requester), Address(speaker.address)
        sender = self.address(words.author or matter.requester)
        to: tuple[Address, ...] = (channel,)
        agent = None
        if direction is not Direction.INBOUND:
            name = words.author.name if words.author is not None else ""
            agent = self._agents.get(self.plan.agents.get(_called(words.author), ""))
            sender, to = Address(speaker.address, name), (words.to or (asker,)) if words.who == "agent" else ()
        key = words_key(matter.id, words.number)
        raw, left = letter(words, matter.subject, sender, to, f"{self.plan.source} {key}")
        return Made(key, words.at, direction, raw, sender, to, left, agent)


def _called(who: Person | None) -> str:
    return "" if who is None else who.addresses[0] if who.addresses else who.name


def _waiting(words: Sequence[Words]) -> datetime | None:
    """When the customer wrote what nobody has answered since."""
    since = None
    for one in sorted(words, key=lambda one: one.at):
        if one.who == "customer":
            since = since or one.at
        elif one.who == "agent":
            since = None
    return since


def plain(words: Words) -> Words:
    """The same without HTML, for what cannot be read with it: then its source is the text."""
    return replace(words, text=words.text or words.html, html="")


def parts(words: Sequence[Words], most: int) -> Iterator[tuple[Words, ...]]:
    """In the order in which they were said, so many at a time."""
    ordered = sorted(words, key=lambda one: one.at)
    yield from (tuple(ordered[at : at + most]) for at in range(0, len(ordered), most))
