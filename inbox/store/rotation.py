"""The rotation of a team: in which order its members were last given a conversation."""

import sqlalchemy as sa

from inbox.domain.ids import AgentId, TeamId
from inbox.store import tables as t
from inbox.store.prepared import Prepared
from inbox.store.unit import Unit

_R = t.rotation.c
_OF = Prepared(sa.select(_R.agent_id, _R.number).where(_R.team_id == sa.bindparam("team")))
_MINE = Prepared(sa.update(t.rotation).where(_R.team_id == sa.bindparam("team"), _R.agent_id == sa.bindparam("agent")))


def of(unit: Unit, team: TeamId) -> dict[AgentId, int]:
    """The number of each member's last turn, the higher the later; who has had none yet is missing."""
    return {AgentId(agent): number for agent, number in unit.run(_OF, team=team)}


def took(unit: Unit, team: TeamId, agent: AgentId, number: int) -> None:
    """It was their turn. Of two units that read the same turns, the database lets one through: the other is run again."""
    if not unit.insert_new(t.rotation, team_id=team, agent_id=agent, number=number):
        unit.count(_MINE, team=team, agent=agent, number=number)
