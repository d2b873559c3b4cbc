"""Rows that have been kept for as long as the site wants: found, counted, and taken away a handful at a time."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from inbox.domain.arrivals import Verdict
from inbox.store import tables as t
from inbox.store.unit import Unit

Where = sa.ColumnElement[bool]
_OVER = ("done", "spam")
OLD = "ignored.retained_no_longer"
"""Why what was in quarantine is there no more."""


def count(unit: Unit, kind: str, before: datetime) -> int:
    """How many of a kind would go now."""
    column, where = _FOUND[kind](before)
    return int(unit.execute(sa.select(sa.func.count(column)).where(where)).scalar_one())


def take_away(unit: Unit, kind: str, before: datetime, most: int) -> int:
    """The oldest of a kind go; how many. The bytes of files follow when nothing refers to them."""
    column, where = _FOUND[kind](before)
    found = [row[0] for row in unit.execute(sa.select(column).where(where).order_by(column).limit(most))]
    if found:
        _TAKEN[kind](unit, found)
    return len(found)


# -- which ---------------------------------------------------------------------------------------------------------------
def _whole() -> Where:
    """The bytes are there still."""
    a = t.arrival.c
    return sa.or_(a.blob.is_not(None), sa.exists().where(t.arrival_raw.c.arrival_id == a.id))


def _originals(before: datetime) -> tuple[Any, Where]:
    """Not those of conversations that are not over: who works on one may need a file that came with it."""
    a, m, c = t.arrival.c, t.message.c, t.conversation.c
    verdicts = [one.value for one in (Verdict.ACCEPTED, Verdict.DUPLICATE, Verdict.IGNORED)]
    going_on = sa.exists().where(m.arrival_id == a.id, c.id == m.conversation_id, c.state.not_in(_OVER))
    edited = sa.exists().where(
        t.edit.c.arrival_id == a.id,
        m.id == t.edit.c.message_id,
        c.id == m.conversation_id,
        c.state.not_in(_OVER),
    )
    return a.id, sa.and_(a.judged_at < before, a.verdict.in_(verdicts), _whole(), ~going_on, ~edited)


def _quarantined(before: datetime) -> tuple[Any, Where]:
    a = t.arrival.c
    return a.id, sa.and_(a.verdict == Verdict.QUARANTINED.value, a.judged_at < before)


def _audit(before: datetime) -> tuple[Any, Where]:
    return t.audit.c.id, t.audit.c.at < before


_FOUND: dict[str, Callable[[datetime], tuple[Any, Where]]] = {
    "originals": _originals,
    "quarantined": _quarantined,
    "audit": _audit,
}


# -- away ----------------------------------------------------------------------------------------------------------------
def _bytes(unit: Unit, found: list[int]) -> None:
    """That it came, and under which key, stays: it must not enter a second time. Files are parts of the original."""
    m, f = t.message.c, t.attachment.c
    messages = sa.select(m.id).where(m.arrival_id.in_(found))
    gone = sa.update(t.attachment).where(f.message_id.in_(messages), f.state == "here")
    unit.execute(gone.values(state="gone", start=0, length=0))
    unit.execute(sa.delete(t.arrival_raw).where(t.arrival_raw.c.arrival_id.in_(found)))
    unit.execute(sa.update(t.arrival).where(t.arrival.c.id.in_(found)).values(blob=None))
    unit.execute(sa.update(t.fragment).where(t.fragment.c.arrival_id.in_(found)).values(body=""))


def _put_aside(unit: Unit, found: list[int]) -> None:
    _bytes(unit, found)
    over = {"verdict": Verdict.IGNORED.value, "reason": OLD}
    unit.execute(sa.update(t.arrival).where(t.arrival.c.id.in_(found)).values(**over))


def _lines(unit: Unit, found: list[int]) -> None:
    unit.execute(sa.delete(t.audit).where(t.audit.c.id.in_(found)))


_TAKEN: dict[str, Callable[[Unit, list[int]], None]] = {
    "originals": _bytes,
    "quarantined": _put_aside,
    "audit": _lines,
}
