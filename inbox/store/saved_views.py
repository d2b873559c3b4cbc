"""Views that people keep: a query under a name, an agent's own or a team's."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.ids import AgentId, TeamId
from inbox.domain.problems import Problem
from inbox.domain.scope import Scope
from inbox.store import people
from inbox.store import tables as t
from inbox.store.prepared import Prepared
from inbox.store.unit import Unit

MOST = 50
"""Views of one agent or team."""
LONGEST = 60
"""Characters of a name."""
_C = t.saved_view.c


@dataclass(frozen=True, slots=True)
class SavedView:
    """One view; `team` empty: the agent's own."""

    id: int
    name: str
    query: str
    agent: AgentId | None
    team: TeamId | None


def _those(whose: sa.ColumnElement[bool]) -> Prepared:
    order = (_C.team_id.is_not(None), _C.team_id, _C.position, _C.id)
    fields = (_C.id, _C.name, _C.query, _C.agent_id, _C.team_id)
    return Prepared(sa.select(*fields).where(whose).order_by(*order).limit(MOST * 3))


_M = t.membership.c
_OF_TEAMS = _those(_C.team_id.is_not(None))
_OF_AGENT = _those(
    sa.or_(
        _C.agent_id == sa.bindparam("agent"),
        _C.team_id.in_(sa.select(_M.team_id).where(_M.agent_id == sa.bindparam("agent"))),
    )
)


def of(unit: Unit, scope: Scope) -> list[SavedView]:
    """The views that an agent has: their own, then those of their teams. The owner of the site has those of all teams."""
    if not scope.notes:
        return []
    rows = unit.run(_OF_TEAMS) if scope.agent is None else unit.run(_OF_AGENT, agent=scope.agent)
    return [SavedView(*row) for row in rows]


def one(unit: Unit, scope: Scope, id: int) -> SavedView | None:
    """The view of that number, where it is one of theirs."""
    return next((view for view in of(unit, scope) if view.id == id), None)


def keep(unit: Unit, agent: AgentId, name: str, query: str, team: TeamId | None, now: datetime) -> int:
    """Keep a query under a name, behind the others. Raises Problem: without a name or query, or for a team that is not theirs."""
    called = _name(name)
    if not query.strip():
        raise Problem("views.no_query")
    if team is not None and team not in _teams(unit, agent):
        raise Problem("views.not_your_team")
    whose = _C.agent_id == agent if team is None else _C.team_id == team
    count, last = unit.execute(sa.select(sa.func.count(), sa.func.max(_C.position)).where(whose)).one()
    if count >= MOST:
        raise Problem("views.many", most=MOST)
    values = {"agent_id": agent if team is None else None, "team_id": team, "name": called, "query": query.strip()}
    return unit.insert(t.saved_view, **values, position=(last or 0) + 1, made_at=now)


def rename(unit: Unit, scope: Scope, id: int, name: str) -> None:
    """Another name. Raises Problem where it is not theirs, or the name is none."""
    view = _theirs(unit, scope, id)
    unit.execute(sa.update(t.saved_view).where(_C.id == view.id).values(name=_name(name)))


def change(unit: Unit, scope: Scope, id: int, query: str) -> None:
    """Another query under the same name. Raises Problem where it is not theirs."""
    view = _theirs(unit, scope, id)
    if not query.strip():
        raise Problem("views.no_query")
    unit.execute(sa.update(t.saved_view).where(_C.id == view.id).values(query=query.strip()))


def drop(unit: Unit, scope: Scope, id: int) -> None:
    """Gone. Raises Problem where it is not theirs."""
    unit.execute(sa.delete(t.saved_view).where(_C.id == _theirs(unit, scope, id).id))


def raise_up(unit: Unit, scope: Scope, id: int) -> None:
    """One place up among those of the same agent or team; the first stays where it is."""
    view = _theirs(unit, scope, id)
    beside = [v.id for v in of(unit, scope) if (v.agent, v.team) == (view.agent, view.team)]
    at = beside.index(id)
    beside[max(0, at - 1) : at + 1] = [id, *beside[max(0, at - 1) : at]]
    for position, one in enumerate(beside, 1):
        unit.execute(sa.update(t.saved_view).where(_C.id == one).values(position=position))


def _theirs(unit: Unit, scope: Scope, id: int) -> SavedView:
    view = one(unit, scope, id)
    if view is None or scope.agent is None:
        raise Problem("views.none_such")
    return view


def _name(typed: str) -> str:
    name = " ".join(typed.split())[:LONGEST]
    if not name:
        raise Problem("views.no_name")
    return name


def _teams(unit: Unit, agent: AgentId) -> list[TeamId]:
    return [team.id for team in people.roster(unit).teams if agent in team.members]
