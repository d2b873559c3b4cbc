"""Asking the index of words: which messages say all of these, the newest conversation first, a bounded number at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from inbox.domain.messages import Direction
from inbox.store import tables as t
from inbox.store.search import CONFIG, INDEX, SHIFT
from inbox.store.unit import Unit
from inbox.text.fold import ZWNJ, fold, words
from inbox.text.queries import Word

BEGUN = 64
"""Words with one beginning that are looked for, the first by the alphabet."""
PEOPLE = 50
"""Contacts of one name whose conversations are looked at, the newest."""
_MESSAGE = (1 << SHIFT) - 1
_VOCABULARY = sa.table("search_vocabulary", sa.column("term", sa.Text))
_FULL = sa.table("search", sa.column("search"), sa.column("rowid"))


@dataclass(frozen=True, slots=True)
class Hits:
    """The conversations in which messages say all of it, in the order of the page, each with the first such message; `last`:
    at which they end; `full`: there may be more behind it."""

    of: dict[int, int]
    last: int
    full: bool


def hits(
    unit: Unit, wanted: Sequence[Word], most: int, beyond: int = 0, *, back: bool = False, notes: bool = True
) -> Hits:
    """The next `most` messages that say all of these words, by conversation, the newest first, from behind a conversation on
    (0: from the newest). `back`: those before it, the nearest first. Without `notes` those are passed over."""
    if unit.connection.dialect.name == "sqlite":
        messages = _hits_of_rows(unit, wanted, most, beyond, back)
    else:
        messages = _hits_of_index(wanted, most, beyond, back)
    some = messages.subquery()
    c = some.c
    said = c.message if notes else sa.case((t.message.c.direction != Direction.NOTE.value, c.message))
    one = sa.func.min(said) if back else sa.func.max(said)
    query = sa.select(c.conversation, one, sa.func.count()).group_by(c.conversation)
    query = query if notes else query.join_from(some, t.message, t.message.c.id == c.message)
    found = unit.execute(query.order_by(c.conversation if back else c.conversation.desc())).all()
    last = found[-1][0] if found else 0
    return Hits({row[0]: row[1] for row in found if row[1] is not None}, last, sum(row[2] for row in found) == most)


def _hits_of_rows(unit: Unit, wanted: Sequence[Word], most: int, beyond: int, back: bool) -> sa.Select[Any]:
    number: sa.ColumnClause[int] = _FULL.c.rowid
    lowest = (beyond + 1) << SHIFT if back else 1
    highest = (1 << 63) - 1 if back or not beyond else beyond << SHIFT
    columns = (number.op(">>")(SHIFT).label("conversation"), number.op("&")(_MESSAGE).label("message"))
    query = sa.select(*columns).where(_matching(unit, wanted), number >= lowest, number < highest)
    return query.order_by(number if back else number.desc()).limit(most)


def _hits_of_index(wanted: Sequence[Word], most: int, beyond: int, back: bool) -> sa.Select[Any]:
    c = INDEX.c
    behind = c.conversation_id > beyond if back or not beyond else c.conversation_id < beyond
    order = (c.conversation_id, c.message_id) if back else (c.conversation_id.desc(), c.message_id.desc())
    columns = (c.conversation_id.label("conversation"), c.message_id.label("message"))
    query = sa.select(*columns).where(_matching_index(wanted), c.conversation_id > 0, behind)
    return query.order_by(*order).limit(most)


def contacts(unit: Unit, wanted: Sequence[Word], most: int) -> list[int]:
    """The contacts that are called all of this, the newest first."""
    if unit.connection.dialect.name == "sqlite":
        number: sa.ColumnClause[int] = _FULL.c.rowid
        query = sa.select(-number).where(_matching(unit, wanted), number < 0).order_by(number).limit(most)
    else:
        c = INDEX.c
        query = sa.select(c.message_id).where(_matching_index(wanted), c.conversation_id == 0)
        query = query.order_by(c.message_id.desc()).limit(most)
    return [int(row[0]) for row in unit.execute(query)]


def cut(unit: Unit, word: Word) -> bool:
    """Whether more words begin so than are looked for."""
    if not word.begun or unit.connection.dialect.name != "sqlite":
        return False
    return any(len(_endings(unit, form[-1])) == BEGUN for form in _forms(word))


def between(unit: Unit, any_of: Sequence[Word], first: int, last: int, *, notes: bool) -> set[int]:
    """In which conversations, of those from one number to another, any of this is said; without `notes` not by them."""
    found: set[int] = set()
    for word in any_of:
        if unit.connection.dialect.name == "sqlite":
            number: sa.ColumnClause[int] = _FULL.c.rowid
            inside = (number >= first << SHIFT, number < (last + 1) << SHIFT)
            columns = (number.op(">>")(SHIFT).label("conversation"), number.op("&")(_MESSAGE).label("message"))
            query = sa.select(*columns).where(_matching(unit, (word,)), *inside)
        else:
            c = INDEX.c
            columns = (c.conversation_id.label("conversation"), c.message_id.label("message"))
            query = sa.select(*columns).where(_matching_index((word,)), c.conversation_id.between(first, last))
        some = query.subquery()
        asked = sa.select(some.c.conversation).distinct()
        if not notes:
            said = t.message.c.direction != Direction.NOTE.value
            asked = asked.join(t.message, t.message.c.id == some.c.message).where(said)
        found |= {row[0] for row in unit.execute(asked)}
    return found


# -- as each database writes it ----------------------------------------------------------------------------------------
def _forms(word: Word) -> Iterator[list[str]]:
    """The ways in which a word may be written, each as the words that follow one another."""
    apart = words(word.text)
    yield apart
    if ZWNJ in word.text and (joined := words(fold(word.text))) != apart:
        yield joined


def _sayable(wanted: Sequence[Word]) -> bool:
    """Whether there is a word in each: a name may be nothing but signs, and no index holds those."""
    return all(words(word.text) for word in wanted)


def _matching(unit: Unit, wanted: Sequence[Word]) -> sa.ColumnElement[bool]:
    if not _sayable(wanted):
        return sa.false()
    return _FULL.c.search.op("MATCH")(" AND ".join(_expression(unit, word) for word in wanted))


def _expression(unit: Unit, word: Word) -> str:
    phrases = [phrase for form in _forms(word) for phrase in (_begun(unit, form) if word.begun else [form])]
    return f"({' OR '.join(_quoted(phrase) for phrase in phrases)})"


def _quoted(phrase: Sequence[str]) -> str:
    return f'"{" ".join(phrase)}"'


def _begun(unit: Unit, form: Sequence[str]) -> list[list[str]]:
    return [[*form[:-1], end] for end in _endings(unit, form[-1])] or [list(form)]


def _endings(unit: Unit, beginning: str) -> list[str]:
    """The words there are with this beginning. FTS5 would bring the messages of all of them together before it gives the first."""
    known = unit.memo.get(f"begun {beginning}")
    if known is None:
        term = _VOCABULARY.c.term
        among = (term >= beginning, term < f"{beginning}\U0010ffff")
        found = unit.execute(sa.select(term).where(*among).order_by(term).limit(BEGUN))
        known = unit.memo[f"begun {beginning}"] = [row[0] for row in found]
    return list(known)


def _matching_index(wanted: Sequence[Word]) -> sa.ColumnElement[bool]:
    if not _sayable(wanted):
        return sa.false()
    return INDEX.c.words.op("@@")(sa.func.to_tsquery(CONFIG, " & ".join(_tsquery(word) for word in wanted)))


def _tsquery(word: Word) -> str:
    """Folded words alone stand in it, so nothing in it can be an operator."""
    ends = ":*" if word.begun else ""
    forms = [f"({' <-> '.join(form)}{ends})" for form in _forms(word)]
    return f"({' | '.join(forms)})"
