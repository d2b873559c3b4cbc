"""A query answered whole: the rows of one page in their order, the words where they stand, and what could not be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from inbox.domain.conversations import State
from inbox.domain.scope import Scope
from inbox.store import finding, views
from inbox.store import tables as t
from inbox.store.sought import Sought, sought
from inbox.store.unit import Unit
from inbox.text.passages import LONGEST, Piece, marked, passage
from inbox.text.queries import Bad, Query

Cursor = views.Place | int
"""Where a page ends: a place in what is due, or the conversation itself in what was found."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of what was asked for.

    `after` and `before`: the cursors of the pages behind and before this one, None where there is none. `due_first`: in order of
    what is due, else the newest first. `whole`: there are exactly `count`, else at least so many.
    """

    rows: tuple[views.Row, ...]
    after: Cursor | None
    before: Cursor | None
    count: int
    whole: bool
    due_first: bool
    bad: tuple[Bad, ...] = ()
    subjects: Mapping[int, tuple[Piece, ...]] = field(default_factory=dict)
    """By conversation: its subject with what was found in it."""
    passages: Mapping[int, tuple[Piece, ...]] = field(default_factory=dict)
    """By conversation: the part of a message in which the words stand."""


def answer(
    unit: Unit,
    scope: Scope,
    query: Query,
    now: datetime,
    zone: ZoneInfo,
    *,
    most: int = 50,
    cursor: str = "",
    back: bool = False,
) -> Answer:
    """The page of a query behind a cursor (empty: the first), with `back` the one before it. ValueError for no cursor of ours."""
    asked = sought(unit, scope, query, now, zone)
    most = max(1, min(most, views.MOST - 1))
    if asked.due_first and asked.contacts is None:
        page: dict[str, Any] = {"most": most, "cursor": cursor, "back": back, "bad": asked.bad}
        return listed(unit, scope, asked.states, among=asked.conditions, **page)
    return _found(unit, scope, asked, most, _number(cursor), back)


def count(unit: Unit, scope: Scope, query: Query, now: datetime, zone: ZoneInfo, most: int = 100) -> int | None:
    """How many conversations a list of work has, `most` at most; None for a search, which nobody counts in passing."""
    asked = sought(unit, scope, query, now, zone)
    if not asked.due_first or asked.contacts is not None:
        return None
    return views.count(unit, scope, asked.states, asked.conditions, most)


def _number(cursor: str) -> int:
    number = int(cursor) if cursor else 0
    if not 0 <= number < 2**31:
        raise ValueError(f"no place among what was found: {cursor[:40]!r}")
    return number


def listed(
    unit: Unit,
    scope: Scope,
    states: Sequence[State],
    *,
    assignee: views.Assignee = "anybody",
    among: Sequence[sa.ColumnElement[bool]] = (),
    most: int = 50,
    cursor: str = "",
    back: bool = False,
    bad: tuple[Bad, ...] = (),
    counting: bool = True,
) -> Answer:
    """The page of a list of work, due soonest first, counted if asked to. ValueError for no place of ours."""
    place = views.Place.parse(cursor) if cursor else None
    asked: dict[str, Any] = {"states": states, "assignee": assignee, "among": among}
    rows = views.listing(unit, scope, **asked, most=most + 1, after=place, back=back)
    more = len(rows) > most
    shown = rows[-most:] if back else rows[:most]
    count = views.count(unit, scope, states, (*views.assigned(assignee), *among)) if counting else len(shown)
    first, last = (shown[0].place, shown[-1].place) if shown else (None, None)
    return Answer(
        tuple(shown),
        after=last if back or more else None,
        before=first if (more if back else place is not None) else None,
        count=count,
        whole=count < views.MANY,
        due_first=True,
        bad=bad,
    )


def _found(unit: Unit, scope: Scope, asked: Sought, most: int, beyond: int, back: bool) -> Answer:
    page = finding.find(unit, scope, asked, most, beyond, back=back)
    rows = views.rows(unit, scope, page.ids)
    ids = page.ids
    if back:
        after, before = (ids[-1] if ids else None), page.on
    else:
        after, before = page.on, (ids[0] if ids else None) if beyond else None
    said = _texts(unit, [page.hits[row.id] for row in rows if page.hits.get(row.id)]) if asked.wanted else {}
    return Answer(
        tuple(rows),
        after=after,
        before=before,
        count=page.count,
        whole=page.whole,
        due_first=False,
        bad=asked.bad,
        subjects={row.id: pieces for row in rows if (pieces := marked(row.subject, asked.wanted))},
        passages={
            row.id: pieces for row in rows if (pieces := passage(said.get(page.hits.get(row.id, 0), ""), asked.wanted))
        },
    )


def _texts(unit: Unit, ids: Sequence[int]) -> dict[int, str]:
    c = t.message.c
    text = sa.func.substr(sa.case((c.reply_text != "", c.reply_text), else_=c.text), 1, LONGEST)
    return {row[0]: row[1] for row in unit.execute(sa.select(c.id, text).where(c.id.in_(list(ids))))}
