"""How people get in: one-time links and the sessions they open, stored as digests only.

A link or session without an agent belongs to the owner of the site's files, who made it at the command line.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from inbox.domain.ids import AgentId
from inbox.store.tables import agent, link, session
from inbox.store.unit import Unit

LOGIN = "login"
LINK_LASTS = timedelta(minutes=15)
SESSION_LASTS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who a session belongs to; `agent` None is the owner. `language` is the agent's."""

    agent: AgentId | None = None
    name: str = ""
    language: str | None = None
    lead: bool = False

    @property
    def ops(self) -> bool:
        """Whether they see the rules and what rules made of messages: leads and the owner."""
        return self.agent is None or self.lead


def add_link(unit: Unit, digest: str, whose: AgentId | None, now: datetime, lasts: timedelta = LINK_LASTS) -> None:
    """A login link that can be used once, within `lasts` (15 minutes at most)."""
    expires = now + min(lasts, LINK_LASTS)
    unit.add(link, {"digest": digest, "purpose": LOGIN, "agent_id": whose, "expires_at": expires})


def enter(unit: Unit, link_digest: str, session_digest: str, before: str, now: datetime) -> bool:
    """Use a link: True when it was good. It is spent then, so are that person's other links, and a session begins.

    `before` is the digest of the session that the browser had until now, if any: it ends. Two that use one link at once
    cannot both succeed: spending it is one conditional update.
    """
    c = link.c
    good = (c.digest == link_digest, c.purpose == LOGIN, c.used_at.is_(None), c.expires_at > now)
    whose = unit.execute(sa.update(link).where(*good).values(used_at=now).returning(c.agent_id)).first()
    if whose is None or not _may_enter(unit, whose[0]):
        return False
    same = c.agent_id.is_(None) if whose[0] is None else c.agent_id == whose[0]
    unit.execute(sa.update(link).where(same, c.purpose == LOGIN, c.used_at.is_(None)).values(used_at=now))
    leave(unit, before)
    expires = now + SESSION_LASTS
    unit.add(session, {"digest": session_digest, "agent_id": whose[0], "created_at": now, "expires_at": expires})
    return True


def _may_enter(unit: Unit, id: int | None) -> bool:
    query = sa.select(agent.c.disabled).where(agent.c.id == id)
    return id is None or unit.execute(query).scalar_one_or_none() is False


def visitor(unit: Unit, digest: str, now: datetime) -> Visitor | None:
    """Who has this session; None where it is unknown, over, or its agent was disabled."""
    c = session.c
    query = (
        sa.select(c.agent_id, agent.c.name, agent.c.handle, agent.c.language, agent.c.lead, agent.c.disabled)
        .join_from(session, agent, c.agent_id == agent.c.id, isouter=True)
        .where(c.digest == digest, c.expires_at > now)
    )
    row = unit.execute(query).first()
    if row is None or row.disabled:
        return None
    if row.agent_id is None:
        return Visitor()
    return Visitor(AgentId(row.agent_id), row.name or row.handle, row.language, row.lead)


def leave(unit: Unit, digest: str) -> None:
    """End a session."""
    unit.execute(sa.delete(session).where(session.c.digest == digest))


def end_sessions(unit: Unit, whose: AgentId) -> int:
    """End every session of an agent; how many there were."""
    return unit.execute(sa.delete(session).where(session.c.agent_id == whose)).rowcount


def forget_expired(unit: Unit, now: datetime) -> None:
    """Remove what can never be used again."""
    unit.execute(sa.delete(link).where(link.c.expires_at < now))
    unit.execute(sa.delete(session).where(session.c.expires_at < now))
