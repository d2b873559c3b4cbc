"""Taking over: people and matters of another help desk stored as they were there, silently, and never twice.

Everything said keeps its own instant. No rule runs, no clock starts, nobody is told anything; what is open there is open work
here. What somebody here has taken up meanwhile is theirs: then only what was said is added.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from inbox.domain.act_events import TakenOver
from inbox.domain.arrivals import Judged, Verdict
from inbox.domain.conversations import Conversation
from inbox.domain.events import HOUSE, Actor, Noted, Received, Replied
from inbox.domain.happenings import Address, InboundMessage
from inbox.domain.ids import AgentId, ChannelName, MessageId, NetworkKey
from inbox.domain.messages import Direction
from inbox.domain.outgoing import Purpose
from inbox.domain.people import Contact, Identity
from inbox.elsewhere.vocabulary import NOWHERE
from inbox.pipeline import telephones
from inbox.pipeline.opening import Beginning, opened
from inbox.pipeline.ours import OURS
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.proved import ours
from inbox.pipeline.turn import Turn
from inbox.store import arrivals, conversations, messages, people, persons
from inbox.store import taken_over as stored
from inbox.store.arrivals import Landing
from inbox.store.unit import Unit
from inbox.text.excerpts import LISTED, excerpt

NO_SUCH_PLACE = "5.1.2"
"""Why an address that stands for none cannot be reached (RFC 3463, bad destination system address)."""


@dataclass(frozen=True, slots=True)
class Someone:
    """A customer there. `addresses`: as the channel compares them, the first being the one they are known by. `phone`: as it was typed."""

    name: str
    addresses: tuple[str, ...]
    organization: str = ""
    language: str | None = None
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing said there. `said`: what was read in the mail that it was made into. `agent`: who of us, where they are here."""

    key: NetworkKey
    at: datetime
    direction: Direction
    landing: Landing
    said: InboundMessage
    agent: AgentId | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """A matter there, with what of it is not here yet, or a part of that. `last`: when something happened in it last; `whole`:
    nothing more comes, so that it is as it stands there."""

    id: int
    stands: TakenOver
    channel: ChannelName
    subject: str
    asker: Address
    opened: datetime
    last: datetime
    sayings: tuple[Saying, ...]
    language: str | None = None
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Taken:
    """What a unit stored of it: how many things said, whether it opened the conversation or told anew how it stands."""

    said: int = 0
    opened: bool = False
    moved: bool = False


def take_person(unit: Unit, kind: str, who: Someone, playbook: Playbook, now: datetime) -> bool:
    """The contact of these addresses, which are claimed and taken from nobody; whether we had not met them. What we know of
    somebody already stays."""
    at = [address for address in who.addresses if not ours(unit, address, playbook)]
    if not at:
        return False
    found = next((known for address in at if (known := people.known(unit, kind, address)) is not None), None)
    contact, _ = people.meet(unit, kind, Address(at[0], who.name), found, who.language if found is None else None, now)
    for address in at:
        if people.known(unit, kind, address) is None:
            people.claim(unit, contact.id, kind, address, who.name, now)
        if address.endswith(f".{NOWHERE}"):
            people.set_unreachable(unit, kind, address, NO_SUCH_PLACE)
    telephones.claim(unit, contact.id, [who.phone], who.name, playbook, now)
    belongs = persons.organization_of(unit, who.organization) if who.organization else None
    if found is not None:
        return False
    fields = telephones.noted(contact.fields, who.phone, playbook.contact_fields)
    better = replace(contact, organization=contact.organization or belongs, fields=fields)
    if better != contact:
        persons.change(unit, better)
    return True


def take_over(unit: Unit, dossier: Dossier, speaker: Speaker, playbook: Playbook, now: datetime) -> Taken:
    """Store what is not here yet. A second time changes nothing."""
    source = dossier.stands.source
    known = messages.look_up(unit, source, [stored.matter_key(dossier.id), *(one.key for one in dossier.sayings)])
    there = {one.key: one for one in known}
    first = there.get(stored.matter_key(dossier.id))
    fresh = [one for one in dossier.sayings if one.key not in there]
    if first is None and not fresh:
        return Taken()
    turn = _turn(unit, dossier, speaker, playbook) if first is None else _again(unit, first, speaker, playbook, dossier)
    begun, said = first is None, 0
    for one in fresh:
        message = _said(turn, dossier, one, speaker, now)
        if message is not None:
            _name(unit, dossier, one, message, turn.conversation, speaker, first=begun and not said)
            said += 1
    moved = dossier.whole and _stands(turn, dossier, begun=begun)
    turn.close()
    return Taken(said, begun, moved)


