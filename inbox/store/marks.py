"""A mark in the store: how far ids have come, so that whoever marked knows what came after it in their transaction."""

from dataclasses import dataclass

import sqlalchemy as sa

from inbox.store.prepared import Prepared
from inbox.store.tables import contact, conversation
from inbox.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Mark:
    """The highest ids that a transaction sees; 0 where there is none. What others commit meanwhile it does not see."""

    conversation: int
    contact: int


_MARK = Prepared(
    sa.select(
        sa.select(sa.func.coalesce(sa.func.max(conversation.c.id), 0)).scalar_subquery().label("conversation"),
        sa.select(sa.func.coalesce(sa.func.max(contact.c.id), 0)).scalar_subquery().label("contact"),
    )
)


def mark(unit: Unit) -> Mark:
    """Where we are."""
    [row] = unit.run(_MARK)
    return Mark(int(row[0]), int(row[1]))
