"""Linking: an address turns out to be somebody's whom we know. It goes over to that contact, with the conversations that began
with it; undone, all of it is back."""

from dataclasses import dataclass
from datetime import datetime

from inbox.domain.events import Actor, ContactSet
from inbox.domain.ids import AgentId, ContactId, ConversationId, IdentityId
from inbox.domain.people import How, Identity, Link
from inbox.pipeline.contract_terms import come_under
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.turn import Turn
from inbox.store import conversations, copies, declining, links, people
from inbox.store.unit import Unit


@dataclass(frozen=True, slots=True)
class By:
    """Who links, by which surface, and where: `matter` is told of it whatever began it."""

    actor: Actor
    via: str
    how: How
    matter: ConversationId | None = None

    @property
    def agent(self) -> AgentId | None:
        """The agent, where it is one."""
        return AgentId(self.actor.id) if self.actor.kind == "agent" and self.actor.id is not None else None


def link(
    unit: Unit, id: IdentityId, to: ContactId, by: By, playbook: Playbook, now: datetime, *, proved: bool = False
) -> bool:
    """The address belongs to that contact from now on; `proved`: and is verified. False where it belonged there already.

    A conversation is with the contact of the address with which it began, before and after: so any number of links, undone,
    leave nothing behind.
    """
    identity = links.held(unit, id)
    if identity.contact == to:
        if proved:
            links.verify(unit, id, now)
        return False
    links.put(unit, identity, to, by.how, by.agent, now, verified=proved)
    declining.carry(unit, identity.contact, to)
    _tell(unit, identity, to, by, by.how, playbook, now, undone=False)
    return True


def unlink(unit: Unit, id: IdentityId, by: By, playbook: Playbook, now: datetime) -> Link | None:
    """The latest link of an address that stands is undone; None where there is none. Again, and the one before it is.
    What waits to be copied to whoever is no longer the same contact stays here."""
    identity = links.held(unit, id)
    last = links.last(unit, id)
    if last is None or not links.undo(unit, last, by.agent, now):
        return None
    _tell(unit, identity, last.had, by, last.how, playbook, now, undone=True)
    copies.withdraw(unit, (last.had, identity.contact), now)
    return last


def _tell(
    unit: Unit, identity: Identity, to: ContactId, by: By, how: How, playbook: Playbook, now: datetime, *, undone: bool
) -> None:
    """Every conversation that began with the address has another contact; the one in hand learns why, whatever began it."""
    begun = conversations.begun_by(unit, identity.id)
    here = [] if by.matter is None or by.matter in begun else [by.matter]
    for id in (*begun, *here):
        turn = Turn.of(unit, id, by.via, playbook.terms, now)
        contact = people.contact(unit, to if id in begun else turn.conversation.contact)
        told = (contact.id, contact.organization, identity.id, identity.address, how, undone)
        turn.tell(ContactSet("contact_set", *told), by.actor)
        come_under(turn, playbook)
        turn.close()
