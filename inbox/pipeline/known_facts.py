"""What templates are told of a contact besides the name: the organization, and the fields that agents write down."""

from typing import TypedDict

from inbox.domain.facts import KnownField
from inbox.domain.people import Contact
from inbox.pipeline.playbook import Playbook
from inbox.store import persons
from inbox.store.unit import Unit


class KnownFacts(TypedDict):
    """As `AcknowledgementFacts` and `ReplyFacts` have it."""

    organization: str
    contact_fields: tuple[KnownField, ...]


def known_facts(unit: Unit, contact: Contact, playbook: Playbook, language: str) -> KnownFacts:
    """Those of the fields that the config declares, by their names in this language."""
    known = dict(contact.fields)
    told = [
        KnownField(name=field.name, label=field.labels.get(language, field.name), value=known[field.name])
        for field in playbook.contact_fields
        if field.name in known
    ]
    return {
        "organization": persons.organization_name(unit, contact.organization),
        "contact_fields": tuple(told),
    }