def _turn(unit: Unit, dossier: Dossier, speaker: Speaker, playbook: Playbook) -> Turn:
    contact, identity = _met(unit, speaker, dossier.asker, dossier.language, dossier.opened)
    began = Beginning(dossier.subject, dossier.language or contact.language, history=True)
    actor = Actor("contact", contact.id, contact.name or dossier.asker.name)
    return opened(unit, began, contact, identity, speaker, playbook, actor, dossier.opened)


def _again(unit: Unit, known: messages.Known, speaker: Speaker, playbook: Playbook, dossier: Dossier) -> Turn:
    return Turn(unit, conversations.present(unit, known.conversation), speaker.name, playbook.terms, dossier.last)


def _met(unit: Unit, speaker: Speaker, who: Address, language: str | None, at: datetime) -> tuple[Contact, Identity]:
    return people.meet(unit, speaker.kind, who, people.known(unit, speaker.kind, who.address), language, at)


def _said(turn: Turn, dossier: Dossier, one: Saying, speaker: Speaker, now: datetime) -> MessageId | None:
    """Land its bytes, store it, tell of it at its own instant, and give it its verdict; None where it has landed before."""
    unit, id, said = turn.unit, turn.conversation.id, one.said
    arrival = arrivals.land_one(unit, speaker.name, one.landing, now, history=True)
    if arrival is None:
        return None
    turn.now = one.at
    words = excerpt(said.reply_text or said.text, LISTED)
    if one.direction is Direction.INBOUND:
        contact, identity = _met(unit, speaker, said.sender, said.language, one.at)
        conversations.add_participant(unit, id, identity.id, one.at)
        message = messages.add_inbound(unit, id, None, contact.id, speaker.name, arrival, said, one.at)
        by = f"{dossier.stands.source} #{dossier.stands.number}"
        told = Received("received", message, contact.id, words, one.at, said.automatic, by, history=True)
        turn.tell(told, Actor("contact", contact.id, contact.name or said.sender.name))
    else:
        note = one.direction is Direction.NOTE
        purpose = "" if note else Purpose.REPLY.value
        message = messages.add_old(
            unit, id, None, speaker.name, arrival, said, purpose, one.at, direction=one.direction, agent=one.agent
        )
        who = HOUSE if one.agent is None else Actor("agent", one.agent, said.sender.name)
        if note:
            turn.tell(Noted("noted", message, words, history=True), who)
        else:
            turn.tell(Replied("replied", message, one.agent, words, history=True), who)
    arrivals.judge(unit, arrival, Judged(Verdict.ACCEPTED, "" if one.direction is Direction.INBOUND else OURS), now)
    return message


def _name(
    unit: Unit,
    dossier: Dossier,
    one: Saying,
    message: MessageId,
    matter: Conversation,
    speaker: Speaker,
    *,
    first: bool,
) -> None:
    """Its own key and Message-ID; and for the first of a matter the numbers by which that is found again."""
    source, number = dossier.stands.source, dossier.stands.number
    keys = [(source, one.key)]
    if one.said.key and one.direction is not Direction.NOTE:
        keys.append((speaker.kind, one.said.key))
    if first:
        keys += [(source, stored.matter_key(dossier.id)), (speaker.kind, stored.number_key(number))]
    messages.name(unit, keys, message, matter.id, ours=one.direction is not Direction.INBOUND)


def _stands(turn: Turn, dossier: Dossier, *, begun: bool) -> bool:
    """Let it stand as it does there, unless somebody here has done anything since; the same is not told twice."""
    if not begun and (
        not turn.conversation.history or stored.last_told(turn.unit, turn.conversation.id) == dossier.stands
    ):
        return False
    turn.now = dossier.last
    turn.tell(dossier.stands)
    return True
