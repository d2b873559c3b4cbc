"""The ratings of a period, counted by team, agent and channel: one statement, however many there are."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.ids import AgentId, TeamId
from inbox.domain.ratings import Survey
from inbox.store.tables import conversation, survey
from inbox.store.unit import Unit

_S, _C = survey.c, conversation.c


@dataclass(frozen=True, slots=True)
class Counted:
    """So many surveys that are alike. `score` None: nobody answered. `asked`: in the period; `given`: the answer came in it."""

    kind: Survey
    team: TeamId | None
    agent: AgentId | None
    channel: str
    score: int | None
    asked: bool
    given: bool
    count: int


def counted(unit: Unit, since: datetime, until: datetime) -> list[Counted]:
    """What was asked or answered from `since` to before `until`; of an answer that was changed, the latest."""
    asked = sa.and_(_S.asked_at >= since, _S.asked_at < until)
    given = sa.and_(_S.rated_at >= since, _S.rated_at < until)
    alike = (
        _S.kind,
        _S.team_id,
        _S.agent_id,
        _S.channel,
        _S.score,
        sa.case((asked, 1), else_=0),
        sa.case((given, 1), else_=0),
    )
    query = sa.select(*alike, sa.func.count()).where(sa.or_(asked, given))
    rows = unit.execute(query.group_by(*(sa.text(str(n)) for n in range(1, len(alike) + 1)))).all()
    return [
        Counted(Survey(kind), _team(team), _agent(agent), channel, score, bool(was), bool(came), count)
        for kind, team, agent, channel, score, was, came, count in rows
    ]


def unasked(unit: Unit, since: datetime, until: datetime) -> dict[str, int]:
    """Why nobody was asked about matters that were done in a period, each reason (a catalogue key) with how often."""
    over = sa.and_(_C.done_at.is_not(None), _C.done_at >= since, _C.done_at < until)
    query = sa.select(_S.why, sa.func.count()).join_from(survey, conversation, _C.id == _S.conversation_id)
    rows = unit.execute(query.where(over, _S.why != "", _S.asked_at.is_(None)).group_by(_S.why).order_by(_S.why)).all()
    return {str(row[0]): int(row[1]) for row in rows}


def _team(id: int | None) -> TeamId | None:
    return None if id is None else TeamId(id)


def _agent(id: int | None) -> AgentId | None:
    return None if id is None else AgentId(id)
