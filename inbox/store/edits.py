"""What senders made of their messages later: each edit a row beside the message, which itself never changes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.ids import ArrivalId, MessageId
from inbox.domain.messages import Message, Version
from inbox.store import search
from inbox.store.prepared import PreparedAmong
from inbox.store.tables import edit
from inbox.store.unit import Unit

MOST = 500
"""Edits that are read at a time, the newest."""

WHOLE = 2**31 - 1
"""Characters that no text has."""

_C = edit.c


def add(
    unit: Unit,
    message: MessageId,
    arrival: ArrivalId,
    fingerprint: str,
    text: str,
    edited_at: datetime | None,
    now: datetime,
) -> bool:
    """Keep the new words; False where this very edit is here already."""
    values = {"arrival_id": arrival, "text": text, "edited_at": edited_at, "at": now}
    with search.moving(unit, search.of([message])):
        return unit.insert_new(edit, message_id=message, fingerprint=fingerprint, **values)


_OF = PreparedAmong(
    lambda ids: (
        sa.select(_C.message_id, _C.at, _C.edited_at, sa.func.substr(_C.text, 1, sa.bindparam("longest")))
        .where(_C.message_id.in_(ids))
        .order_by(_C.id.desc())
        .limit(MOST)
    )
)


def of(unit: Unit, messages: Sequence[MessageId], longest: int | None = None) -> list[Version]:
    """What became of these messages, oldest first; of each text at most `longest` characters."""
    if not messages:
        return []
    statement, among = _OF.of(messages)
    rows = unit.run(statement, longest=WHOLE if longest is None else longest, **among)
    return [Version(MessageId(r[0]), *r[1:]) for r in reversed(rows)]


def standing(unit: Unit, message: Message) -> Message:
    """A message with the words that its sender last gave it."""
    query = sa.select(_C.text).where(_C.message_id == message.id).order_by(_C.id.desc()).limit(1)
    text = unit.execute(query).scalar_one_or_none()
    return message if text is None else replace(message, text=text, reply_text=text, html=None)
