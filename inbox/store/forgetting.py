"""Forgetting a contact: what is personal is removed from every row; counts, clocks, promises and the numbers of decisions stay.

Whole conversations are theirs where they began with one of their addresses. In those of others what they said is removed, and their
addresses among the recipients. docs/decisions/0056.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from inbox.domain.ids import ContactId, ConversationId
from inbox.store import events, search
from inbox.store import tables as t
from inbox.store.unit import Unit

LIVE = ("queued", "sending", "unknown", "parked")
_WORDS = ("excerpt", "subject", "text", "address", "to", "old", "new", "comment", "serial", "phone")
"""Of an event's payload what holds words or addresses of people."""
_FACTS = (
    "sender",
    "to",
    "cc",
    "subject",
    "text",
    "headers",
    "attachments",
    "organization",
    "organization_fields",
    "previous",
    "tone",
)


@dataclass(frozen=True, slots=True)
class Theirs:
    """Everything that is of a contact: with all who went into them."""

    contacts: tuple[int, ...]
    identities: tuple[int, ...]
    addresses: tuple[str, ...]
    conversations: tuple[int, ...]
    elsewhere: tuple[int, ...]
    """Conversations of others in which they said something."""
    messages: tuple[int, ...]
    """All of their conversations, and their own in those of others."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How much would be removed; `live`: deliveries to them that are not settled, while which nothing can be."""

    addresses: int
    conversations: int
    messages: int
    files: int
    originals: int
    notes: int
    kept: int
    drafts: int
    live: int


def theirs(unit: Unit, id: ContactId) -> Theirs:
    """What is of them."""
    contacts = [int(id)]
    for one in contacts:  # grows while it is gone through: who went into those who went into them
        query = sa.select(t.contact.c.id).where(t.contact.c.merged_into_id == one)
        contacts += [row[0] for row in unit.execute(query) if row[0] not in contacts]
    i, m, g = t.identity.c, t.conversation.c, t.message.c
    known = unit.execute(sa.select(i.id, i.address).where(i.contact_id.in_(contacts)).order_by(i.id)).all()
    own = _ids(unit, sa.select(m.id).where(m.contact_id.in_(contacts)))
    said = sa.and_(g.contact_id.in_(contacts), g.conversation_id.not_in(own))
    elsewhere = _ids(unit, sa.select(g.conversation_id).where(said).distinct())
    messages = _ids(unit, sa.select(g.id).where(sa.or_(g.conversation_id.in_(own), said)))
    return Theirs(tuple(contacts), tuple(k[0] for k in known), tuple(k[1] for k in known), own, elsewhere, messages)


def counted(unit: Unit, of: Theirs) -> Counted:
    """How much that is."""
    arrivals = _arrivals(unit, of)
    d = t.delivery.c
    live = sa.select(d.id).where(_deliveries(of), d.state.in_(LIVE))
    return Counted(
        addresses=len(of.identities),
        conversations=len(of.conversations),
        messages=len(of.messages),
        files=_count(unit, t.attachment.c.message_id.in_(of.messages)),
        originals=len(arrivals),
        notes=_count(unit, t.person_note.c.contact_id.in_(of.contacts)),
        kept=_count(unit, t.kept_file.c.contact_id.in_(of.contacts)),
        drafts=_count(unit, t.draft.c.conversation_id.in_(of.conversations)),
        live=len(_ids(unit, live)),
    )


def forget(unit: Unit, of: Theirs, now: datetime) -> None:
    """Remove it. The rows that say so to readers are the caller's."""
    _messages(unit, of)
    _originals(unit, of)
    _sent(unit, of)
    _events(unit, of)
    _decided(unit, of)
    _beside(unit, of)
    _person(unit, of, now)


# -- what was said -----------------------------------------------------------------------------------------------------
def _messages(unit: Unit, of: Theirs) -> None:
    g, a = t.message.c, t.attachment.c
    nobody = ["", ""]
    with search.moving(unit, g.id.in_(of.messages)):
        blank: dict[str, Any] = {"subject": "", "text": "", "reply_text": "", "html": None, "key": "", "defects": []}
        mine = sa.update(t.message).where(g.id.in_(of.messages))
        unit.execute(mine.values(**blank, sender=nobody, to=[], cc=[], reply_to=[]))
        unit.execute(sa.update(t.edit).where(t.edit.c.message_id.in_(of.messages)).values(text=""))
        files = sa.select(a.id).where(a.message_id.in_(of.messages))
        unit.execute(sa.delete(t.collecting).where(t.collecting.c.attachment_id.in_(files)))
        gone = {"filename": "", "content_id": "", "remote": "", "state": "gone", "start": 0, "length": 0}
        unit.execute(sa.update(t.attachment).where(a.message_id.in_(of.messages)).values(**gone))
        _elsewhere(unit, of)
    unit.execute(sa.update(t.phone_call).where(t.phone_call.c.message_id.in_(of.messages)).values(number=""))
    unit.execute(sa.update(t.message_tone).where(t.message_tone.c.message_id.in_(of.messages)).values(words=[]))
    for keys in (t.message_key, t.awaited):
        unit.execute(sa.delete(keys).where(keys.c.message_id.in_(of.messages)))


