"""Finding conversations by a query: within the scope, the newest first, a bounded number of candidates whatever is asked.

Streams give candidates in the same order: messages that say the words, and the conversations of contacts who are called so,
or who wrote in them where the query asks for that; without either all conversations are candidates. Each chunk of them is held
against scope and filters in one statement, and at the limit the page says so and can be gone on with: no query costs more the
more there is in the store.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import sqlalchemy as sa

from inbox.domain.scope import Scope
from inbox.store import tables as t
from inbox.store import taking_part, words
from inbox.store.scoped import within
from inbox.store.sought import Sought
from inbox.store.unit import Unit
from inbox.text.queries import Word
from inbox.text.references import normalise

MESSAGES, CHUNK = 1_000, 200
"""Messages, and conversations of one contact, that are fetched at a time."""
LOOKED = 8_000
"""Messages that are looked at for one page, where words lead to them."""
WALK = 50_000
"""Conversations that are looked at for one page, where no word leads to them."""
CLOSE, ONE_BY_ONE = 2_000, 150
"""What must not be said: over so many numbers it is asked at once; else so many conversations are asked one by one."""
MANY = 1_000
"""Counting stops here."""

_C = t.conversation.c


@dataclass(frozen=True, slots=True)
class Found:
    """One page: conversations, each with the message in it that says the words (0 where none does). `on`: from where to go on
    behind the page, None at the end. `count`: how many there are; `whole`: exactly so many, else at least."""

    ids: tuple[int, ...]
    hits: dict[int, int]
    on: int | None
    count: int
    whole: bool


def find(unit: Unit, scope: Scope, asked: Sought, most: int, beyond: int = 0, *, back: bool = False) -> Found:
    """The page behind a conversation (0: the first), or with `back` the one before it, both newest first."""
    conditions = [*within(scope), _C.merged_into_id.is_(None), *asked.conditions]
    if asked.contacts is not None:
        conditions.append(taking_part.of(asked.contacts))
    led = bool(asked.wanted) or asked.contacts is not None
    ids: list[int] = []
    said: dict[int, int] = {}
    count, looked = 0, 0
    for stretch in _led(unit, scope, asked, beyond, back) if led else _walk(unit, conditions, beyond, back):
        passed = _passing(unit, stretch.of, conditions) if led else list(stretch.of)
        ends = stretch.ends
        if asked.unwanted and len(ids) <= most:
            passed, cut = _without(unit, scope, passed, asked.unwanted)
            ends = ends if cut is None else cut
        count += len(passed)
        ids += passed[: most + 1 - len(ids)]
        said |= {id: stretch.of[id] for id in passed if id in ids}
        looked += stretch.looked
        if ends is None:
            return _page(ids, said, most, None, count, True, back)
        if ends != stretch.ends or looked >= LOOKED or (len(ids) > most and (beyond or count >= MANY)):
            break
    return _page(ids, said, most, ends, count, False, back)


def _page(
    ids: Sequence[int], said: dict[int, int], most: int, last: int | None, count: int, whole: bool, back: bool
) -> Found:
    shown = tuple(ids[:most])
    on = shown[-1] if len(ids) > most else last
    return Found(
        shown[::-1] if back else shown, {id: said[id] for id in shown}, on, min(count, MANY), whole and count <= MANY
    )


def _without(unit: Unit, scope: Scope, passed: list[int], unwanted: Sequence[Word]) -> tuple[list[int], int | None]:
    """Those in which nothing says any of this; and where it was given up, the last that was looked at. Conversations that stand
    close together are asked at once, others one by one."""
    if not passed:
        return passed, None
    if max(passed) - min(passed) < CLOSE:
        said = words.between(unit, unwanted, min(passed), max(passed), notes=scope.notes)
        return [id for id in passed if id not in said], None
    some = passed[:ONE_BY_ONE]
    clean = [id for id in some if not words.between(unit, unwanted, id, id, notes=scope.notes)]
    return clean, some[-1] if len(passed) > ONE_BY_ONE else None


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Conversations in the order of the page, each with the message that leads to it. `ends`: how far it reaches, None where
    nothing stands behind it; `looked`: how much was looked at for it."""

    of: dict[int, int]
    ends: int | None
    looked: int


