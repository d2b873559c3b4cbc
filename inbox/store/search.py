"""The index of words: what each message says and what each contact is called, folded, kept in the unit that stores it.

The words of a message never change, so the index keeps none of them (FTS5 without content): what is to be taken out of it is
made again from the message. Its row number is the conversation's and the message's together, so the newest conversation comes
first by itself, and both are read off it. A contact's words stand under its number, negative.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from itertools import chain
from typing import Any

import sqlalchemy as sa

from inbox.domain.ids import ContactId, ConversationId, MessageId
from inbox.store import tables as t
from inbox.store.prepared import Prepared
from inbox.store.unit import Unit
from inbox.text.fold import ZWNJ, fold, fold_spaced, words

LONGEST = 50_000
"""Characters of one message that are indexed."""
SHIFT = 32
"""A row number is `conversation << 32 | message`."""

SEARCH = sa.table("search", sa.column("search"), sa.column("rowid", sa.BigInteger), sa.column("words"))
INDEX = sa.table("search", sa.column("conversation_id"), sa.column("message_id"), sa.column("words"))
SIZES = sa.table("search_docsize", sa.column("id", sa.BigInteger))
CONFIG: sa.ColumnClause[Any] = sa.literal_column("'simple'::regconfig")
_PUT = Prepared(sa.insert(SEARCH).inline())


@cache
def _put_index() -> Prepared:
    """Made at its first use: only then PostgreSQL's functions are known, for nothing else loads its dialect."""
    made = {
        "conversation_id": sa.bindparam("matter"),
        "message_id": sa.bindparam("said"),
        "words": sa.func.to_tsvector(CONFIG, sa.bindparam("text")),
    }
    return Prepared(sa.insert(INDEX).values(made).inline())


def _marking(name: str) -> Prepared:
    c = t.conversation.c
    return Prepared(sa.update(t.conversation).where(c.id == sa.bindparam("matter")).values({name: True}))


_WITH_FILE, _WITH_NOTE = _marking("with_file"), _marking("with_note")


def indexed(texts: Iterable[str]) -> str:
    """The words of these texts as the index takes them; one that is written with a ZWNJ is found joined and apart."""
    whole = "\n".join(texts)[:LONGEST].replace("\0", " ")
    if ZWNJ not in whole:
        return fold(whole)
    return "\n".join((fold_spaced(whole), fold("\n".join(word for word in whole.split() if ZWNJ in word))))


def said(unit: Unit, matter: ConversationId, id: MessageId, texts: Iterable[str]) -> None:
    """A message is here; its words stand in the index when the transaction ends."""
    unit.late.append(partial(_put, matter=matter, id=id, text=indexed(texts)))


def add(
    unit: Unit,
    matter: ConversationId,
    id: int,
    texts: tuple[str, str],
    people: Iterable[Sequence[str]],
    files: Sequence[str],
    *,
    note: bool = False,
) -> None:
    """Let a new message be found by its words (`texts`: subject and what it newly says), and its conversation by what is in it."""
    said(unit, matter, MessageId(id), message_texts(*texts, people, files))
    for statement, there in ((_WITH_FILE, files), (_WITH_NOTE, note)):
        if there:
            unit.count(statement, matter=matter)


def _put(unit: Unit, matter: int, id: int, text: str) -> None:
    if unit.connection.dialect.name == "sqlite":
        unit.count(_PUT, rowid=_number(matter, id), words=text)
    else:
        unit.count(_put_index(), matter=matter, said=id, text=" ".join(words(text)))


def _take(unit: Unit, matter: int, id: int, text: str) -> None:
    if unit.connection.dialect.name == "sqlite":
        unit.count(_PUT, search="delete", rowid=_number(matter, id), words=text)
    else:
        unit.execute(sa.delete(INDEX).where(INDEX.c.conversation_id == matter, INDEX.c.message_id == id))


def _there(unit: Unit, matter: int, id: int) -> bool:
    """Whether the index has these words: it may yet have to be filled, and must not lose what it never had."""
    if unit.connection.dialect.name == "sqlite":
        known = sa.select(SIZES.c.id).where(SIZES.c.id == _number(matter, id))
    else:
        known = sa.select(INDEX.c.message_id).where(INDEX.c.conversation_id == matter, INDEX.c.message_id == id)
    return unit.execute(known).first() is not None


def _number(matter: int, id: int) -> int:
    return matter << SHIFT | id if matter else -id


# -- what changes ------------------------------------------------------------------------------------------------------
@contextmanager
def moving(unit: Unit, *messages: sa.ColumnElement[bool]) -> Iterator[None]:
    """Round a change of the messages of these conditions, by which they come to another conversation or say something else.

    `of` gives messages by number.
    """
    _write_late(unit)
    before = [one for one in _documents(unit, *messages) if _there(unit, *one[:2])]
    yield
    for document in before:
        _take(unit, *document)
    for document in _documents(unit, of([id for _, id, _ in before])):
        _put(unit, *document)


def of(ids: Sequence[int]) -> sa.ColumnElement[bool]:
    """Messages by their numbers."""
    return t.message.c.id.in_(list(ids))


@contextmanager
def renaming(unit: Unit, *contacts: ContactId) -> Iterator[None]:
    """Round a change of names or addresses of these contacts, or of whose they are."""
    _write_late(unit)
    before = {contact: _called(unit, contact) for contact in dict.fromkeys(contacts)}
    yield
    for contact, text in before.items():
        now = _called(unit, contact)
        if now != text and _there(unit, 0, contact):
            _take(unit, 0, contact, text)
            _put(unit, 0, contact, now)


