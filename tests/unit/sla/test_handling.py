"""How long one reply takes, read from when replies were written."""

from datetime import UTC, datetime, timedelta

from inbox.domain.ids import AgentId, TeamId
from inbox.sla.handling import Reply, handling

SARA, REZA = AgentId(1), AgentId(2)
SUPPORT, SALES = TeamId(1), TeamId(2)
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def reply(agent: AgentId, asked: float, given: float, team: TeamId | None = SUPPORT) -> Reply:
    return Reply(agent, team, NOW + timedelta(minutes=asked), NOW + timedelta(minutes=given))


def worked(since: datetime, until: datetime) -> float:
    return (until - since).total_seconds()


def test_a_reply_began_when_it_was_asked_for_or_the_one_before_was_given() -> None:
    given = [reply(SARA, 0, 10), reply(SARA, 2, 18), reply(SARA, 30, 35)]
    assert handling(given, worked)[SUPPORT].times == (5 * 60, 8 * 60)


def test_the_first_reply_of_an_agent_tells_nothing() -> None:
    found = handling([reply(SARA, 0, 90), reply(REZA, 0, 95)], worked)
    assert found[None].size == 0
    assert SUPPORT not in found


def test_each_agent_has_hands_of_their_own_and_each_team_its_replies() -> None:
    given = [reply(SARA, 0, 10), reply(REZA, 0, 12), reply(REZA, 1, 15, SALES), reply(SARA, 1, 20)]
    found = handling(given, worked)
    assert found[SUPPORT].times == (10 * 60,)
    assert found[SALES].times == (3 * 60,)
    assert found[None].size == 2


def test_two_replies_at_one_instant_are_one_reply() -> None:
    given = [reply(SARA, 0, 10), reply(SARA, 0, 10), reply(SARA, 0, 14)]
    assert handling(given, worked)[SUPPORT].times == (4 * 60,)
