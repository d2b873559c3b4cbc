"""Whose words a conversation holds: of those who opened it, of others who wrote in it, of outsiders to whom it was passed on."""

from collections.abc import Sequence

import sqlalchemy as sa

from inbox.store import tables as t
from inbox.store.messages import OUTSIDE
from inbox.store.unit import Unit

_C, _P, _I, _M = t.conversation.c, t.participant.c, t.identity.c, t.message.c
_OUTSIDE = _M.purpose == sa.literal_column(f"'{OUTSIDE}'")
"""In letters, so that SQLite knows the index of them alone."""


def of(contacts: Sequence[int]) -> sa.ColumnElement[bool]:
    """Whether one of these people wrote in a conversation; never NULL."""
    wrote = sa.select(_P.identity_id).join_from(t.participant, t.identity, _I.id == _P.identity_id)
    answered = sa.select(_M.id).where(_M.conversation_id == _C.id, _OUTSIDE, _M.contact_id.in_(contacts))
    return sa.or_(
        _C.contact_id.in_(contacts),
        wrote.where(_P.conversation_id == _C.id, _I.contact_id.in_(contacts)).exists(),
        answered.exists(),
    )


def beside(unit: Unit, contacts: Sequence[int], beyond: int, most: int, *, back: bool) -> list[list[int]]:
    """The next conversations that one of these people wrote in, whoever opened them, and those in which they answered as
    outsiders: newest first from behind a conversation on (0: from the newest), with `back` the nearest before it."""
    whose = sa.select(_I.id).where(_I.contact_id.in_(contacts))
    wrote = sa.select(_P.conversation_id).where(_P.identity_id.in_(whose))
    answered = sa.select(_M.conversation_id).where(_OUTSIDE, _M.contact_id.in_(contacts))
    found = []
    for query, id in ((wrote, _P.conversation_id), (answered, _M.conversation_id)):
        behind = query.where(id > beyond if back else id < beyond) if back or beyond else query
        order = id if back else id.desc()
        found.append([int(row[0]) for row in unit.execute(behind.distinct().order_by(order).limit(most))])
    return found