def _elsewhere(unit: Unit, of: Theirs) -> None:
    """Their addresses among the recipients of what others said, wherever they take part."""
    g, p = t.message.c, t.participant.c
    among = sa.select(p.conversation_id).where(p.identity_id.in_(of.identities))
    query = sa.select(g.id, g.sender, g.to, g.cc, g.reply_to).where(g.conversation_id.in_(among))
    for id, *people in unit.execute(query.where(g.id.not_in(of.messages))).all():
        sender, *several = people
        kept = [[one for one in some if one[0] not in of.addresses] for some in several]
        mine = ["", ""] if sender and sender[0] in of.addresses else sender
        if [mine, *kept] != [sender, *several]:
            values = dict(zip(("to", "cc", "reply_to"), kept, strict=True))
            unit.execute(sa.update(t.message).where(g.id == id).values(sender=mine, **values))


def _arrivals(unit: Unit, of: Theirs) -> tuple[int, ...]:
    said = sa.select(t.message.c.arrival_id).where(t.message.c.id.in_(of.messages))
    edited = sa.select(t.edit.c.arrival_id).where(t.edit.c.message_id.in_(of.messages))
    written = sa.select(t.agent_words.c.arrival_id).where(t.agent_words.c.conversation_id.in_(of.conversations))
    return tuple(sorted({row[0] for q in (said, edited, written) for row in unit.execute(q) if row[0] is not None}))


def _originals(unit: Unit, of: Theirs) -> None:
    """The mail as it came. That it came, and under which key, stays: it must not enter a second time."""
    arrivals = _arrivals(unit, of)
    unit.execute(sa.delete(t.arrival_raw).where(t.arrival_raw.c.arrival_id.in_(arrivals)))
    unit.execute(sa.update(t.arrival).where(t.arrival.c.id.in_(arrivals)).values(blob=None))
    unit.execute(sa.update(t.fragment).where(t.fragment.c.arrival_id.in_(arrivals)).values(body=""))
    words = t.agent_words.c.conversation_id.in_(of.conversations)
    unit.execute(sa.update(t.agent_words).where(words).values(words=""))


# -- what was sent -----------------------------------------------------------------------------------------------------
def _deliveries(of: Theirs) -> sa.ColumnElement[bool]:
    """All of their conversations, and the screens of a bot's menu that they were shown."""
    d = t.delivery.c
    screens = sa.and_(d.message_id.is_(None), d.lane.in_(of.addresses))
    return sa.or_(d.conversation_id.in_(of.conversations), d.message_id.in_(of.messages), screens)


def _sent(unit: Unit, of: Theirs) -> None:
    """The frozen bytes, and to whom; that something went out, when, and what became of it stays."""
    d, r = t.delivery.c, t.recipient.c
    ids = _ids(unit, sa.select(d.id).where(_deliveries(of)))
    bodies = t.delivery_body.c.message_id.in_(of.messages)
    unit.execute(sa.delete(t.delivery_body).where(bodies))
    unit.execute(sa.delete(t.screen_body).where(t.screen_body.c.delivery_id.in_(ids)))
    for id in ids:
        values = {"lane": f"forgotten:{id}", "recipients": [], "key": "", "digest": "", "error": "", "receipt": ""}
        unit.execute(sa.update(t.delivery).where(d.id == id).values(**values))
    found = unit.execute(sa.select(r.delivery_id, r.address).where(r.delivery_id.in_(ids))).all()
    for number, (id, address) in enumerate(found):
        mine = (r.delivery_id == id, r.address == address)
        unit.execute(sa.update(t.recipient).where(*mine).values(address=f"forgotten:{number}", text=""))


