"""Which part articles had in conversations; and which were the answer to what was asked in the same words before."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from inbox.domain.articles import Part
from inbox.domain.conversations import State
from inbox.domain.ids import ArticleId, ConversationId
from inbox.store.tables import article_part, asked_word, conversation
from inbox.store.unit import Unit

ANSWERS = ("linked", "solved")
"""Parts by which an article was the answer, in a conversation that is done."""
ALIKE = 0.5
"""The share of the words of a question, and of the one that was asked before, that both have: from here on they are alike."""
LOOKED_AT = 400
"""Conversations with most words in common that are looked at."""
_P, _W, _C = article_part.c, asked_word.c, conversation.c


def played(unit: Unit, matter: ConversationId, ids: Iterable[ArticleId], part: Part, now: datetime) -> None:
    """These articles had this part in it; said once more, it changes nothing."""
    for id in dict.fromkeys(ids):
        unit.insert_new(article_part, conversation_id=matter, article_id=id, part=part, at=now)


def parts(unit: Unit, matter: ConversationId) -> Mapping[ArticleId, tuple[Part, ...]]:
    """The parts of each article in it, in the order in which they came."""
    query = sa.select(_P.article_id, _P.part).where(_P.conversation_id == matter).order_by(_P.at, _P.part)
    found: dict[ArticleId, tuple[Part, ...]] = {}
    for id, part in unit.execute(query):
        found[ArticleId(id)] = (*found.get(ArticleId(id), ()), part)
    return found


def answers(unit: Unit, since: datetime, most: int) -> Mapping[ConversationId, set[ArticleId]]:
    """The newest done conversations that an article answered, with which."""
    query = (
        sa.select(_P.conversation_id, _P.article_id)
        .join_from(article_part, conversation, _C.id == _P.conversation_id)
        .where(_P.part.in_(ANSWERS), _P.at >= since, _C.state == State.DONE.value)
        .order_by(_P.conversation_id.desc())
    )
    found: dict[ConversationId, set[ArticleId]] = {}
    for matter, id in unit.execute(query.limit(most)):
        found.setdefault(ConversationId(matter), set()).add(ArticleId(id))
    return found


def asked(unit: Unit, matter: ConversationId, telling: Sequence[str]) -> None:
    """What was asked in it, to be found for who asks alike."""
    for word in telling:
        unit.insert_new(asked_word, word=word, conversation_id=matter)


def answered(unit: Unit, telling: Sequence[str], but: ConversationId | None = None) -> Mapping[ArticleId, int]:
    """How many done conversations that asked for the same each article was the answer to, `but` that one."""
    alike = [one for one in _alike(unit, telling) if one != but]
    if not alike:
        return {}
    query = (
        sa.select(_P.article_id, sa.func.count(sa.distinct(_P.conversation_id)))
        .join_from(article_part, conversation, _C.id == _P.conversation_id)
        .where(_P.conversation_id.in_(alike), _P.part.in_(ANSWERS), _C.state == State.DONE.value)
        .group_by(_P.article_id)
    )
    return {ArticleId(id): int(n) for id, n in unit.execute(query)}


def _alike(unit: Unit, telling: Sequence[str]) -> list[int]:
    """Conversations in which this was asked in much the same words."""
    if not telling:
        return []
    shared = sa.func.count().label("shared")
    common = (
        sa.select(_W.conversation_id, shared)
        .where(_W.word.in_(list(telling)))
        .group_by(_W.conversation_id)
        .having(shared >= max(1, round(ALIKE * len(telling))))
        .order_by(shared.desc(), _W.conversation_id.desc())
        .limit(LOOKED_AT)
    )
    found: dict[int, int] = {int(row[0]): int(row[1]) for row in unit.execute(common)}
    sizes = sa.select(_W.conversation_id, sa.func.count()).where(_W.conversation_id.in_(list(found)))
    whole = unit.execute(sizes.group_by(_W.conversation_id)).all() if found else ()
    return [int(id) for id, said in whole if found[id] >= ALIKE * int(said)]


# -- moved and gone ----------------------------------------------------------------------------------------------------
def move(unit: Unit, gone: ConversationId, into: ConversationId) -> None:
    """What was in the one is in the other now."""
    for table, names in ((article_part, ("article_id", "part", "at")), (asked_word, ("word",))):
        columns: list[Any] = [table.c[name] for name in names]
        there = sa.select(*columns).where(table.c.conversation_id == gone)
        for row in unit.execute(there).all():
            unit.insert_new(table, conversation_id=into, **dict(zip(names, row, strict=True)))
        unit.execute(sa.delete(table).where(table.c.conversation_id == gone))
