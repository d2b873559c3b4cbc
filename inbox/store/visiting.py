"""Customers on the portal: how they come in, whose session it is, and the list of what is theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from inbox.domain.conversations import State
from inbox.domain.ids import ContactId, ConversationId, IdentityId
from inbox.domain.messages import Direction
from inbox.domain.people import Contact, Identity
from inbox.domain.scope import Scope
from inbox.store import people, sights
from inbox.store.outward import outward
from inbox.store.scoped import within
from inbox.store.tables import conversation, customer_session, entry_letter, identity, message
from inbox.store.unit import Unit

SESSION_LASTS = timedelta(days=30)

_L, _S, _I, _C, _M = entry_letter.c, customer_session.c, identity.c, conversation.c, message.c


@dataclass(frozen=True, slots=True)
class Letter:
    """A link and a code on their way to an address."""

    id: int
    identity: IdentityId
    salt: str
    code: str
    guesses: int


@dataclass(frozen=True, slots=True)
class Customer:
    """Who came in, and by which of their addresses. `sees`: what the organization is called whose matters they may see; empty: none."""

    contact: Contact
    identity: Identity
    sees: str = ""


# -- coming in ---------------------------------------------------------------------------------------------------------
def unanswered(unit: Unit, whose: IdentityId, since: datetime) -> int:
    """How many letters went to an address since then that nobody has used."""
    query = sa.select(sa.func.count()).where(_L.identity_id == whose, _L.at > since, _L.used_at.is_(None))
    return int(unit.execute(query).scalar_one())


def add_letter(
    unit: Unit, whose: IdentityId, digests: tuple[str, str, str], salt: str, now: datetime, expires_at: datetime
) -> None:
    """A letter goes out. `digests`: of its link, of the browser that asked for it, of its code."""
    link, browser, code = digests
    letter = {"identity_id": whose, "link": link, "browser": browser, "salt": salt, "code": code}
    unit.add(entry_letter, {**letter, "at": now, "expires_at": expires_at})


def letter_of(unit: Unit, browser: str, now: datetime) -> Letter | None:
    """The good letter for which a browser asked; its row stays locked."""
    return _letter(unit, _L.browser == browser, now)


def letter_by_link(unit: Unit, link: str, now: datetime) -> Letter | None:
    """The good letter that holds a link; its row stays locked."""
    return _letter(unit, _L.link == link, now)


def _letter(unit: Unit, which: sa.ColumnElement[bool], now: datetime) -> Letter | None:
    good = sa.select(_L.id, _L.identity_id, _L.salt, _L.code, _L.guesses).where(
        which, _L.used_at.is_(None), _L.expires_at > now
    )
    row = unit.execute(good.with_for_update()).first()
    return None if row is None else Letter(row[0], IdentityId(row[1]), *row[2:])


def guessed(unit: Unit, letter: Letter) -> None:
    """A wrong code was typed."""
    unit.execute(sa.update(entry_letter).where(_L.id == letter.id).values(guesses=letter.guesses + 1))


def spend(unit: Unit, letter: Letter, now: datetime) -> bool:
    """Use it up; False where it was used meanwhile."""
    once = sa.update(entry_letter).where(_L.id == letter.id, _L.used_at.is_(None))
    return unit.execute(once.values(used_at=now)).rowcount == 1


# -- who is in ---------------------------------------------------------------------------------------------------------
def begin(unit: Unit, digest: str, whose: IdentityId, now: datetime) -> None:
    """A session begins."""
    unit.add(
        customer_session,
        {"digest": digest, "identity_id": whose, "created_at": now, "expires_at": now + SESSION_LASTS},
    )


def customer(unit: Unit, digest: str, now: datetime) -> Customer | None:
    """Whose session it is: always the contact who has that address now."""
    query = sa.select(_I.kind, _I.address).join_from(customer_session, identity, _I.id == _S.identity_id)
    row = unit.execute(query.where(_S.digest == digest, _S.expires_at > now)).first()
    known = None if row is None else people.known(unit, *row)
    return None if known is None else Customer(*known, sights.called(unit, known[0].id))


def end(unit: Unit, digest: str) -> None:
    """They leave."""
    unit.execute(sa.delete(customer_session).where(_S.digest == digest))


def end_all(unit: Unit, contact: ContactId) -> int:
    """They leave everywhere; how many sessions there were."""
    theirs = sa.select(_I.id).where(_I.contact_id == contact)
    return unit.execute(sa.delete(customer_session).where(_S.identity_id.in_(theirs))).rowcount


def forget_expired(unit: Unit, before: datetime) -> int:
    """Remove letters and sessions that were over by then; how many rows."""
    tables = (entry_letter, customer_session)
    return sum(unit.execute(sa.delete(table).where(table.c.expires_at < before)).rowcount for table in tables)


# -- what is theirs ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Matter:
    """One conversation in a customer's list. `words`: the beginning of what was said first; `last_at`: when something was
    last said that they can see."""

    id: ConversationId
    reference: str
    subject: str
    words: str
    state: State
    ours: bool
    """It was we who spoke last."""
    opened_at: datetime | None
    last_at: datetime | None
    who: str = ""
    """Who asked, where it was somebody else of their organization."""


def matters(unit: Unit, scope: Scope, most: int, beyond: ConversationId | None = None) -> list[Matter]:
    """The conversations of a customer, those in which something was said last first of the newest `most`; `beyond`: older ones
    than that. With the scope of colleagues it is those of the others alone."""
    older = () if beyond is None else (_C.id < beyond,)
    others = (_C.contact_id != scope.contact,) if scope.colleagues else ()
    fields = (_C.id, _C.reference, _C.subject, _C.state, _C.opened_at, _C.contact_id)
    query = sa.select(*fields).where(*within(scope), _C.merged_into_id.is_(None), _C.version > 0, *older, *others)
    rows = unit.execute(query.order_by(_C.id.desc()).limit(most)).all()
    return [_matter(unit, scope, row) for row in rows]


def _matter(unit: Unit, scope: Scope, row: Sequence[Any]) -> Matter:
    id, reference, subject, state, opened_at, contact = row
    asker = people.contact(unit, ContactId(contact))
    seen = (_M.conversation_id == id, outward(asker.id, scope))
    first = sa.select(sa.func.substr(_M.text, 1, 200)).where(*seen).order_by(_M.at, _M.id).limit(1)
    last = sa.select(_M.at, _M.direction).where(*seen).order_by(_M.at.desc(), _M.id.desc()).limit(1)
    words, newest = unit.execute(first).scalar_one_or_none(), unit.execute(last).first()
    return Matter(
        ConversationId(id),
        reference,
        subject,
        words or "",
        State(state),
        newest is not None and newest[1] == Direction.OUTBOUND.value,
        opened_at,
        None if newest is None else newest[0],
        (asker.name or f"#{asker.id}") if scope.colleagues else "",
    )
