"""Conversation rows: the projection of the events, kept beside them so that lists are quick."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from inbox.domain.conversations import Conversation, Priority, State
from inbox.domain.ids import AgentId, ChannelName, ContactId, ConversationId, IdentityId, TeamId, ThreadId
from inbox.store.prepared import Prepared, PreparedAmong
from inbox.store.tables import conversation, event, message, participant, thread
from inbox.store.types import fixed
from inbox.store.unit import Unit, insert_ignore

_COLUMNS = {
    "contact": "contact_id",
    "organization": "organization_id",
    "assignee": "assignee_id",
    "team": "team_id",
    "follows": "follows_id",
    "merged_into": "merged_into_id",
    "answered_by": "answered_by_id",
    "contract": "contract_id",
}
_NAMES = tuple(f.name for f in fields(Conversation))
COLUMNS = tuple(conversation.c[_COLUMNS.get(name, name)] for name in _NAMES)
_FOUND = sa.select(*COLUMNS).where(conversation.c.id == sa.bindparam("id"))
_BY_ID = Prepared(_FOUND)
_LOCKED = Prepared(_FOUND.with_for_update())


def from_row(row: Any) -> Conversation:
    """A row of COLUMNS as the noun."""
    values = dict(zip(_NAMES, row, strict=True))
    values["state"] = State(values["state"])
    values["priority"] = Priority(values["priority"])
    for name in ("tags", "pinned"):
        values[name] = tuple(values[name])
    values["fields"] = tuple((n, v) for n, v in values["fields"])
    return Conversation(**values)


def _values(c: Conversation) -> dict[str, Any]:
    return {
        _COLUMNS.get(name, name): [list(p) for p in c.fields] if name == "fields" else getattr(c, name)
        for name in _NAMES
        if name != "id"
    }


@cache
def _drafting(dialect: str) -> Prepared:
    return Prepared(insert_ignore(dialect, conversation).returning(conversation.c.id))


def draft(unit: Unit, reference: str, channel: ChannelName, contact: ContactId) -> ConversationId | None:
    """A row to hang messages on, before its first event; None where the reference is taken already."""
    values = {"reference": reference, "channel": channel, "contact_id": contact, "tags": [], "fields": [], "pinned": []}
    new = unit.run(_drafting(unit.connection.dialect.name), **values)
    return ConversationId(new[0][0]) if new else None


_BY_ROW = Prepared(sa.update(conversation).where(conversation.c.id == sa.bindparam("row")))


def save(unit: Unit, c: Conversation, due_at: datetime | None, alarm_at: datetime | None) -> None:
    """Write the projection. `due_at`: the next instant by which we owe something, for lists; `alarm_at`: at which a rule that
    waits, or the end of a snooze, falls due."""
    unit.count(_BY_ROW, row=c.id, due_at=due_at, alarm_at=alarm_at, **_values(c))


def load(unit: Unit, id: ConversationId) -> Conversation:
    """One conversation, its row locked where the database locks rows: nobody else speaks until we commit."""
    return from_row(unit.run(_LOCKED, id=id)[0])


def present(unit: Unit, id: ConversationId) -> Conversation:
    """The conversation, or the one that it has gone into; locked."""
    found = load(unit, id)
    while found.merged_into is not None:
        found = load(unit, found.merged_into)
    return found


def peek(unit: Unit, id: ConversationId) -> Conversation:
    """One conversation, to look at."""
    return from_row(unit.run(_BY_ID, id=id)[0])


def ids(unit: Unit, after: ConversationId, most: int) -> list[ConversationId]:
    """The ids behind one, in order: a walk over everything, a few at a time."""
    c = conversation.c
    rows = unit.execute(sa.select(c.id).where(c.id > after, c.version > 0).order_by(c.id).limit(most))
    return [ConversationId(row[0]) for row in rows]


def by_reference(unit: Unit, reference: str) -> ConversationId | None:
    """The conversation that people call by this name."""
    found = unit.execute(sa.select(conversation.c.id).where(conversation.c.reference == reference)).scalar_one_or_none()
    return None if found is None else ConversationId(found)


def add_participant(
    unit: Unit, id: ConversationId, identity: IdentityId, now: datetime, *, opened: bool = False
) -> None:
    """This address takes part from now on; a second time changes nothing. `opened`: the conversation began with it."""
    unit.insert_new(participant, conversation_id=id, identity_id=identity, since=now, opened=opened)


def begun_by(unit: Unit, identity: IdentityId) -> list[ConversationId]:
    """The conversations that began with this address, oldest first; those that were merged into others are not among them."""
    p = participant.c
    query = sa.select(p.conversation_id).where(p.identity_id == identity, p.opened).order_by(p.conversation_id)
    return [ConversationId(row[0]) for row in unit.execute(query)]


def opener(unit: Unit, id: ConversationId) -> IdentityId | None:
    """The address with which a conversation began."""
    p = participant.c
    found = unit.execute(sa.select(p.identity_id).where(p.conversation_id == id, p.opened)).scalars().first()
    return None if found is None else IdentityId(found)


def latest_of(unit: Unit, identity: IdentityId) -> ConversationId | None:
    """The newest conversation in which this address takes part."""
    query = sa.select(sa.func.max(participant.c.conversation_id)).where(participant.c.identity_id == identity)
    found = unit.execute(query).scalar_one()
    return None if found is None else ConversationId(found)


_TAKES_PART = Prepared(
    sa.select(sa.literal(1)).where(
        participant.c.conversation_id == sa.bindparam("matter"), participant.c.identity_id == sa.bindparam("identity")
    )
)


def takes_part(unit: Unit, id: ConversationId, identity: IdentityId) -> bool:
    """Whether this address takes part."""
    return bool(unit.run(_TAKES_PART, matter=id, identity=identity))


def put_thread(unit: Unit, channel: ChannelName, key: str, id: ConversationId) -> ThreadId:
    """The network's container; it belongs to the conversation that it last spoke in."""
    if not unit.insert_new(thread, channel=channel, key=key, conversation_id=id):
        same = (thread.c.channel == channel, thread.c.key == key)
        unit.execute(sa.update(thread).where(*same).values(conversation_id=id))
    found = sa.select(thread.c.id).where(thread.c.channel == channel, thread.c.key == key)
    return ThreadId(unit.execute(found).scalar_one())


