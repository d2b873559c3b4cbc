"""What an agent knows better of a contact: name, language, organization, role, tags, fields. Conversations are told of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from inbox.domain.acts import Act, By
from inbox.domain.events import Actor, ContactChanged
from inbox.domain.ids import ContactId, ConversationId
from inbox.domain.people import Contact
from inbox.pipeline.contract_terms import come_under
from inbox.pipeline.known_fields import merged
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.turn import Turn
from inbox.store import audit, conversations, people, persons
from inbox.store.unit import Unit

TOLD = ("name", "language", "organization", "role", "tags", "fields")
"""What of a contact is told when it is another, in this order."""


@dataclass(frozen=True, slots=True)
class Better:
    """What is so from now on; None: as it was. `organization`: its name, made where it is new; empty: none. `fields`: by name, as
    they were typed; empty: none any more."""

    name: str | None = None
    language: str | None = None
    organization: str | None = None
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    role: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


def change(
    unit: Unit, matter: ConversationId, better: Better, actor: Actor, via: str, playbook: Playbook, now: datetime
) -> Contact:
    """The contact of a conversation as it is now. Another organization is told in every conversation of theirs that stands.

    Raises Problem where a field cannot be so.
    """
    was = people.contact(unit, conversations.peek(unit, matter).contact)
    return become(unit, was, bettered(unit, was, better, playbook), actor, via, playbook, now, matter)


def improve(
    unit: Unit, id: ContactId, better: Better, actor: Actor, via: str, by: By, playbook: Playbook, now: datetime
) -> Contact:
    """The same of a contact, wherever they write: the audit log keeps it, as no conversation may tell of it. Raises Problem."""
    was = people.contact(unit, id)
    now_is = become(unit, was, bettered(unit, was, better, playbook), actor, via, playbook, now)
    what = [name for name in TOLD if getattr(was, name) != getattr(now_is, name)]
    if what:
        audit.record(unit, Act.CONTACT_CHANGED, by, now, name=f"#{id}", detail=what)
    return now_is


def become(
    unit: Unit,
    was: Contact,
    now_is: Contact,
    actor: Actor,
    via: str,
    playbook: Playbook,
    now: datetime,
    matter: ConversationId | None = None,
) -> Contact:
    """The contact is that from now on; `matter` is told of it, and of another organization every conversation of theirs."""
    if was == now_is:
        return was
    persons.change(unit, now_is)
    what = tuple(name for name in TOLD if getattr(was, name) != getattr(now_is, name))
    others = conversations.of_contact(unit, was.id) if "organization" in what else []
    here = [] if matter is None or not what else [matter]
    for id in dict.fromkeys((*here, *others)):
        turn = Turn.of(unit, id, via, playbook.terms, now)
        turn.tell(ContactChanged("contact_changed", now_is.id, now_is.organization, what), actor)
        come_under(turn, playbook)
        turn.close()
    return now_is


def bettered(unit: Unit, was: Contact, better: Better, playbook: Playbook) -> Contact:
    """The contact with what is known better. Raises Problem where a field cannot be so."""
    fields = merged(was.fields, better.fields, playbook.contact_fields)  # before anything is made
    tags = [tag for tag in was.tags if tag not in better.remove_tags]
    organization, placed = was.organization, was.placed
    if better.organization is not None:
        name = better.organization.strip()
        organization, placed = persons.organization_of(unit, name) if name else None, True
    return replace(
        was,
        name=was.name if better.name is None else better.name.strip(),
        language=was.language if better.language is None else better.language or None,
        organization=organization,
        placed=placed,
        role=was.role if better.role is None else better.role.strip(),
        tags=tuple(dict.fromkeys([*tags, *(tag.strip() for tag in better.add_tags if tag.strip())])),
        fields=fields,
    )
