"""Access tokens: kept as digests, looked up at every call, so that what was revoked or whose agent was disabled opens nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from inbox.domain.access import Access, Caller, Reach
from inbox.domain.ids import AccessId, AgentId, TeamId
from inbox.store import people
from inbox.store.tables import access_token
from inbox.store.unit import Unit

_C = access_token.c
_FIELDS = (
    _C.id,
    _C.name,
    _C.agent_id,
    _C.reach,
    _C.teams,
    _C.created_at,
    _C.expires_at,
    _C.revoked_at,
    _C.used_at,
)


def _access(row: Sequence[Any]) -> Access:
    id, name, agent, reach, teams, *instants = row
    among = None if teams is None else tuple(TeamId(one) for one in teams)
    whose = None if agent is None else AgentId(agent)
    return Access(AccessId(id), name, whose, tuple(Reach(one) for one in reach), among, *instants)


def add(unit: Unit, digest: str, new: Access) -> AccessId:
    """Keep a token of that digest; the number of `new` is none yet."""
    return AccessId(
        unit.insert(
            access_token,
            name=new.name,
            digest=digest,
            agent_id=new.agent,
            reach=[one.value for one in new.reach],
            teams=None if new.teams is None else list(new.teams),
            created_at=new.created_at,
            expires_at=new.expires_at,
        )
    )


def every(unit: Unit, *, standing: bool = False) -> list[Access]:
    """All of them, the newest first; `standing`: without those that were revoked."""
    query = sa.select(*_FIELDS).order_by(_C.id.desc())
    if standing:
        query = query.where(_C.revoked_at.is_(None))
    return [_access(row) for row in unit.execute(query)]


def one(unit: Unit, id: AccessId) -> Access | None:
    """The token of that number."""
    row = unit.execute(sa.select(*_FIELDS).where(_C.id == id)).first()
    return None if row is None else _access(row)


def revoke(unit: Unit, id: AccessId, now: datetime) -> bool:
    """It opens nothing any more; False where it did not anyway."""
    standing = (_C.id == id, _C.revoked_at.is_(None))
    return unit.execute(sa.update(access_token).where(*standing).values(revoked_at=now)).rowcount > 0


def caller(unit: Unit, digest: str, now: datetime, hides: frozenset[str] = frozenset()) -> Caller | None:
    """Who shows the token of this digest; None where it does not stand, or its agent was disabled."""
    row = unit.execute(sa.select(*_FIELDS).where(_C.digest == digest)).first()
    found = None if row is None else _access(row)
    if found is None or not found.stands(now):
        return None
    if found.agent is None:
        return Caller(found, None)
    roster = people.roster(unit)
    agent = roster.agent_by_id(found.agent)
    return None if agent is None or agent.disabled else Caller(found, agent, roster.scope(agent.id, hides))


def used(unit: Unit, id: AccessId, now: datetime) -> None:
    """It was used just now."""
    unit.execute(sa.update(access_token).where(_C.id == id).values(used_at=now))
