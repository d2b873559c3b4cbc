"""Surveys: which matters nobody was asked about yet, what was asked of whom, and what they answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from inbox.domain.conversations import Conversation, State
from inbox.domain.ids import ContactId, ConversationId
from inbox.domain.measures import Surveyed
from inbox.domain.ratings import How, Survey
from inbox.store.prepared import Prepared
from inbox.store.tables import conversation, survey
from inbox.store.unit import Unit

_S, _C = survey.c, conversation.c


@dataclass(frozen=True, slots=True)
class Asked:
    """One survey in one conversation. `asked_at` None: nobody was asked, and `why` not, or not yet (`due_at`). `ends_at`: until when an
    answer is taken; `rated_at` None: there is none."""

    id: int
    kind: Survey
    conversation: ConversationId
    contact: ContactId
    why: str
    due_at: datetime | None
    asked_at: datetime | None
    ends_at: datetime | None
    score: int | None
    comment: str
    how: str
    rated_at: datetime | None

    def takes(self, now: datetime) -> bool:
        """Whether an answer is taken now."""
        return self.ends_at is not None and now < self.ends_at

    def answered_by_another(self, whose: ContactId) -> bool:
        """Whether what was answered are words of somebody whose matter it was before, which are not for whoever has it now."""
        return self.rated_at is not None and self.contact != whose


def closed(unit: Unit, kind: Survey, after: datetime, until: datetime, most: int = 50) -> list[ConversationId]:
    """Conversations that were done behind `after` and up to `until`, and of which no survey of that kind knows; old mail apart."""
    bounds = {"kind": kind.value, "after": after, "until": until, "most": most}
    return [ConversationId(row[0]) for row in unit.run(_CLOSED, **bounds)]


def planned(unit: Unit, now: datetime, most: int = 50) -> list[Asked]:
    """Those that are to be asked by now."""
    return [_asked(row) for row in unit.run(_PLANNED, now=now, most=most)]


def next_due(unit: Unit) -> datetime | None:
    """When the next one is to be asked."""
    found: datetime | None = unit.run(_NEXT)[0][0]
    return found


def add(unit: Unit, kind: Survey, matter: Conversation, why: str = "", due_at: datetime | None = None) -> int | None:
    """One is begun in a conversation: not to be asked (`why`), or asked later (`due_at`). None where there is one."""
    values = {"team_id": matter.team, "agent_id": matter.assignee, "channel": str(matter.channel)}
    new = unit.insert_new(
        survey, kind=kind.value, conversation_id=matter.id, contact_id=matter.contact, why=why, due_at=due_at, **values
    )
    found = of(unit, kind, matter.id) if new else None
    return None if found is None else found.id


def put(unit: Unit, id: int, **values: Any) -> None:
    """Some of it is another now, by column."""
    unit.execute(sa.update(survey).where(_S.id == id).values(**values))


def ask(unit: Unit, id: int, matter: Conversation, channel: str, now: datetime, ends_at: datetime) -> None:
    """It was asked over a channel; whose work it is about is settled then."""
    who = {"team_id": matter.team, "agent_id": matter.assignee, "channel": channel}
    put(unit, id, why="", due_at=None, asked_at=now, ends_at=ends_at, **who)


def rate(unit: Unit, id: int, score: int, comment: str, how: How, now: datetime) -> None:
    """It was answered; the latest counts."""
    put(unit, id, score=score, comment=comment, how=how, rated_at=now)


def of(unit: Unit, kind: Survey, matter: ConversationId) -> Asked | None:
    """The one of that kind in a conversation."""
    found = unit.run(_OF, kind=kind.value, matter=matter)
    return _asked(found[0]) if found else None


def one(unit: Unit, id: int) -> Asked | None:
    """By its number."""
    found = unit.run(_ONE, id=id) if id.bit_length() < 63 else []
    return _asked(found[0]) if found else None


def latest_open(unit: Unit, now: datetime) -> Asked | None:
    """What was asked last of all that an answer is taken to."""
    query = _FIELDS.where(_S.ends_at > now, _S.asked_at.is_not(None)).order_by(_S.asked_at.desc(), _S.id.desc())
    row = unit.execute(query.limit(1)).first()
    return None if row is None else _asked(tuple(row))


def last_asked(unit: Unit, contact: ContactId) -> Mapping[Survey, datetime]:
    """When a contact was last asked each kind, on whatever conversation."""
    return {Survey(kind): at for kind, at in unit.run(_LAST, contact=contact) if at is not None}


def has_planned(unit: Unit, contact: ContactId) -> bool:
    """Whether one is to be asked of them later."""
    return bool(unit.run(_COMING, contact=contact))


_FIELDS = sa.select(
    _S.id,
    _S.kind,
    _S.conversation_id,
    _S.contact_id,
    _S.why,
    _S.due_at,
    _S.asked_at,
    _S.ends_at,
    _S.score,
    _S.comment,
    _S.how,
    _S.rated_at,
)
_MOST = sa.bindparam("most", type_=sa.Integer)
_KNOWN = sa.select(sa.literal(1)).where(_S.conversation_id == _C.id, _S.kind == sa.bindparam("kind")).exists()
_CLOSED = Prepared(
    sa.select(_C.id)
    .where(
        _C.done_at > sa.bindparam("after", type_=_C.done_at.type),
        _C.done_at <= sa.bindparam("until", type_=_C.done_at.type),
        _C.state == State.DONE.value,
        _C.merged_into_id.is_(None),
        _C.history == sa.false(),
        ~_KNOWN,
    )
    .order_by(_C.done_at, _C.id)
    .limit(_MOST)
)
_PLANNED = Prepared(
    _FIELDS.where(_S.due_at <= sa.bindparam("now", type_=_S.due_at.type)).order_by(_S.due_at, _S.id).limit(_MOST)
)
_NEXT = Prepared(sa.select(sa.func.min(_S.due_at)).where(_S.due_at.is_not(None)))
_OF = Prepared(_FIELDS.where(_S.conversation_id == sa.bindparam("matter"), _S.kind == sa.bindparam("kind")))
_ONE = Prepared(_FIELDS.where(_S.id == sa.bindparam("id")))
_LAST = Prepared(
    sa.select(_S.kind, sa.func.max(_S.asked_at)).where(_S.contact_id == sa.bindparam("contact")).group_by(_S.kind)
)
_COMING = Prepared(sa.select(_S.id).where(_S.contact_id == sa.bindparam("contact"), _S.due_at.is_not(None)).limit(1))


def _asked(row: tuple[Any, ...]) -> Asked:
    id, kind, matter, contact, *rest = row
    return Asked(id, Survey(kind), ConversationId(matter), ContactId(contact), *rest)


_SURVEYED = Prepared(
    sa.select(_S.kind, _S.agent_id, _S.asked_at, _S.rated_at, _S.score)
    .where(_S.conversation_id == sa.bindparam("matter"))
    .order_by(_S.id)
)


def surveyed(unit: Unit, matter: ConversationId) -> list[Surveyed]:
    """What became of each survey of a conversation."""
    return [Surveyed(*row) for row in unit.run(_SURVEYED, matter=matter)]