# -- what is told of it ------------------------------------------------------------------------------------------------
def _events(unit: Unit, of: Theirs) -> None:
    e = t.event.c
    matters = (*of.conversations, *of.elsewhere)
    query = sa.select(e.id, e.conversation_id, e.kind, e.actor_kind, e.actor_id, e.actor_name, e.payload)
    for row in unit.execute(query.where(e.conversation_id.in_(matters))).all():
        whole = row.conversation_id in of.conversations
        own = row.actor_kind == "contact" and row.actor_id in of.contacts
        said = row.payload.get("message") in of.messages
        payload = redacted(row.kind, row.payload, of.addresses, all_of_it=whole or own or said)
        name = "" if row.actor_kind == "contact" and (whole or own) else row.actor_name
        if (payload, name) != (row.payload, row.actor_name):
            unit.execute(sa.update(t.event).where(e.id == row.id).values(payload=payload, actor_name=name))
    for id in matters:
        now = events.projected(unit, ConversationId(id))
        values = {"subject": now.subject, "excerpt": now.excerpt, "fields": [list(pair) for pair in now.fields]}
        unit.execute(sa.update(t.conversation).where(t.conversation.c.id == id).values(**values))


def redacted(kind: str, payload: Mapping[str, Any], addresses: Sequence[str], *, all_of_it: bool) -> dict[str, Any]:
    """A payload without words and addresses of people: all, or what names one of these addresses. What is counted stays."""
    made = dict(payload)
    for name in _WORDS:
        if name in made and (all_of_it or made[name] in addresses):
            made[name] = ""
    if all_of_it:
        if "joined_by" in made:
            made["joined_by"] = str(made["joined_by"]).partition(" ")[0]
        if kind == "field_set":
            made["value"] = None
        if kind == "chosen":
            made["value"] = ""
        if kind in ("handed_up", "excused"):
            made["reason"] = ""  # in an agent's words
        if kind in ("undone", "taken_over"):
            made.pop("fields", None)
    return made


def _decided(unit: Unit, of: Theirs) -> None:
    """A decision keeps its number, its rules and what they did; what they saw of people goes."""
    c = t.decision.c
    mine = sa.or_(c.conversation_id.in_(of.conversations), c.message_id.in_(of.messages))
    for id, body in unit.execute(sa.select(c.id, c.body).where(mine)).all():
        unit.execute(sa.update(t.decision).where(c.id == id).values(body=_blind(body)))


def _blind(body: str) -> str:
    table = _unseen(json.loads(body)) if body else {}
    facts = table.get("facts")
    if isinstance(facts, dict):
        for name in _FACTS:
            facts.pop(name, None)
        for part in ("contact", "conversation"):
            facts.get(part, {}).pop("fields", None)
    return json.dumps(table, ensure_ascii=False, separators=(",", ":")) if body else ""


def _unseen(value: Any) -> Any:
    """Without the words that conditions found."""
    if isinstance(value, dict):
        return {name: "" if name == "seen" and isinstance(one, str) else _unseen(one) for name, one in value.items()}
    return [_unseen(one) for one in value] if isinstance(value, list) else value


def _beside(unit: Unit, of: Theirs) -> None:
    """What stands beside conversations: drafts, tasks, comments, cards at desks, threads of chats, what other programs were told."""
    here = of.conversations
    unit.execute(sa.delete(t.draft).where(t.draft.c.conversation_id.in_(here)))
    unit.execute(sa.update(t.task).where(t.task.c.conversation_id.in_(here)).values(text="", phone="", wish=""))
    unit.execute(sa.update(t.survey).where(t.survey.c.contact_id.in_(of.contacts)).values(comment=""))
    cards = sa.select(t.card.c.id).where(t.card.c.conversation_id.in_(here))
    unit.execute(sa.update(t.post).where(t.post.c.card_id.in_(cards)).values(facts={}, shown=""))
    unit.execute(sa.update(t.card).where(t.card.c.conversation_id.in_(here)).values(title="", look=""))
    for id in _ids(unit, sa.select(t.thread.c.id).where(t.thread.c.conversation_id.in_(here))):
        unit.execute(sa.update(t.thread).where(t.thread.c.id == id).values(key=f"forgotten:{id}"))
    _owned(unit, of)
    references = _texts(unit, sa.select(t.conversation.c.reference).where(t.conversation.c.id.in_(here)))
    _noticed(unit, references)
    w = t.webhook_call.c
    for reference in references:
        told = w.body.contains(f'"{reference}"', autoescape=True)
        unit.execute(sa.update(t.webhook_call).where(told, w.state == "queued").values(state="dropped"))
        unit.execute(sa.update(t.webhook_call).where(told).values(body="{}"))


