"""What an agent knows better of a contact: name, language, organization, tags. Conversations are told of it."""

from dataclasses import dataclass, replace
from datetime import datetime

from inbox.domain.events import Actor, ContactChanged
from inbox.domain.ids import ConversationId
from inbox.domain.people import Contact
from inbox.pipeline.contract_terms import come_under
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.turn import Turn
from inbox.store import conversations, people, persons
from inbox.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Better:
    """What is so from now on; None: as it was. `organization`: its name, made where it is new; empty: none."""

    name: str | None = None
    language: str | None = None
    organization: str | None = None
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()


def change(
    unit: Unit, matter: ConversationId, better: Better, actor: Actor, via: str, playbook: Playbook, now: datetime
) -> Contact:
    """The contact of a conversation as it is now. Another organization is told in every conversation of theirs that stands."""
    was = people.contact(unit, conversations.peek(unit, matter).contact)
    now_is = _better(unit, was, better)
    what = tuple(name for name in ("name", "language", "organization", "tags") if _differs(was, now_is, name))
    if not what:
        return was
    persons.change(unit, now_is)
    others = conversations.of_contact(unit, was.id) if "organization" in what else []
    for id in dict.fromkeys((matter, *others)):
        turn = Turn.of(unit, id, via, playbook.terms, now)
        turn.tell(ContactChanged("contact_changed", now_is.id, now_is.organization, what), actor)
        come_under(turn, playbook)
        turn.close()
    return now_is


def _better(unit: Unit, was: Contact, better: Better) -> Contact:
    tags = [tag for tag in was.tags if tag not in better.remove_tags]
    organization = was.organization
    if better.organization is not None:
        name = better.organization.strip()
        organization = persons.organization_of(unit, name) if name else None
    return replace(
        was,
        name=was.name if better.name is None else better.name.strip(),
        language=was.language if better.language is None else better.language or None,
        organization=organization,
        tags=tuple(dict.fromkeys([*tags, *(tag.strip() for tag in better.add_tags if tag.strip())])),
    )


def _differs(was: Contact, now_is: Contact, name: str) -> bool:
    return bool(getattr(was, name) != getattr(now_is, name))
