"""What is proved: an address that was shown to be somebody's, linked to them; and what may be told of it."""

from datetime import datetime

from inbox.domain.events import Actor
from inbox.domain.happenings import Address
from inbox.domain.ids import ContactId, ConversationId
from inbox.domain.people import Contact, How, Identity
from inbox.pipeline.link import By, link
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.routes import canonical, carrier
from inbox.ports.face import Standing
from inbox.store import conversations, links, people, proofs
from inbox.store.unit import Unit


def joined(
    unit: Unit,
    asker: tuple[Contact, Identity],
    kind: str,
    address: str,
    how: How,
    matter: ConversationId | None,
    speaker: Speaker,
    playbook: Playbook,
    now: datetime,
    name: str = "",
) -> None:
    """The asker and whoever has the address are one: the address comes to the asker where nobody had it, else the asker goes
    to the contact who is known by it, with all addresses that were theirs."""
    contact, identity = asker
    by = By(Actor("contact", contact.id, contact.name), speaker.name, how, matter)
    found = people.known(unit, kind, address)
    if found is None:
        _, proved = people.meet(unit, kind, Address(address, name), None, contact.language, now)
        link(unit, proved.id, contact.id, by, playbook, now, proved=True)
        links.verify(unit, identity.id, now)
        return
    links.verify(unit, found[1].id, now)
    for mine in people.identities(unit, contact.id):
        link(unit, mine.id, found[0].id, by, playbook, now, proved=mine.id == identity.id)


def vouch(unit: Unit, speaker: Speaker, who: str, address: str, name: str, playbook: Playbook, now: datetime) -> bool:
    """As a proof that was given: a site says under its signature whose address it is. False where it cannot be theirs."""
    over = carrier(playbook, speaker)
    there = None if over is None else canonical(over, address, now)
    if over is None or there is None or ours(unit, there, playbook):
        return False
    found = people.known(unit, speaker.kind, who)
    known = people.meet(unit, speaker.kind, Address(who, name), found, None, now)
    matter = conversations.latest_of(unit, known[1].id)
    matter = None if matter is None else conversations.present(unit, matter).id
    joined(unit, known, over.kind, there, "vouched", matter, speaker, playbook, now, name)
    return True


def standing(unit: Unit, speaker: Speaker, who: str, playbook: Playbook, now: datetime) -> Standing:
    """What may be told to somebody of themselves: of an address that they are proving no more than they said; and of a contact
    to whom an agent has linked them nothing, for that proves nothing."""
    over = carrier(playbook, speaker)
    known = people.known(unit, speaker.kind, who)
    if known is None:
        return Standing(continues=over is not None)
    contact, identity = known
    mine = None if over is None or identity.verified_at is None else proved_at(unit, contact.id, over.kind)
    if mine is not None:
        return Standing(True, contact.name, mine.address, True, True)
    name = identity.name if identity.verified_at is None and links.last(unit, identity.id) else contact.name
    asked = proofs.open_of(unit, identity.id, lock=False)
    address = asked.address if asked is not None and now < asked.expires_at else ""
    return Standing(True, name, address, False, over is not None)


def proved_at(unit: Unit, contact: ContactId, kind: str) -> Identity | None:
    """The address of a contact on a kind of network that is proved and can be reached; the latest proved."""
    mine = [(one.verified_at, one.id, one) for one in people.identities(unit, contact) if one.kind == kind]
    return max(((at, id, one) for at, id, one in mine if at and not one.unreachable), default=(None, None, None))[2]


def ours(unit: Unit, address: str, playbook: Playbook) -> bool:
    """Whether it is an address of one of us, or of a channel of the house, whatever tag stands behind its name: nobody outside can
    have it."""
    name, at, host = address.lower().rpartition("@")
    plain = f"{name.partition('+')[0]}{at}{host}"
    known = {agent.address.lower() for agent in people.roster(unit).agents if agent.address}
    channels = {one.lower() for other in playbook.channels.values() for one in other.addresses}
    return bool({address.lower(), plain} & (known | channels))
