"""Organization-wide sight: which customers may see what others of their organization asked, and in whose matters they spoke.

The laws: nobody has it unless one of us gave it to them; it holds while they belong to the organization for which it was given; and
every read asks anew.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.ids import AgentId, ContactId, ConversationId, OrganizationId
from inbox.store.tables import colleague, contact, message, organization, sight
from inbox.store.unit import Unit

_S, _K, _C, _O = sight.c, colleague.c, contact.c, organization.c
_HOLDS = sa.and_(_C.id == _S.contact_id, _C.organization_id == _S.organization_id)


def give(unit: Unit, to: ContactId, whose: OrganizationId, by: AgentId, now: datetime) -> bool:
    """They see what this organization asks from now on; False where they do already."""
    if sees(unit, to) == whose:
        return False
    take(unit, to)
    unit.add(sight, {"contact_id": to, "organization_id": whose, "agent_id": by, "at": now})
    return True


def take(unit: Unit, whose: ContactId) -> bool:
    """They see their own again; False where they saw no more."""
    return unit.execute(sa.delete(sight).where(_S.contact_id == whose)).rowcount > 0


def moved(unit: Unit, who: ContactId, to: OrganizationId | None) -> None:
    """They belong to that organization now: what was given for another one is over, and does not come back with them."""
    other = sa.true() if to is None else _S.organization_id != to
    unit.execute(sa.delete(sight).where(_S.contact_id == who, other))


def sees(unit: Unit, who: ContactId) -> OrganizationId | None:
    """The organization that they see; None: their own matters alone."""
    found = unit.execute(sa.select(_theirs(who))).scalar()
    return None if found is None else OrganizationId(found)


def seeing(unit: Unit, among: Sequence[int]) -> frozenset[int]:
    """Those of these contacts who see what their organization asks."""
    theirs = sa.select(_S.contact_id).join_from(sight, contact, _HOLDS)
    rows = unit.execute(theirs.where(_S.contact_id.in_(list(among)))) if among else ()
    return frozenset(row[0] for row in rows)


def called(unit: Unit, who: ContactId) -> str:
    """What the organization that they see is called; empty for none."""
    return str(unit.execute(sa.select(_O.name).where(_O.id == _theirs(who))).scalar() or "")


def speak(unit: Unit, who: ContactId, matter: ConversationId, now: datetime) -> None:
    """They speak in a matter of somebody else's, who reads from now on what they say there and what is said to them."""
    unit.insert_new(colleague, conversation_id=matter, contact_id=who, since=now)


def speaks(unit: Unit, who: ContactId, matter: ConversationId) -> bool:
    """Whether they spoke there by that right."""
    there = sa.select(_K.contact_id).where(_K.conversation_id == matter, _K.contact_id == who)
    return unit.execute(there).first() is not None


def within_sight(who: ContactId) -> sa.Select[tuple[int]]:
    """The contacts whose matters they see by that right: nobody's without it."""
    return sa.select(_C.id).where(_C.organization_id == _theirs(who))


def speakers() -> sa.Select[tuple[int]]:
    """Who spoke by that right in the conversation of a message by when it was said: what they said before, elsewhere, stays theirs."""
    here = (_K.conversation_id == message.c.conversation_id, _K.since <= message.c.at)
    return sa.select(_K.contact_id).where(*here).correlate(message)


def _theirs(who: ContactId) -> sa.ScalarSelect[int]:
    """The organization for which they were given it, while they belong to it."""
    given = sa.select(_S.organization_id).join_from(sight, contact, _HOLDS)
    return given.where(_S.contact_id == who).correlate(None).scalar_subquery()
