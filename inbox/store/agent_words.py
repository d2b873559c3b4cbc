"""Agents' words that came over a network: those that counted, and those that are held until their agent says that they are theirs."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.arrivals import Judged, Verdict
from inbox.domain.ids import AgentId, ArrivalId, ConversationId
from inbox.ports.wake import INTAKE
from inbox.store.prepared import Prepared
from inbox.store.tables import agent, agent_words, arrival, conversation
from inbox.store.unit import Unit

_C = agent_words.c


@dataclass(frozen=True, slots=True)
class Words:
    """What came. `reason`: why it is held, a catalogue key; empty: it counted. `version`: what its author had before them.
    `words`: as they are shown, with the files that came along and a sender who is not the agent below them."""

    arrival: ArrivalId
    agent: AgentId | None
    conversation: ConversationId | None
    via: str
    version: int | None
    fingerprint: str
    digest: str
    words: str
    reason: str
    at: datetime
    confirmed_by: AgentId | None = None


_FIELDS = (
    _C.arrival_id,
    _C.agent_id,
    _C.conversation_id,
    _C.via,
    _C.version,
    _C.fingerprint,
    _C.digest,
    _C.words,
    _C.reason,
    _C.at,
    _C.confirmed_by,
)


def put(unit: Unit, came: Words) -> None:
    """It stands in place of what was known of this arrival."""
    unit.execute(sa.delete(agent_words).where(_C.arrival_id == came.arrival))
    unit.add(
        agent_words,
        {
            "arrival_id": came.arrival,
            "agent_id": came.agent,
            "conversation_id": came.conversation,
            "via": came.via,
            "version": came.version,
            "fingerprint": came.fingerprint,
            "digest": came.digest,
            "words": came.words,
            "reason": came.reason,
            "at": came.at,
            "confirmed_by": came.confirmed_by,
        },
    )


_OF = Prepared(sa.select(*_FIELDS).where(_C.arrival_id == sa.bindparam("arrival")))


def of(unit: Unit, id: ArrivalId) -> Words | None:
    """What is known of an arrival."""
    found = unit.run(_OF, arrival=id)
    return Words(*found[0]) if found else None


def came(unit: Unit, fingerprint: str, besides: ArrivalId) -> bool:
    """Whether another arrival brought the same."""
    same = (_C.fingerprint == fingerprint, _C.arrival_id != besides)
    return unit.execute(sa.select(_C.arrival_id).where(*same).limit(1)).first() is not None


def counted(unit: Unit, conversation: ConversationId, digest: str) -> bool:
    """Whether these very words counted in this conversation before."""
    same = (_C.conversation_id == conversation, _C.digest == digest, _C.reason == "")
    return unit.execute(sa.select(_C.arrival_id).where(*same).limit(1)).first() is not None


def lately(unit: Unit, whose: AgentId, since: datetime) -> int:
    """How many of an agent's words counted since then."""
    query = sa.select(sa.func.count()).where(_C.agent_id == whose, _C.at > since, _C.reason == "")
    return int(unit.execute(query).scalar_one())


def waiting(unit: Unit, whose: AgentId, conversation: ConversationId, since: datetime, besides: ArrivalId) -> bool:
    """Whether other words in an agent's name, for the same conversation, came since then and are held still."""
    mine = (_C.agent_id == whose, _C.conversation_id == conversation, _C.at > since, _C.arrival_id != besides)
    held_still = sa.select(_C.arrival_id).join_from(agent_words, arrival, arrival.c.id == _C.arrival_id)
    found = held_still.where(*mine, arrival.c.verdict == Verdict.HELD.value).limit(1)
    return unit.execute(found).first() is not None


@dataclass(frozen=True, slots=True)
class Held:
    """A line of `inbox held`. Empty `agent` or `reference`: nobody can tell."""

    arrival: ArrivalId
    at: datetime
    via: str
    channel: str
    agent: str
    reference: str
    reason: str
    words: str
    whose: AgentId | None


def held(unit: Unit, whose: AgentId | None = None, most: int = 200) -> list[Held]:
    """What waits to be confirmed, the newest first; with `whose` that agent's alone."""
    query = (
        sa.select(
            _C.arrival_id,
            _C.at,
            _C.via,
            arrival.c.channel,
            sa.func.coalesce(agent.c.handle, ""),
            sa.func.coalesce(conversation.c.reference, ""),
            _C.reason,
            _C.words,
            _C.agent_id,
        )
        .join_from(agent_words, arrival, arrival.c.id == _C.arrival_id)
        .outerjoin(agent, agent.c.id == _C.agent_id)
        .outerjoin(conversation, conversation.c.id == _C.conversation_id)
        .where(arrival.c.verdict == Verdict.HELD.value)
        .order_by(_C.arrival_id.desc())
        .limit(most)
    )
    if whose is not None:
        query = query.where(_C.agent_id == whose)
    return [Held(*row) for row in unit.execute(query)]


def confirm(unit: Unit, id: ArrivalId, by: AgentId, conversation: ConversationId) -> bool:
    """The agent says that the words are theirs, for this conversation: they are received again, as such. False where nothing is
    held. Wakes INTAKE."""
    freed = sa.update(arrival).where(arrival.c.id == id, arrival.c.verdict == Verdict.HELD.value)
    if not unit.execute(freed.values(verdict=None, reason="", tries=0, judged_at=None)).rowcount:
        return False
    mine = {"agent_id": by, "confirmed_by": by, "conversation_id": conversation}
    unit.execute(sa.update(agent_words).where(_C.arrival_id == id).values(**mine))
    unit.wake(INTAKE)
    return True


def give_up(unit: Unit, id: ArrivalId, now: datetime) -> bool:
    """Nobody's words: they are not said. Their bytes stay. False where nothing is held."""
    mine = sa.update(arrival).where(arrival.c.id == id, arrival.c.verdict == Verdict.HELD.value)
    gone = Judged(Verdict.IGNORED, "ignored.given_up")
    return bool(unit.execute(mine.values(verdict=gone.verdict.value, reason=gone.reason, judged_at=now)).rowcount)