def met(unit: Unit, contact: int, name: str, address: str) -> None:
    """A new contact with one address, under one name."""
    unit.late.append(partial(_put, matter=0, id=contact, text=indexed((name, address, name))))


def _write_late(unit: Unit) -> None:
    """What this unit has put off comes first: it may be about the same messages."""
    for write in unit.late:
        write(unit)
    unit.late.clear()


# -- words, made again from the rows -------------------------------------------------------------------------------------
_C = t.message.c
Document = tuple[int, int, str]
"""Conversation, message and words."""
SILENT = ("acknowledgement", "renewal", "notice", "answer", "among-us", "broadcast")
"""What the house says by itself, in words that are the same in every conversation, is not looked for."""


def searchable(purpose: str) -> bool:
    """Whether a message of this purpose is indexed."""
    return purpose not in SILENT


def _documents(unit: Unit, *conditions: sa.ColumnElement[bool]) -> Iterator[Document]:
    columns = (_C.id, _C.conversation_id, _C.direction, _C.subject, _C.text, _C.reply_text, _C.sender, _C.to, _C.cc)
    found = unit.execute(sa.select(*columns).where(*conditions, _C.purpose.not_in(SILENT)).order_by(_C.id)).all()
    ids = [row.id for row in found]
    files = _several(unit, t.attachment.c.message_id, t.attachment.c.filename, ids)
    edits = _several(unit, t.edit.c.message_id, t.edit.c.text, ids)
    for row in found:
        people = (*([row.sender] if row.direction == "inbound" else ()), *row.to, *row.cc)
        texts = message_texts(row.subject, row.reply_text or row.text, people, files.get(row.id, ()))
        yield row.conversation_id, row.id, indexed((*texts, *edits.get(row.id, ())))


def message_texts(subject: str, text: str, people: Iterable[Sequence[str]], files: Iterable[str]) -> tuple[str, ...]:
    """All of a message that can be looked for: what it newly says, whom it names, and its files."""
    return (subject, text, *chain.from_iterable(people), *files)


def _several(unit: Unit, of: sa.Column[int], what: sa.Column[str], ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for id, text in unit.execute(sa.select(of, what).where(of.in_(ids)).order_by(of.table.c.id)) if ids else ():
        found.setdefault(id, []).append(text)
    return found


def _called(unit: Unit, contact: int) -> str:
    return next((text for _, text in _contacts(unit, t.contact.c.id == contact)), "")


def _contacts(unit: Unit, *conditions: sa.ColumnElement[bool]) -> Iterator[tuple[int, str]]:
    """Contacts with what they are called: every name and address of theirs."""
    i = t.identity.c
    found = unit.execute(sa.select(t.contact.c.id, t.contact.c.name).where(*conditions).order_by(t.contact.c.id)).all()
    ids = [row[0] for row in found]
    known: dict[int, list[str]] = {}
    query = sa.select(i.contact_id, i.address, i.name).where(i.contact_id.in_(ids)).order_by(i.id)
    for contact, *names in unit.execute(query) if ids else ():
        known.setdefault(contact, []).extend(names)
    for id, name in found:
        yield id, indexed((name, *known.get(id, ())))


# -- all of it anew ----------------------------------------------------------------------------------------------------
LEFT = "search_left"
AT_ONCE = 500
_S = t.site.c


def begin(unit: Unit) -> None:
    """Empty the index: all of it is to be filled again, the messages by `fill`."""
    if unit.connection.dialect.name == "sqlite":
        unit.count(_PUT, search="delete-all")
    else:
        unit.execute(sa.delete(INDEX))
    unit.execute(sa.delete(t.site).where(_S.name == LEFT))
    highest = unit.execute(sa.select(sa.func.max(_C.id))).scalar_one()
    if highest is not None:
        unit.insert_new(t.site, name=LEFT, value=str(highest))
    add_contacts(unit)


def add_contacts(unit: Unit) -> None:
    """Index all contacts, of whom none is in the index."""
    highest = unit.execute(sa.select(sa.func.max(t.contact.c.id))).scalar_one() or 0
    for after in range(0, highest, AT_ONCE):
        for contact, text in _contacts(unit, t.contact.c.id > after, t.contact.c.id <= after + AT_ONCE):
            _put(unit, 0, contact, text)


def left(unit: Unit) -> int | None:
    """Up to which message the index is still to be filled; None where it is whole."""
    found = unit.execute(sa.select(_S.value).where(_S.name == LEFT)).scalar_one_or_none()
    return None if found is None else int(found)


def fill(unit: Unit) -> int | None:
    """Index the next messages, the newest first; what is left then. It goes on where it ended."""
    to = left(unit)
    if to is None:
        return None
    for document in _documents(unit, _C.id <= to, _C.id > to - AT_ONCE):
        if not _there(unit, *document[:2]):
            _put(unit, *document)
    here = sa.delete(t.site) if to <= AT_ONCE else sa.update(t.site).values(value=str(to - AT_ONCE))
    unit.execute(here.where(_S.name == LEFT))
    return None if to <= AT_ONCE else to - AT_ONCE


def standing(unit: Unit) -> tuple[int, int]:
    """How many messages are to be found, and how many of them the index has."""
    there = sa.select(sa.func.count()).select_from(t.message).where(_C.purpose.not_in(SILENT))
    if unit.connection.dialect.name == "sqlite":
        known = sa.select(sa.func.count()).select_from(SIZES).where(SIZES.c.id > 0)
    else:
        known = sa.select(sa.func.count()).select_from(INDEX).where(INDEX.c.conversation_id > 0)
    return int(unit.execute(there).scalar_one()), int(unit.execute(known).scalar_one())
