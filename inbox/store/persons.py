"""What we know of a person besides their addresses: name, language, organization, tags; notes on them; what they wrote about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.conversations import State
from inbox.domain.ids import AgentId, ContactId, ConversationId, NoteId, OrganizationId
from inbox.domain.people import Contact
from inbox.domain.scope import Scope
from inbox.store import search, sights
from inbox.store.prepared import PreparedAmong
from inbox.store.scoped import within
from inbox.store.tables import contact, conversation, organization, person_note
from inbox.store.unit import Unit

_C, _N, _M, _O = contact.c, person_note.c, conversation.c, organization.c


@dataclass(frozen=True, slots=True)
class PersonNote:
    """What an agent wrote about somebody, for the other agents."""

    id: NoteId
    contact: ContactId
    agent: AgentId
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Past:
    """A conversation that somebody has, or had, with us."""

    reference: str
    subject: str
    state: State
    opened_at: datetime | None


def change(unit: Unit, changed: Contact) -> None:
    """The contact is as told from now on."""
    values = {
        "name": changed.name,
        "language": changed.language,
        "organization_id": changed.organization,
        "tags": list(changed.tags),
        "role": changed.role,
        "fields": [list(pair) for pair in changed.fields],
        "placed": changed.placed,
    }
    with search.renaming(unit, changed.id):
        unit.execute(sa.update(contact).where(_C.id == changed.id).values(**values))
    sights.moved(unit, changed.id, changed.organization)


def organization_of(unit: Unit, name: str) -> OrganizationId:
    """The organization of that name, made where there is none; of one that went into another, the other."""
    unit.insert_new(organization, name=name)
    named = sa.select(sa.func.coalesce(_O.merged_into_id, _O.id)).where(_O.name == name)
    return OrganizationId(unit.execute(named).scalar_one())


def organization_name(unit: Unit, id: OrganizationId | None) -> str:
    """What it is called; empty for none."""
    return "" if id is None else str(unit.execute(sa.select(_O.name).where(_O.id == id)).scalar_one())


def add_note(unit: Unit, id: ContactId, agent: AgentId, text: str, now: datetime) -> NoteId:
    """Tell the other agents something about a person."""
    return NoteId(unit.insert(person_note, contact_id=id, agent_id=agent, at=now, text=text))


def end_note(unit: Unit, id: ContactId, note: NoteId, now: datetime) -> bool:
    """It does not hold any more; False where there is no such note on them."""
    mine = (_N.id == note, _N.contact_id == id, _N.gone_at.is_(None))
    return unit.execute(sa.update(person_note).where(*mine).values(gone_at=now)).rowcount > 0


_NOTES = PreparedAmong(
    lambda ids: (
        sa.select(_N.id, _N.contact_id, _N.agent_id, _N.at, _N.text)
        .where(_N.contact_id.in_(ids), _N.gone_at.is_(None))
        .order_by(_N.at.desc(), _N.id.desc())
        .limit(sa.bindparam("most", type_=sa.Integer))
    )
)


def notes(unit: Unit, ids: Sequence[ContactId], most: int = 50) -> list[PersonNote]:
    """The notes on these contacts that hold, the newest first."""
    if not ids:
        return []
    statement, among = _NOTES.of(ids)
    rows = unit.run(statement, most=most, **among)
    return [PersonNote(NoteId(r[0]), ContactId(r[1]), AgentId(r[2]), r[3], r[4]) for r in rows]


def past(unit: Unit, scope: Scope, id: ContactId, but: ConversationId | None = None, most: int = 20) -> list[Past]:
    """The conversations of a contact within a scope, the newest first; without those that went into others, and without one."""
    query = sa.select(_M.reference, _M.subject, _M.state, _M.opened_at).where(
        _M.contact_id == id, _M.version > 0, _M.merged_into_id.is_(None), *within(scope)
    )
    if but is not None:
        query = query.where(_M.id != but)
    rows = unit.execute(query.order_by(_M.id.desc()).limit(most))
    return [Past(r[0], r[1], State(r[2]), r[3]) for r in rows]
