"""Giving and taking access: a token for a program, shown once; each act in the audit log, whoever does it and where."""

import hashlib
from collections.abc import Collection
from datetime import UTC, datetime, time, timedelta

from inbox.domain.access import Access, Reach
from inbox.domain.acts import Act, By
from inbox.domain.ids import AccessId
from inbox.domain.problems import Problem
from inbox.store import access, audit, people
from inbox.store.unit import Unit
from inbox.text.when import parse_when

MARK = "inbox_"
"""Stands before every token, so that one that got out is known for what it is."""
LONGEST = 60
"""Characters of a name."""


def digest(token: str) -> str:
    """What is stored of a token. It has 256 bits of chance, so a plain SHA-256 cannot be searched."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def ends(typed: str, now: datetime) -> datetime | None:
    """Until when a token stands, as people type it; a day alone is its end, nothing is for ever. `now` is local. Raises Problem."""
    if not typed.strip():
        return None
    meant = parse_when(typed, now)
    if meant is None:
        raise Problem("promise.no_time", by=typed)
    if isinstance(meant, datetime):
        return meant.astimezone(UTC)
    return datetime.combine(meant + timedelta(days=1), time(), now.tzinfo).astimezone(UTC)


def grant(
    unit: Unit,
    token: str,
    name: str,
    handle: str,
    reach: Collection[Reach],
    teams: Collection[str],
    expires_at: datetime | None,
    by: By,
    now: datetime,
) -> Access:
    """A token under a name, of the agent of that handle (empty: of nobody). `teams`: whose conversations it sees; empty: all.

    `token`: as it will be shown, drawn by whoever asks. Raises Problem: no name, nobody of that handle, a team that is none, an
    instant that has passed; acting without an agent, administering without an admin.
    """
    called = " ".join(name.split())[:LONGEST]
    if not called:
        raise Problem("access.no_name")
    if expires_at is not None and expires_at <= now:
        raise Problem("access.over_already", name=called)
    roster = people.roster(unit)
    agent = roster.agent(handle) if handle else None
    if handle and (agent is None or agent.disabled):
        known = ", ".join(one.handle for one in roster.agents if not one.disabled) or "-"
        raise Problem("action.unknown_agent", name=handle, known=known)
    wanted = tuple(one for one in Reach if one in reach or one is Reach.READ)
    if agent is None and wanted != (Reach.READ,):
        raise Problem("access.nobody_acts", name=called)
    if Reach.ADMIN in wanted and agent is not None and not agent.admin:
        raise Problem("access.no_admin", handle=agent.handle)
    among = [roster.team(one) for one in teams]
    if None in among:
        known = ", ".join(one.name for one in roster.teams) or "-"
        raise Problem(
            "action.unknown_team", name=next(t for t, a in zip(teams, among, strict=True) if a is None), known=known
        )
    limits = tuple(team.id for team in among if team is not None) or None
    new = Access(AccessId(0), called, agent.id if agent else None, wanted, limits, now, expires_at)
    id = access.add(unit, digest(token), new)
    words = [one.value for one in wanted]
    audit.record(unit, Act.TOKEN_ADDED, by, now, about=new.agent, name=called, detail=words)
    return Access(
        id, *(getattr(new, field) for field in ("name", "agent", "reach", "teams", "created_at", "expires_at"))
    )


def revoke(unit: Unit, id: AccessId, by: By, now: datetime) -> Access:
    """The token opens nothing from now on. Raises Problem where there is none of that number that stands."""
    known = access.one(unit, id)
    if known is None or not access.revoke(unit, id, now):
        raise Problem("access.no_such", number=str(id))
    audit.record(unit, Act.TOKEN_REVOKED, by, now, about=known.agent, name=known.name)
    return known
