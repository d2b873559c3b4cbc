"""How people get in: one-time links and the sessions they open, stored as digests only.

A link or session without an agent belongs to the owner of the site's files, who made it at the command line.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa

from inbox.domain.ids import AgentId
from inbox.ports.wake import AGENTS
from inbox.store.prepared import Prepared
from inbox.store.tables import agent, link, session
from inbox.store.unit import Unit

LOGIN = "login"
LINK_LASTS = timedelta(minutes=15)
SESSION_LASTS = timedelta(days=7)

Purpose = Literal["invite", "reset", "code"]
"""What else a link is for: to set a first password, to set another one, to type the code of a second step."""
LASTS: Mapping[Purpose, timedelta] = {
    "invite": timedelta(hours=72),
    "reset": timedelta(hours=1),
    "code": timedelta(minutes=5),
}

Way = Literal["link", "password", "oidc"]
"""How it was proved who begins a session."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who a session belongs to; `agent` None is the owner. `language` is the agent's."""

    agent: AgentId | None = None
    name: str = ""
    language: str | None = None
    lead: bool = False
    admin: bool = False
    seen_at: datetime | None = None
    """When the session was last seen, to some minutes."""

    @property
    def ops(self) -> bool:
        """Whether they see the rules and what rules made of messages: leads, admins and the owner."""
        return self.agent is None or self.lead or self.admin

    @property
    def administers(self) -> bool:
        """Whether they change people and settings: admins and the owner."""
        return self.agent is None or self.admin


@dataclass(frozen=True, slots=True)
class From:
    """Where a session begins: the digest of its token, that of the session which the browser had until now, and what the
    browser says of itself."""

    digest: str
    before: str = ""
    browser: str = ""
    address: str = ""
    way: Way = "link"


@dataclass(frozen=True, slots=True)
class Held:
    """One session of an agent, as they are shown it. `key` names it among theirs and opens nothing."""

    key: str
    created_at: datetime
    seen_at: datetime | None
    browser: str
    address: str
    way: str
    digest: str


def add_link(unit: Unit, digest: str, whose: AgentId | None, now: datetime, lasts: timedelta = LINK_LASTS) -> None:
    """A login link that can be used once, within `lasts` (15 minutes at most)."""
    expires = now + min(lasts, LINK_LASTS)
    unit.add(link, {"digest": digest, "purpose": LOGIN, "agent_id": whose, "expires_at": expires})


def add_pass(unit: Unit, purpose: Purpose, digest: str, whose: AgentId, now: datetime) -> datetime:
    """A link of another purpose; when it is over. Those of that purpose that were open for this agent are worth nothing then."""
    _spend_all(unit, whose, purpose, now)
    expires = now + LASTS[purpose]
    unit.add(link, {"digest": digest, "purpose": purpose, "agent_id": whose, "expires_at": expires})
    return expires


def holder(unit: Unit, digest: str, now: datetime, *purposes: Purpose) -> AgentId | None:
    """Whose link this is, while it is good; it stays so."""
    whose = unit.execute(sa.select(link.c.agent_id).where(*_good(digest, now, purposes))).scalar_one_or_none()
    return AgentId(whose) if whose is not None and _may_enter(unit, whose) else None


def spend(unit: Unit, digest: str, now: datetime, *purposes: Purpose) -> AgentId | None:
    """Use such a link up: whose it was, None where it was not good. Of two at once one succeeds."""
    update = sa.update(link).where(*_good(digest, now, purposes)).values(used_at=now).returning(link.c.agent_id)
    whose = unit.execute(update).scalar_one_or_none()
    return AgentId(whose) if whose is not None and _may_enter(unit, whose) else None


def spend_all(unit: Unit, whose: AgentId, now: datetime) -> None:
    """No link of this agent is worth anything any more."""
    _spend_all(unit, whose, None, now)


def _spend_all(unit: Unit, whose: AgentId, purpose: str | None, now: datetime) -> None:
    which = [] if purpose is None else [link.c.purpose == purpose]
    unit.execute(sa.update(link).where(link.c.agent_id == whose, link.c.used_at.is_(None), *which).values(used_at=now))


def _good(digest: str, now: datetime, purposes: tuple[str, ...]) -> tuple[sa.ColumnElement[bool], ...]:
    c = link.c
    return c.digest == digest, c.purpose.in_(purposes), c.used_at.is_(None), c.expires_at > now