def _led(unit: Unit, scope: Scope, asked: Sought, beyond: int, back: bool) -> Iterator[_Stretch]:
    """Where words or people lead: one stretch after the other, as far as all of its streams have come."""
    called = words.contacts(unit, asked.wanted, words.PEOPLE) if asked.wanted else list(asked.contacts or ())
    named = _references(unit, asked)
    while True:
        hits = words.Hits({}, 0, full=False)
        if asked.wanted:
            hits = words.hits(unit, asked.wanted, MESSAGES, beyond, back=back, notes=scope.notes)
        theirs = [_of_contact(unit, contact, beyond, back) for contact in called]
        if asked.contacts and not asked.wanted:
            theirs += taking_part.beside(unit, asked.contacts, beyond, CHUNK, back=back)
        cut = [hits.last] if hits.full else []
        cut += [ids[-1] for ids in theirs if len(ids) == CHUNK]
        ends = (min(cut) if back else max(cut)) if cut else None
        found = {**dict.fromkeys(chain(named, *theirs), 0), **hits.of}
        inside = {id: found[id] for id in sorted(found, reverse=not back) if _inside(id, beyond, ends, back)}
        yield _Stretch(inside, ends, MESSAGES)
        beyond = ends or 0


def _walk(unit: Unit, conditions: Sequence[sa.ColumnElement[bool]], beyond: int, back: bool) -> Iterator[_Stretch]:
    """Without words: conversations in their order, so many numbers at a time."""
    highest = int(unit.execute(sa.select(sa.func.coalesce(sa.func.max(_C.id), 0))).scalar_one())
    start = beyond or highest + 1
    while True:
        behind = (_C.id > start, _C.id <= start + WALK) if back else (_C.id < start, _C.id >= start - WALK)
        query = sa.select(_C.id).where(*behind, *conditions).order_by(_C.id if back else _C.id.desc()).limit(MANY + 1)
        found = [int(row[0]) for row in unit.execute(query)]
        start = found[-1] if len(found) > MANY else start + WALK if back else start - WALK
        over = start >= highest if back else start <= 1
        yield _Stretch(dict.fromkeys(found, 0), None if over else start, LOOKED)


def _inside(id: int, beyond: int, ends: int | None, back: bool) -> bool:
    """Whether a conversation lies in the stretch from one to another."""
    if back:
        return id > beyond and (ends is None or id <= ends)
    return (not beyond or id < beyond) and (ends is None or id >= ends)


def _of_contact(unit: Unit, contact: int, beyond: int, back: bool) -> list[int]:
    """The next conversations of a contact."""
    query = sa.select(_C.id).where(_C.contact_id == contact)
    if back or beyond:
        query = query.where(_C.id > beyond if back else _C.id < beyond)
    return [int(row[0]) for row in unit.execute(query.order_by(_C.id if back else _C.id.desc()).limit(CHUNK))]


def _references(unit: Unit, asked: Sought) -> list[int]:
    """The conversation that a lone word names, or the one that it went into."""
    name = normalise(asked.wanted[0].text) if len(asked.wanted) == 1 else None
    if name is None:
        return []
    query = sa.select(sa.func.coalesce(_C.merged_into_id, _C.id)).where(_C.reference == name)
    return [int(row[0]) for row in unit.execute(query)]


def _passing(unit: Unit, chunk: dict[int, int], conditions: Sequence[sa.ColumnElement[bool]]) -> list[int]:
    met = {row[0] for row in unit.execute(sa.select(_C.id).where(_C.id.in_(list(chunk)), *conditions))}
    return [id for id in chunk if id in met]