def of_thread(unit: Unit, channel: ChannelName, key: str) -> ConversationId | None:
    """The conversation that a container last spoke in."""
    query = sa.select(thread.c.conversation_id).where(thread.c.channel == channel, thread.c.key == key)
    found = unit.execute(query).scalar_one_or_none()
    return None if found is None else ConversationId(found)


def thread_of(unit: Unit, channel: ChannelName, key: str) -> ThreadId | None:
    """The container of that name, where there is one."""
    query = sa.select(thread.c.id).where(thread.c.channel == channel, thread.c.key == key)
    found = unit.execute(query).scalar_one_or_none()
    return None if found is None else ThreadId(found)


def rename_thread(unit: Unit, channel: ChannelName, old: str, new: str) -> None:
    """A container has another name from now on; where there is one of that name, the messages of the old go into it."""
    found = unit.execute(_THREADS, {"channel": channel, "keys": [old, new]})
    ids = {row[0]: row[1] for row in found}
    if old not in ids:
        return
    if new not in ids:
        unit.execute(sa.update(thread).where(thread.c.id == ids[old]).values(key=new))
        return
    unit.execute(sa.update(message).where(message.c.thread_id == ids[old]).values(thread_id=ids[new]))
    unit.execute(sa.delete(thread).where(thread.c.id == ids[old]))


_THREADS = sa.select(thread.c.key, thread.c.id).where(
    thread.c.channel == sa.bindparam("channel"), thread.c.key.in_(sa.bindparam("keys", expanding=True))
)


def thread_key(unit: Unit, id: ThreadId) -> str:
    """The network's name of a container."""
    return str(unit.execute(sa.select(thread.c.key).where(thread.c.id == id)).scalar_one())


def _ahead(*more: sa.ColumnElement[bool]) -> Prepared:
    c = conversation.c
    before = c.waiting_since.is_not(None), c.waiting_since <= sa.bindparam("at", type_=c.waiting_since.type)
    others = c.id != sa.bindparam("but")
    those = sa.select(sa.literal(1)).select_from(conversation).where(*before, others, *more).limit(1000).subquery()
    return Prepared(sa.select(sa.func.count()).select_from(those))


_QUEUE = _ahead()
_QUEUE_OF_TEAM = _ahead(conversation.c.team_id == sa.bindparam("team"))


def queue_length(unit: Unit, team: TeamId | None, at: datetime, but: ConversationId | None = None) -> int:
    """How many conversations (of a team, or all) have waited for an answer of ours since that instant or longer, one of them
    left out; counted up to 1,000, which is "many" for every purpose."""
    if team is None:
        return int(unit.run(_QUEUE, at=at, but=but or 0)[0][0])
    return int(unit.run(_QUEUE_OF_TEAM, at=at, but=but or 0, team=team)[0][0])


def _working(agents: Sequence[sa.BindParameter[Any]]) -> sa.Select[Any]:
    c = conversation.c
    mine = c.assignee_id.in_(agents), c.state == fixed(State.OPEN.value)
    there = c.merged_into_id.is_(None), c.id != sa.bindparam("but")
    return (
        sa.select(c.assignee_id, c.priority, sa.func.count()).where(*mine, *there).group_by(c.assignee_id, c.priority)
    )


_WORK = PreparedAmong(_working)


def open_work(unit: Unit, agents: tuple[AgentId, ...], but: ConversationId) -> dict[AgentId, dict[Priority, int]]:
    """How many conversations are open with each of these agents, by priority; one of them is left out."""
    found: dict[AgentId, dict[Priority, int]] = {}
    if not agents:
        return found
    statement, among = _WORK.of(agents)
    for agent, priority, count in unit.run(statement, **among, but=but):
        found.setdefault(AgentId(agent), {})[Priority(priority)] = count
    return found


_NAMING = Prepared(
    sa.select(event.c.kind, event.c.payload)
    .where(
        event.c.conversation_id == sa.bindparam("matter"),
        event.c.kind.in_([fixed(one) for one in ("opened", "linked", "split_off", "merged")]),
    )
    .order_by(event.c.version)
)


def related(unit: Unit, id: ConversationId) -> list[tuple[ConversationId, str]]:
    """The conversations that its events name, each with how: `follows`, `related`, `linked`, `split`, `merged`; in order."""
    found: dict[ConversationId, str] = {}
    for kind, told in unit.run(_NAMING, matter=id):
        for name in ("follows", "related", "other"):
            if told.get(name) is not None:
                how = name if kind == "opened" else "split" if "split" in (kind[:5], told.get("how")) else kind
                found[ConversationId(told[name])] = how
    return list(found.items())


def of_contact(unit: Unit, contact: ContactId) -> list[ConversationId]:
    """The conversations of a contact that stand for themselves, oldest first."""
    c = conversation.c
    query = sa.select(c.id).where(c.contact_id == contact, c.version > 0, c.merged_into_id.is_(None)).order_by(c.id)
    return [ConversationId(row[0]) for row in unit.execute(query)]
