"""Pages: whom a rule calls to a conversation until somebody has it; the next step is a due instant of its row."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from inbox.domain.ids import AgentId, ConversationId, PageId
from inbox.store.tables import conversation, page, paged
from inbox.store.unit import Unit

_P = page.c


@dataclass(frozen=True, slots=True)
class Page:
    """One call. `whom`: as the rule says it; `step`: the next one. Acknowledged, what is left is to tell those who were called."""

    id: PageId
    conversation: ConversationId
    rule: str
    whom: tuple[str, ...]
    step: int
    at: datetime
    acknowledged_by: AgentId | None = None
    acknowledged_at: datetime | None = None
    gave_up_at: datetime | None = None


def begin(unit: Unit, matter: ConversationId, rule: str, whom: Sequence[str], now: datetime) -> bool:
    """Call them, also where it was given up before; False where this rule calls somebody there already, which goes on as it is."""
    fresh = {"whom": list(whom), "at": now, "due_at": now, "step": 0}
    if unit.insert_new(page, conversation_id=matter, rule=rule, **fresh):
        return True
    lost = (_P.conversation_id == matter, _P.rule == rule, _P.acknowledged_at.is_(None), _P.gave_up_at.is_not(None))
    return unit.execute(sa.update(page).where(*lost).values(gave_up_at=None, **fresh)).rowcount > 0


def due(unit: Unit, now: datetime, most: int = 50) -> list[Page]:
    """Those of which the next step has come, the longest due first."""
    return _found(unit, _P.due_at.is_not(None), _P.due_at <= now, order=(_P.due_at, _P.id), most=most)


def next_due(unit: Unit) -> datetime | None:
    """When the next step of any comes."""
    query = sa.select(sa.func.min(_P.due_at)).where(_P.due_at.is_not(None))
    found: datetime | None = unit.execute(query).scalar_one()
    return found


def waiting(unit: Unit, matter: ConversationId) -> list[Page]:
    """Those of a conversation that nobody has acknowledged, given up or not."""
    return _found(unit, _P.conversation_id == matter, _P.acknowledged_at.is_(None))


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A call that nobody answered: in which conversation, by which rule, since when it is given up."""

    reference: str
    subject: str
    rule: str
    since: datetime


def given_up(unit: Unit) -> list[Unanswered]:
    """The calls that nobody has answered yet, the oldest first."""
    c = conversation.c
    fields = (c.reference, c.subject, _P.rule, _P.gave_up_at)
    joined = sa.select(*fields).join_from(page, conversation, c.id == _P.conversation_id)
    here = joined.where(_P.gave_up_at.is_not(None), _P.acknowledged_at.is_(None))
    return [Unanswered(*row) for row in unit.execute(here.order_by(_P.gave_up_at, _P.id).limit(100))]


def called(unit: Unit, id: PageId) -> list[AgentId]:
    """Whom it has called so far."""
    query = sa.select(paged.c.agent_id).where(paged.c.page_id == id).order_by(paged.c.agent_id)
    return [AgentId(row[0]) for row in unit.execute(query)]


def call(unit: Unit, id: PageId, whom: Collection[AgentId], step: int, again: datetime) -> None:
    """They were called; `step` is the next one, at `again`."""
    for agent in whom:
        unit.insert_new(paged, page_id=id, agent_id=agent)
    _set(unit, [id], step=step, due_at=again)


def give_up(unit: Unit, id: PageId, now: datetime) -> None:
    """There is nobody left to call."""
    _set(unit, [id], due_at=None, gave_up_at=now)


def acknowledge(unit: Unit, ids: Sequence[PageId], agent: AgentId | None, now: datetime) -> None:
    """Somebody has it, or it is over by itself; those who were called are to be told at once."""
    _set(unit, ids, acknowledged_by=agent, acknowledged_at=now, due_at=now)


def rest(unit: Unit, id: PageId) -> None:
    """Nothing is left to do."""
    _set(unit, [id], due_at=None)


def move(unit: Unit, gone: ConversationId, into: ConversationId) -> None:
    """One conversation went into another: what a rule calls for in both is called for once, by the call that goes on where the
    other was given up. Who was called by either is told who has it."""
    there = {one.rule: one for one in waiting(unit, into)}
    for one in waiting(unit, gone):
        if (other := there.get(one.rule)) is not None:
            lost = other.gave_up_at is not None and one.gave_up_at is None
            _join(unit, *((other, one) if lost else (one, other)))
    unit.execute(sa.update(page).where(_P.conversation_id == gone).values(conversation_id=into))


def _join(unit: Unit, over: Page, kept: Page) -> None:
    for agent in called(unit, over.id):
        unit.insert_new(paged, page_id=kept.id, agent_id=agent)
    _set(unit, [over.id], acknowledged_at=over.at, due_at=None)


def _set(unit: Unit, ids: Sequence[PageId], **values: Any) -> None:
    unit.execute(sa.update(page).where(_P.id.in_(list(ids))).values(**values))


def _found(unit: Unit, *where: Any, order: Sequence[Any] = (_P.id,), most: int = 50) -> list[Page]:
    fields = (_P.id, _P.conversation_id, _P.rule, _P.whom, _P.step, _P.at, _P.acknowledged_by, _P.acknowledged_at)
    query = sa.select(*fields, _P.gave_up_at).where(*where).order_by(*order).limit(most)
    return [Page(r[0], r[1], r[2], tuple(r[3]), *r[4:]) for r in unit.execute(query)]