def enter(unit: Unit, link_digest: str, at: From, now: datetime) -> Visitor | None:
    """Use a login link: who came in, None where it was not good. It is spent then, so are that person's other links, and a
    session begins. Two that use one link at once cannot both succeed: spending it is one conditional update.
    """
    c = link.c
    good = _good(link_digest, now, (LOGIN,))
    whose = unit.execute(sa.update(link).where(*good).values(used_at=now).returning(c.agent_id)).first()
    if whose is None or not _may_enter(unit, whose[0]):
        return None
    same = c.agent_id.is_(None) if whose[0] is None else c.agent_id == whose[0]
    unit.execute(sa.update(link).where(same, c.purpose == LOGIN, c.used_at.is_(None)).values(used_at=now))
    begin(unit, whose[0], at, now)
    return visitor(unit, at.digest, now)


def begin(unit: Unit, whose: AgentId | None, at: From, now: datetime) -> None:
    """A session begins; the one that the browser had until now ends."""
    leave(unit, at.before)
    row = {"digest": at.digest, "agent_id": whose, "created_at": now, "expires_at": now + SESSION_LASTS}
    unit.add(session, {**row, "seen_at": now, "browser": at.browser[:300], "address": at.address[:100], "way": at.way})


def _may_enter(unit: Unit, id: int | None) -> bool:
    query = sa.select(agent.c.disabled).where(agent.c.id == id)
    return id is None or unit.execute(query).scalar_one_or_none() is False


_VISITOR = Prepared(
    sa.select(
        session.c.agent_id,
        agent.c.name,
        agent.c.handle,
        agent.c.language,
        agent.c.lead,
        agent.c.admin,
        agent.c.disabled,
        session.c.seen_at,
    )
    .join_from(session, agent, session.c.agent_id == agent.c.id, isouter=True)
    .where(session.c.digest == sa.bindparam("digest"), session.c.expires_at > sa.bindparam("now"))
)


def visitor(unit: Unit, digest: str, now: datetime) -> Visitor | None:
    """Who has this session; None where it is unknown, over, or its agent was disabled."""
    found = unit.run(_VISITOR, digest=digest, now=now)
    if not found:
        return None
    id, name, handle, language, lead, admin, disabled, seen_at = found[0]
    if disabled:
        return None
    return (
        Visitor(seen_at=seen_at) if id is None else Visitor(AgentId(id), name or handle, language, lead, admin, seen_at)
    )


def living(unit: Unit, digests: Collection[str], now: datetime) -> frozenset[str]:
    """Those of these sessions that stand: of which `visitor` would know whose they are."""
    c = session.c
    query = sa.select(c.digest).join_from(session, agent, c.agent_id == agent.c.id, isouter=True)
    stands = sa.func.coalesce(agent.c.disabled, sa.false()).is_(sa.false())
    rows = unit.execute(query.where(c.digest.in_(list(digests)), c.expires_at > now, stands)) if digests else ()
    return frozenset(row[0] for row in rows)


def seen(unit: Unit, digest: str, now: datetime) -> None:
    """A session was used just now."""
    unit.execute(sa.update(session).where(session.c.digest == digest).values(seen_at=now))


def held(unit: Unit, whose: AgentId | None, now: datetime) -> list[Held]:
    """Somebody's sessions that are not over, the one that was seen last first; None: the owner's."""
    c = session.c
    mine = c.agent_id.is_(None) if whose is None else c.agent_id == whose
    order = sa.func.coalesce(c.seen_at, c.created_at).desc()
    fields = (c.digest, c.created_at, c.seen_at, c.browser, c.address, c.way)
    rows = unit.execute(sa.select(*fields).where(mine, c.expires_at > now).order_by(order))
    return [Held(r[0][:16], r[1], r[2], r[3], r[4], r[5], r[0]) for r in rows]


def leave(unit: Unit, digest: str) -> None:
    """End a session. Wakes AGENTS where there was one, as all that end sessions: pages that are open hear it."""
    _end(unit, session.c.digest == digest)


def end_session(unit: Unit, whose: AgentId | None, key: str) -> bool:
    """End one of somebody's sessions by its key; False where they have none of that key."""
    c = session.c
    mine = c.agent_id.is_(None) if whose is None else c.agent_id == whose
    named = sa.func.substr(c.digest, 1, 16) == key
    return _end(unit, mine, named) > 0


def end_sessions(unit: Unit, whose: AgentId | None, keep: str = "") -> int:
    """End every session of an agent (None: of the owner), except the one of the digest `keep`; how many there were."""
    c = session.c
    mine = c.agent_id.is_(None) if whose is None else c.agent_id == whose
    return _end(unit, mine, c.digest != keep)


def _end(unit: Unit, *which: sa.ColumnElement[bool]) -> int:
    count = unit.execute(sa.delete(session).where(*which)).rowcount
    if count:
        unit.wake(AGENTS)
    return count


def forget_expired(unit: Unit, before: datetime) -> int:
    """Remove what was over by then and can never be used again; how many rows."""
    return sum(unit.execute(sa.delete(table).where(table.c.expires_at < before)).rowcount for table in (link, session))
