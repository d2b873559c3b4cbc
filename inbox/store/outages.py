"""Known outages: what is down for conversations with a tag, and when there is news of it next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from inbox.domain.ids import ConversationId, PromiseId
from inbox.domain.promises import OUTAGE, PromiseState
from inbox.store.prepared import Prepared
from inbox.store.tables import conversation, outage, promise
from inbox.store.unit import Unit

_C = outage.c


@dataclass(frozen=True, slots=True)
class Outage:
    """One of them. `words`: what we know, by language; `ended_at`: since when it is over."""

    id: int
    tag: str
    words: Mapping[str, str]
    began_at: datetime
    news_at: datetime
    ended_at: datetime | None = None

    def told(self, language: str) -> str:
        """The words in that language, else in the one there is."""
        return self.words.get(language) or next(iter(self.words.values()), "")


def begin(unit: Unit, tag: str, words: Mapping[str, str], news_at: datetime, now: datetime) -> Outage:
    """From now on."""
    id = unit.insert(outage, tag=tag, words=dict(words), began_at=now, news_at=news_at)
    return Outage(id, tag, dict(words), now, news_at)


def put(unit: Unit, known: Outage) -> None:
    """As it stands now."""
    values = {"words": dict(known.words), "news_at": known.news_at, "ended_at": known.ended_at}
    unit.execute(sa.update(outage).where(_C.id == known.id).values(**values))


def current(unit: Unit) -> list[Outage]:
    """Those that go on, the oldest first."""
    return [_outage(row) for row in unit.run(_CURRENT)]


def every(unit: Unit, most: int = 100) -> list[Outage]:
    """All of them, the latest first."""
    return [_outage(row) for row in unit.execute(_ALL.order_by(_C.id.desc()).limit(most))]


def of_tags(unit: Unit, tags: Sequence[str], now: datetime) -> Outage | None:
    """The oldest that goes on for one of these tags and of which there is still news to come."""
    if not tags:
        return None
    return next((one for one in current(unit) if one.tag in tags and one.news_at > now), None)


def waiting(unit: Unit, tag: str) -> list[tuple[ConversationId, PromiseId]]:
    """The conversations with that tag in which news of an outage is promised, with the latest such promise of each."""
    query = (
        sa.select(promise.c.conversation_id, sa.func.max(promise.c.id), conversation.c.tags)
        .join(conversation, conversation.c.id == promise.c.conversation_id)
        .where(promise.c.state == PromiseState.OPEN.value, promise.c.basis == OUTAGE)
        .group_by(promise.c.conversation_id, conversation.c.tags)
        .order_by(promise.c.conversation_id)
    )
    rows = unit.execute(query).all()
    return [(ConversationId(row[0]), PromiseId(row[1])) for row in rows if tag in row[2]]


_ALL = sa.select(_C.id, _C.tag, _C.words, _C.began_at, _C.news_at, _C.ended_at)
_CURRENT = Prepared(_ALL.where(_C.ended_at.is_(None)).order_by(_C.id))


def _outage(row: Any) -> Outage:
    id, tag, words, began_at, news_at, ended_at = row
    return Outage(id, tag, dict(words), began_at, news_at, ended_at)
