"""Sending again: an answer that failed is said once more, to a corrected address of the same customer."""

from datetime import datetime

from inbox.domain.deliveries import Delivery, DeliveryState
from inbox.domain.events import Actor
from inbox.domain.happenings import Address
from inbox.domain.ids import ConversationId, DeliveryId, MessageId
from inbox.domain.outgoing import Purpose
from inbox.domain.people import Agent
from inbox.pipeline.enclose import enclosed
from inbox.pipeline.link import By, link
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.proved import ours
from inbox.pipeline.reply import Refused, Said, speak
from inbox.pipeline.routes import Route, canonical
from inbox.pipeline.turn import Turn
from inbox.store import conversations, deliveries, links, messages, people
from inbox.store.unit import Unit


def of(unit: Unit, matter: ConversationId, id: DeliveryId) -> Delivery:
    """A delivery of this conversation. Raises Refused."""
    found = deliveries.one(unit, id)
    if found is None or found.conversation != matter:
        raise Refused("cli.no_such_delivery", id=str(id))
    return found


def resend(
    unit: Unit,
    matter: ConversationId,
    id: DeliveryId,
    to: str,
    agent: Agent,
    via: str,
    playbook: Playbook,
    now: datetime,
) -> tuple[MessageId, str]:
    """The same words and files to another address of the same customer, as a new answer: what it comes to counts from now.
    An address that nobody has becomes one of theirs, only claimed. Raises Refused."""
    failed = of(unit, matter, id)
    said = messages.one(unit, failed.message)
    if failed.purpose is not Purpose.REPLY or failed.state is not DeliveryState.FAILED:
        raise Refused("resend.not_failed", id=str(id))
    speaker = playbook.channels.get(failed.channel)
    if speaker is None or not speaker.codec.traits.subject:
        raise Refused("resend.only_mail", channel=failed.channel)
    there = _corrected(unit, to, failed, speaker, playbook, now)
    way = _way(unit, matter, there, speaker, agent, via, playbook, now)
    words = Said(said.reply_text, files=enclosed(unit, [said], playbook), way=way, anyway=True)
    turn = Turn.of(unit, matter, via, playbook.terms, now)
    return speak(turn, agent, words, playbook), there


def _corrected(unit: Unit, to: str, failed: Delivery, speaker: Speaker, playbook: Playbook, now: datetime) -> str:
    there = canonical(speaker, to.strip().removeprefix(f"{speaker.kind}:"), now)
    if there is None:
        raise Refused("link.impossible", address=to)
    if ours(unit, there, playbook):
        raise Refused("link.ours", address=there)
    if there == failed.part.lane:
        raise Refused("resend.same", address=there)
    return there


def _way(
    unit: Unit,
    matter: ConversationId,
    there: str,
    speaker: Speaker,
    agent: Agent,
    via: str,
    playbook: Playbook,
    now: datetime,
) -> Route:
    contact = conversations.peek(unit, matter).contact
    known = people.known(unit, speaker.kind, there)
    if known is not None and known[0].id != contact:
        raise Refused("resend.somebody_elses", address=there, who=known[0].name or str(known[0].id))
    if known is None:
        _, new = people.meet(unit, speaker.kind, Address(there), None, None, now)
        by = By(Actor("agent", agent.id, agent.name), via, "agent", matter)
        link(unit, new.id, contact, by, playbook, now)
    found = people.known(unit, speaker.kind, there)
    assert found is not None
    identity = links.held(unit, found[1].id)
    return Route(identity, Address(identity.address, people.contact(unit, contact).name), speaker.name)
