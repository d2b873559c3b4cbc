"""Report letters in rows: who wants which report how often, when each is due, and the last delivery of each."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from inbox.domain.ids import AgentId, ChannelName, DeliveryId, ReportLetterId
from inbox.domain.outgoing import FrozenPart, Purpose
from inbox.domain.report_letters import Every, ReportLetter, Subject
from inbox.ports.wake import outbox_of
from inbox.store.tables import delivery, recipient, report_letter, screen_body
from inbox.store.unit import Unit

_C, _D = report_letter.c, delivery.c
_ENDED = ("sent", "failed", "dropped", "cancelled")
_SUBJECT = ("report", "team", "channel", "tag", "organization", "hours")


def add(unit: Unit, whose: AgentId, subject: Subject, every: Every, at: time, due_at: datetime, now: datetime) -> int:
    """One more; its number."""
    values = {name: getattr(subject, name) for name in _SUBJECT}
    times = {"every": every.value, "at": f"{at:%H:%M}", "due_at": due_at, "created_at": now}
    return unit.insert(report_letter, agent_id=whose, **values, **times)


def every(unit: Unit, whose: AgentId | None = None) -> list[ReportLetter]:
    """All of them, or those of an agent, the oldest first."""
    query = _QUERY if whose is None else _QUERY.where(_C.agent_id == whose)
    return [_letter(row) for row in unit.execute(query.order_by(_C.id))]


def one(unit: Unit, id: ReportLetterId) -> ReportLetter | None:
    """The one of that number."""
    row = unit.execute(_QUERY.where(_C.id == id)).first()
    return None if row is None else _letter(row)


def due(unit: Unit, now: datetime) -> ReportLetter | None:
    """The one that has been due for longest."""
    row = unit.execute(_QUERY.where(_C.due_at <= now).order_by(_C.due_at, _C.id).limit(1)).first()
    return None if row is None else _letter(row)


def next_due(unit: Unit) -> datetime | None:
    """When the next one is."""
    found: datetime | None = unit.execute(sa.select(sa.func.min(_C.due_at))).scalar_one()
    return found


def move_on(unit: Unit, letter: ReportLetter, due_at: datetime, told: date | None, why: str) -> bool:
    """Its next one is due then; False where somebody else has seen to this one, or it was ended."""
    mine = sa.update(report_letter).where(_C.id == letter.id, _C.due_at == letter.due_at)
    values = {"due_at": due_at, "told": told.isoformat() if told else "", "why": why}
    return unit.execute(mine.values(**values)).rowcount == 1


def queue(unit: Unit, letter: ReportLetter, channel: ChannelName, part: FrozenPart, cause: str, now: datetime) -> None:
    """Put it into the outbox in the place of the one before it, which is forgotten when it has ended. Wakes the channel's outbox."""
    _forget(unit, letter.id)
    id = unit.insert(
        delivery,
        channel=channel,
        purpose=Purpose.REPORT.value,
        rank=Purpose.REPORT.rank,
        part=part.number,
        lane=part.lane,
        cause=cause,
        key=part.key,
        sender=part.sender,
        recipients=list(part.recipients),
        digest=hashlib.sha256(part.body).hexdigest(),
        not_before=now,
        created_at=now,
    )
    unit.add(screen_body, {"delivery_id": id, "body": part.body})
    unit.execute(sa.update(report_letter).where(_C.id == letter.id).values(delivery_id=id))
    unit.wake(outbox_of(channel))


def remove(unit: Unit, id: ReportLetterId) -> None:
    """No more of it. What is on its way still goes."""
    _forget(unit, id)
    unit.execute(sa.delete(report_letter).where(_C.id == id))


def _forget(unit: Unit, id: ReportLetterId) -> None:
    """The last delivery with its bytes, if nothing more becomes of it."""
    found = unit.execute(
        sa.select(_D.id)
        .join_from(report_letter, delivery, _D.id == _C.delivery_id)
        .where(_C.id == id, _D.state.in_(_ENDED))
    ).scalar()
    if found is None:
        return
    unit.execute(sa.update(report_letter).where(_C.id == id).values(delivery_id=None))
    unit.execute(sa.delete(screen_body).where(screen_body.c.delivery_id == found))
    unit.execute(sa.delete(recipient).where(recipient.c.delivery_id == found))
    unit.execute(sa.delete(delivery).where(_D.id == DeliveryId(found)))


_QUERY = sa.select(
    _C.id,
    _C.agent_id,
    *(_C[name] for name in _SUBJECT),
    _C.every,
    _C.at,
    _C.due_at,
    _C.told,
    _C.why,
    _D.created_at,
    _D.state,
).outerjoin_from(report_letter, delivery, _D.id == _C.delivery_id)


def _letter(row: Sequence[Any]) -> ReportLetter:
    id, agent, *subject, every, at, due_at, told, why, sent_at, state = row
    return ReportLetter(
        ReportLetterId(id),
        AgentId(agent),
        Subject(*subject),
        Every(every),
        time.fromisoformat(at),
        due_at,
        date.fromisoformat(told) if told else None,
        why,
        sent_at,
        state or "",
    )
