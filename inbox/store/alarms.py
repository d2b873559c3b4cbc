"""Alarms: when time brings something about in a conversation, which time rules were looked at in which waiting episode, and
which steps of an escalation were done."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.ids import ConversationId
from inbox.store.tables import alarm, conversation, site
from inbox.store.unit import Unit

_C = conversation.c
_COUNTED = "alarms"
"""Under this name stands what the due instants were counted from."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A rule was looked at in the episode that began at that instant; `matched`: it did what it says."""

    rule: str
    episode: datetime
    matched: bool


def due(unit: Unit, now: datetime, most: int = 50) -> list[ConversationId]:
    """Conversations in which something falls due, the longest due first."""
    query = sa.select(_C.id).where(_C.alarm_at.is_not(None), _C.alarm_at <= now).order_by(_C.alarm_at, _C.id)
    return [ConversationId(row[0]) for row in unit.execute(query.limit(most))]


def next_due(unit: Unit) -> datetime | None:
    """When the next one does."""
    query = sa.select(sa.func.min(_C.alarm_at)).where(_C.alarm_at.is_not(None))
    found: datetime | None = unit.execute(query).scalar_one()
    return found


def set_next(unit: Unit, id: ConversationId, at: datetime | None) -> None:
    """When something falls due in a conversation next."""
    unit.execute(sa.update(conversation).where(_C.id == id).values(alarm_at=at))


def of(unit: Unit, id: ConversationId) -> tuple[Alarm, ...]:
    """What was looked at in a conversation."""
    query = sa.select(alarm.c.rule, alarm.c.episode, alarm.c.matched).where(alarm.c.conversation_id == id)
    return tuple(Alarm(*row) for row in unit.execute(query))


def put(unit: Unit, id: ConversationId, looked: Alarm, now: datetime) -> None:
    """A rule was looked at; a second time in the same episode changes nothing."""
    unit.insert_new(alarm, conversation_id=id, rule=looked.rule, episode=looked.episode, at=now, matched=looked.matched)


def count_anew(unit: Unit, terms: str, now: datetime) -> bool:
    """Have every conversation that is not over looked at once, where due instants were counted from other terms than these;
    whether that was so."""
    found = unit.execute(sa.select(site.c.value).where(site.c.name == _COUNTED)).scalar_one_or_none()
    if (found or "") == terms:
        return False
    if not unit.insert_new(site, name=_COUNTED, value=terms):
        unit.execute(sa.update(site).where(site.c.name == _COUNTED).values(value=terms))
    live = (_C.state.in_(("open", "waiting", "snoozed")), _C.merged_into_id.is_(None), _C.version > 0)
    unit.execute(sa.update(conversation).where(*live).values(alarm_at=now))
    return True
