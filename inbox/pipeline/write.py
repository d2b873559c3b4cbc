"""Writing first: an agent begins a conversation, with somebody whom we know or at an address that they type.

Nothing is acknowledged, for nobody asked; no first reply is owed. The answer comes back into it as to any other.
"""

from dataclasses import dataclass
from datetime import datetime

from inbox.domain.conversations import Conversation
from inbox.domain.events import Actor, Assigned
from inbox.domain.happenings import Address
from inbox.domain.ids import ContactId, ConversationId
from inbox.domain.outgoing import File
from inbox.domain.people import Agent
from inbox.pipeline.opening import Beginning, begun_by_us, opened
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.proved import ours
from inbox.pipeline.react import react
from inbox.pipeline.reply import Refused, Said, speak
from inbox.pipeline.routes import Route, canonical, chat, routes
from inbox.store import blocking, conversations, declining, people
from inbox.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Letter:
    """What one of us writes first. `to`: `kind:address`, a mail address, or a contact's number. `channel`: by which; empty:
    the only one that there is. `assignee`: who answers what comes back; None: whoever writes it."""

    to: str
    subject: str = ""
    text: str = ""
    channel: str = ""
    files: tuple[File, ...] = ()
    assignee: Agent | None = None
    follows: ConversationId | None = None
    held: bool = False
    """Whether it waits a moment, so that its author can take it back."""


def write(unit: Unit, agent: Agent, letter: Letter, via: str, playbook: Playbook, now: datetime) -> Conversation:
    """The conversation that it begins; without a text nothing is said in it yet. Raises Refused, or Permanent."""
    speaker, way = _way(unit, letter, playbook, now)
    contact, identity = people.contact(unit, way.identity.contact), way.identity
    if letter.follows is None and declining.of(unit, contact.id) is not None:
        raise Refused("write.declined", who=contact.name or identity.address)
    if letter.text.strip() and speaker.codec.traits.subject and not letter.subject.strip():
        raise Refused("write.no_subject")
    began = Beginning(letter.subject.strip(), contact.language or playbook.language, follows=letter.follows, via=via)
    actor = Actor("agent", agent.id, agent.name)
    turn = opened(unit, began, contact, identity, speaker, playbook, actor, now)
    begun_by_us(turn, speaker, playbook)
    turn.tell(Assigned("assigned", (letter.assignee or agent).id), actor)
    if letter.text.strip():
        speak(turn, agent, Said(letter.text, files=letter.files, way=way, held=letter.held), playbook)
    else:
        react(turn, playbook)
        turn.close()
    return conversations.peek(unit, turn.conversation.id)


def follow_up(
    unit: Unit, was: Conversation, agent: Agent, letter: Letter, via: str, playbook: Playbook, now: datetime
) -> Conversation:
    """A conversation that follows another one of the same customer, by the way that an answer to that would take."""
    found = routes(unit, was, playbook)
    way = next((one for one in found if one.default), None) or next((one for one in found if not one.barred), None)
    if way is None or way.channel is None:
        raise Refused("reply.nobody_to_answer", reference=was.reference)
    again = Letter(
        way.name,
        letter.subject.strip() or was.subject,
        letter.text,
        way.channel,
        letter.files,
        letter.assignee,
        follows=was.id,
        held=letter.held,
    )
    return write(unit, agent, again, via, playbook, now)


def _way(unit: Unit, letter: Letter, playbook: Playbook, now: datetime) -> tuple[Speaker, Route]:
    """Raises Refused."""
    if letter.to.strip().isdecimal():
        return _to_contact(unit, letter, playbook)
    kind, address = _kind(letter.to.strip(), playbook)
    speaker = _channel(letter, kind, playbook)
    if speaker.kind != kind:
        raise Refused("write.other_kind", address=address, channel=speaker.name)
    there = canonical(speaker, address, now) if speaker.codec.traits.subject else address
    if there is None:
        raise Refused("link.impossible", address=address)
    if ours(unit, there, playbook):
        raise Refused("link.ours", address=there)
    return speaker, _at(unit, speaker, there, now)


def _at(unit: Unit, speaker: Speaker, address: str, now: datetime) -> Route:
    """The address by that channel. A chat cannot be begun by us: whoever is there must have written once."""
    known = people.known(unit, speaker.kind, address)
    if speaker.codec.traits.calls:
        raise Refused("write.calls", address=address, channel=speaker.name)
    thread = None
    if not speaker.codec.traits.subject:
        thread = chat(unit, speaker, address)
        if known is None or thread is None:
            raise Refused("write.no_chat", address=address, channel=speaker.name)
    _, identity = known or people.meet(unit, speaker.kind, Address(address), None, None, now)
    if blocking.is_blocked(unit, identity.id):
        raise Refused("write.blocked", address=address)
    return Route(identity, Address(identity.address, identity.name), speaker.name, thread)


def reach(unit: Unit, id: ContactId, playbook: Playbook) -> tuple[Speaker, Route]:
    """Where somebody whom we know can be written to first. Raises Refused."""
    return _to_contact(unit, Letter(str(id)), playbook)


def _to_contact(unit: Unit, letter: Letter, playbook: Playbook) -> tuple[Speaker, Route]:
    """Where somebody whom we know can be reached: on the channel that was chosen, or on the first that can carry it."""
    id = people.contact_by_number(unit, int(letter.to))
    if id is None:
        raise Refused("link.nobody", who=letter.to)
    found = reachable(unit, id, letter.channel, playbook)
    if not found:
        raise Refused("write.unreachable", who=people.contact(unit, id).name or letter.to)
    return found[0]


def reachable(unit: Unit, id: ContactId, channel: str, playbook: Playbook) -> list[tuple[Speaker, Route]]:
    """The ways to a contact over that channel, or over any; to proved addresses first."""
    able = [one for one in playbook.channels.values() if not one.codec.traits.calls]
    named = [one for one in able if not channel or one.name == channel]
    found = []
    for identity in people.identities(unit, id):
        for speaker in named:
            thread = None if speaker.codec.traits.subject else chat(unit, speaker, identity.address)
            fits = speaker.codec.traits.subject or thread is not None
            shut = identity.unreachable or blocking.is_blocked(unit, identity.id)
            if speaker.kind == identity.kind and fits and not shut:
                to = Address(identity.address, identity.name)
                found.append((speaker, Route(identity, to, speaker.name, thread)))
    return sorted(found, key=lambda one: one[1].identity.verified_at is None)


def _kind(to: str, playbook: Playbook) -> tuple[str, str]:
    """The kind of network and the address; an address alone is one of mail."""
    kind, _, address = to.partition(":")
    if address and kind in {one.kind for one in playbook.channels.values()}:
        return kind, address
    mail = [one.kind for one in playbook.channels.values() if one.codec.traits.subject]
    if not mail:
        raise Refused("write.no_channel", channel="-", known=_known(playbook))
    return mail[0], to


def _channel(letter: Letter, kind: str, playbook: Playbook) -> Speaker:
    if letter.channel:
        chosen = next((one for one in playbook.channels.values() if one.name == letter.channel), None)
        if chosen is None:
            raise Refused("write.no_channel", channel=letter.channel, known=_known(playbook))
        return chosen
    able = [one for one in playbook.channels.values() if one.kind == kind]
    if len(able) != 1:
        raise Refused("write.which_channel", known=", ".join(str(one.name) for one in able) or "-")
    return able[0]


def _known(playbook: Playbook) -> str:
    return ", ".join(str(name) for name in playbook.channels) or "-"
