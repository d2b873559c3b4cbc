"""Conversations that no article covers: done, answered by us, and no article had any part in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from inbox.domain.conversations import State
from inbox.domain.ids import ConversationId, TeamId
from inbox.domain.messages import Direction
from inbox.domain.scope import Scope
from inbox.store.scoped import within
from inbox.store.tables import article_part, conversation, message
from inbox.store.unit import Unit

LOOKED_AT = 1_000
"""The latest of them, at most; the page tells where there are more."""
AT_ONCE = 500
FIRST = 300
"""Characters of the first words where there is no subject."""
_C, _M = conversation.c, message.c


@dataclass(frozen=True, slots=True)
class Uncovered:
    """One of them; `asked`: its subject, else the first words of the customer."""

    id: ConversationId
    reference: str
    asked: str
    language: str
    tags: tuple[str, ...]
    team: TeamId | None
    department: str


def uncovered(unit: Unit, scope: Scope, since: datetime, most: int = LOOKED_AT) -> list[Uncovered]:
    """Those that were done since then and may be seen, the latest first; old mail that was brought in apart."""
    part = sa.exists().where(article_part.c.conversation_id == _C.id)
    query = (
        sa.select(_C.id, _C.reference, _C.subject, _C.language, _C.tags, _C.team_id, _C.fields)
        .where(
            _C.done_at >= since,
            sa.func.coalesce(_C.state, "") == State.DONE.value,  # by when they were done, and not by their state
            _C.replied_at.is_not(None),
            _C.merged_into_id.is_(None),
            _C.history == sa.false(),
            ~part,
            *within(scope),
        )
        .order_by(_C.done_at.desc(), _C.id.desc())
        .limit(most)
    )
    return told(unit, unit.execute(query).all())


def told(unit: Unit, rows: Sequence[Any]) -> list[Uncovered]:
    """Rows of conversations (id, reference, subject, language, tags, team_id, fields) with what was asked in them."""
    first = _first_words(unit, [row.id for row in rows if not row.subject.strip()])
    return [
        Uncovered(
            ConversationId(row.id),
            row.reference,
            row.subject.strip() or first.get(row.id, ""),
            row.language or "",
            tuple(row.tags),
            None if row.team_id is None else TeamId(row.team_id),
            _department(row.fields),
        )
        for row in rows
    ]


def _first_words(unit: Unit, ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for at in range(0, len(ids), AT_ONCE):
        some = (_M.conversation_id.in_(ids[at : at + AT_ONCE]), _M.direction == Direction.INBOUND.value)
        first = sa.select(sa.func.min(_M.id)).where(*some).group_by(_M.conversation_id)
        query = sa.select(_M.conversation_id, sa.func.substr(_M.text, 1, FIRST)).where(_M.id.in_(first))
        found |= {int(row[0]): str(row[1]) for row in unit.execute(query)}
    return found


def _department(fields: Sequence[tuple[str, str]]) -> str:
    """What a menu of departments, or somebody, put into the field of that name."""
    return dict(fields).get("department") or ""
