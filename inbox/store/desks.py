"""Desks as they stand: one row a group, or one a private chat of an agent; and how far their change feed was read."""

from collections.abc import Sequence

import sqlalchemy as sa

from inbox.domain.desks import Desk, DeskPlan
from inbox.domain.ids import AgentId, ChannelName, DeskId, EventId
from inbox.domain.people import Agent
from inbox.ports.wake import AGENTS
from inbox.store.tables import desk, event
from inbox.store.unit import Unit

_C = desk.c
_FIELDS = (_C.id, _C.name, _C.channel, _C.chat, _C.agent_id)


def of_plan(unit: Unit, plan: DeskPlan) -> Desk:
    """The desk of a plan, made on first sight: it shows what happens from then on. A chat that was changed is a new place."""
    row = unit.execute(sa.select(*_FIELDS).where(_C.name == plan.name, _C.owner == "")).first()
    if row is None:
        newest = unit.execute(sa.select(sa.func.coalesce(sa.func.max(event.c.id), 0))).scalar_one()
        id = unit.insert(desk, name=plan.name, owner="", seen=newest, channel=plan.channel, chat=plan.chat)
        return Desk(DeskId(id), plan.name, plan.channel, plan.chat)
    known = _desk(row)
    if (known.channel, known.chat) != (plan.channel, plan.chat):
        unit.execute(sa.update(desk).where(_C.id == known.id).values(channel=plan.channel, chat=plan.chat))
        return Desk(known.id, plan.name, plan.channel, plan.chat)
    return known


def of_agent(unit: Unit, plan: DeskPlan, agent: Agent, chat: str) -> Desk:
    """The private desk of an agent, made on first sight; `chat` is theirs."""
    mine = (_C.name == plan.name, _C.owner == agent.handle)
    row = unit.execute(sa.select(*_FIELDS).where(*mine)).first()
    if row is None:
        place = {"channel": plan.channel, "chat": chat, "agent_id": agent.id}
        id = DeskId(unit.insert(desk, name=plan.name, owner=agent.handle, **place))
        return Desk(id, plan.name, plan.channel, chat, agent.id)
    known = _desk(row)
    if known.chat != chat:
        unit.execute(sa.update(desk).where(_C.id == known.id).values(chat=chat))
        return Desk(known.id, known.name, known.channel, chat, agent.id)
    return known


def privates(unit: Unit, name: str) -> list[Desk]:
    """The private desks of a name."""
    query = sa.select(*_FIELDS).where(_C.name == name, _C.owner != "").order_by(_C.id)
    return [_desk(row) for row in unit.execute(query)]


def at_chat(unit: Unit, channel: ChannelName, chat: str) -> Desk | None:
    """The desk in that chat."""
    query = sa.select(*_FIELDS).where(_C.channel == channel, _C.chat == chat).order_by(_C.id.desc())
    row = unit.execute(query.limit(1)).first()
    return None if row is None else _desk(row)


def one(unit: Unit, id: DeskId) -> Desk:
    """One desk."""
    return _desk(unit.execute(sa.select(*_FIELDS).where(_C.id == id)).one())


def every(unit: Unit) -> list[Desk]:
    """All of them, by name."""
    return [_desk(row) for row in unit.execute(sa.select(*_FIELDS).order_by(_C.name, _C.owner))]


def seen(unit: Unit, id: DeskId) -> EventId:
    """The last event that was looked at for its cards."""
    return EventId(unit.execute(sa.select(_C.seen).where(_C.id == id)).scalar_one())


def is_behind(unit: Unit, name: str) -> bool:
    """Whether there is an event that was not looked at for the cards of a desk; none where the desk is new."""
    newer = sa.exists().where(event.c.id > _C.seen)
    return unit.execute(sa.select(_C.id).where(_C.name == name, _C.owner == "", newer)).first() is not None


def saw(unit: Unit, id: DeskId, upto: EventId) -> None:
    """Events up to here were looked at. Wakes AGENTS."""
    unit.execute(sa.update(desk).where(_C.id == id).values(seen=upto))
    unit.wake(AGENTS)


def _desk(row: Sequence[object]) -> Desk:
    id, name, channel, chat, agent = row
    whose = AgentId(agent) if isinstance(agent, int) else None
    return Desk(DeskId(int(str(id))), str(name), ChannelName(str(channel)), str(chat), whose)