def _noticed(unit: Unit, references: Sequence[str]) -> None:
    """What agents were told by bot of their conversations: such a post belongs to no card."""
    p, theirs = t.post.c, {f"#{reference}" for reference in references}
    for id, facts in unit.execute(sa.select(p.id, p.facts).where(p.card_id.is_(None), p.key == "desk.notice")).all():
        if facts.get("reference") in theirs:
            unit.execute(sa.update(t.post).where(p.id == id).values(facts={}, shown=""))


def _owned(unit: Unit, of: Theirs) -> None:
    """What they own is nobody's; what was told to many stays told, to nobody."""
    assets = _ids(unit, sa.select(t.asset.c.id).where(t.asset.c.contact_id.in_(of.contacts)))
    unit.execute(sa.delete(t.asset_document).where(t.asset_document.c.asset_id.in_(assets)))
    unit.execute(sa.update(t.asset_change).where(t.asset_change.c.asset_id.in_(assets)).values(what=[]))
    unit.execute(sa.update(t.asset).where(t.asset.c.id.in_(assets)).values(contact_id=None, notes=""))
    unit.execute(sa.delete(t.declined).where(t.declined.c.contact_id.in_(of.contacts)))
    told = t.broadcast_to.c.contact_id.in_(of.contacts)
    unit.execute(sa.update(t.broadcast_to).where(told).values(address=""))
    for id, audience in unit.execute(sa.select(t.broadcast.c.id, t.broadcast.c.audience)).all():
        pasted = audience.get("addresses", ())
        kept = [one for one in pasted if one not in of.addresses and one.partition(":")[2] not in of.addresses]
        if len(kept) != len(pasted):
            changed = {**audience, "addresses": kept}
            unit.execute(sa.update(t.broadcast).where(t.broadcast.c.id == id).values(audience=changed))


# -- who they are ------------------------------------------------------------------------------------------------------
def _person(unit: Unit, of: Theirs, now: datetime) -> None:
    c, i = t.contact.c, t.identity.c
    for column in (
        t.person_note.c.contact_id,
        t.kept_file.c.contact_id,
        t.answering.c.contact_id,
        t.sight.c.contact_id,
    ):
        unit.execute(sa.delete(column.table).where(column.in_(of.contacts)))
    for column in (t.proof.c.identity_id, t.entry_letter.c.identity_id, t.customer_session.c.identity_id):
        unit.execute(sa.delete(column.table).where(column.in_(of.identities)))
    unit.execute(sa.delete(t.blocked).where(t.blocked.c.identity_id.in_(of.identities)))
    m, a = t.contact_merge.c, t.contact_apart.c
    unit.execute(sa.delete(t.contact_merge).where(sa.or_(m.kept_id.in_(of.contacts), m.gone_id.in_(of.contacts))))
    unit.execute(sa.delete(t.contact_apart).where(sa.or_(a.one_id.in_(of.contacts), a.other_id.in_(of.contacts))))
    blank: dict[str, Any] = {
        "name": "",
        "language": None,
        "organization_id": None,
        "tags": [],
        "role": "",
        "fields": [],
    }
    sights = sa.update(t.audit).where(t.audit.c.act.in_(("sight_given", "sight_taken")))
    for name in _texts(unit, sa.select(c.name).where(c.id.in_(of.contacts), c.name != "")):
        unit.execute(sights.where(t.audit.c.name == name).values(name=f"#{of.contacts[0]}"))
    with search.renaming(unit, *map(ContactId, of.contacts)):
        unit.execute(sa.update(t.contact).where(c.id.in_(of.contacts)).values(**blank, forgotten_at=now))
        for id in of.identities:
            free = {"address": f"forgotten:{id}", "name": "", "verified_at": None, "unreachable": "forgotten"}
            unit.execute(sa.update(t.identity).where(i.id == id).values(**free))


def _ids(unit: Unit, query: sa.Select[tuple[int]]) -> tuple[int, ...]:
    return tuple(row[0] for row in unit.execute(query))


def _texts(unit: Unit, query: sa.Select[tuple[str]]) -> tuple[str, ...]:
    return tuple(row[0] for row in unit.execute(query))


def _count(unit: Unit, where: sa.ColumnElement[bool]) -> int:
    return int(unit.execute(sa.select(sa.func.count()).where(where)).scalar_one())
