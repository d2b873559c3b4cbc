"""Ratings on both databases: what a period comes to, by hand; one survey of a kind in a conversation; what is still to be asked."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from inbox.domain.ids import AgentId, TeamId
from inbox.domain.people import Agent
from inbox.domain.ratings import Figures, Press, Survey, press
from inbox.pipeline.leading import board
from inbox.pipeline.leading_tables import tables
from inbox.store import channels, conversations, people, ratings, surveys
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.store.rows import CHAT, MAIL, NOW, later
from tests.store.test_leading import _matter as matter

ZONE = ZoneInfo("Asia/Tehran")


def filled(unit: Unit) -> None:
    """Sara (team orders, mail): asked 6, answered 5, 5, 4, 2. Omid (no team, chat): asked 2, answered 1; and 3 without having been
    asked. NPS: asked 6, answered 10, 9, 9, 7, 0. Last month: a 1, asked and answered then; and one asked then and answered now: 5."""
    sara = people.put_agent(unit, Agent(AgentId(0), "sara", "Sara", "sara@acme"))
    omid = people.put_agent(unit, Agent(AgentId(0), "omid", "Omid", "omid@acme"))
    orders = people.put_team(unit, "orders", "Orders", [sara])
    channels.ensure(unit, CHAT, "webchat")
    recently, before = later(days=-2), later(days=-20)
    number = 0

    def one(
        kind: Survey,
        who: AgentId,
        team: TeamId | None,
        channel: str,
        score: int | None,
        asked: object = recently,
        at: object = recently,
    ) -> None:
        nonlocal number
        number += 1
        id = matter(unit, f"R{number}", state="done", done_at=before)
        about = conversations.peek(unit, id)
        row = surveys.add(unit, kind, about)
        assert row is not None
        given = {"score": score, "rated_at": None if score is None else at}
        surveys.put(unit, row, team_id=team, agent_id=who, channel=channel, asked_at=asked, **given)

    for score in (5, 5, 4, 2, None, None):
        one(Survey.CSAT, sara, orders, MAIL, score)
    for score in (1, None):
        one(Survey.CSAT, omid, None, CHAT, score)
    one(Survey.CSAT, omid, None, CHAT, 3, asked=None)
    one(Survey.CSAT, sara, orders, MAIL, 1, asked=before, at=before)
    one(Survey.CSAT, sara, orders, MAIL, 5, asked=before)
    for score in (10, 9, 9, 7, 0, None):
        one(Survey.NPS, sara, orders, MAIL, score)


def test_a_period_comes_to_what_it_does_by_hand(store: Store) -> None:
    store.write_now(filled)
    rows = tables(store.read_now(board, ZONE, 7, NOW))["ratings"].rows
    # (survey, by, name, given, satisfied, nps, average, asked, answered, response rate)
    assert rows == (
        ("csat", "", "", 7, 0.5714, None, 3.57, 8, 5, 0.625),  # 5 5 5 4 | 3 2 1: 4 of 7; 25 / 7; 5 of 8
        ("csat", "team", "", 2, 0.0, None, 2.0, 2, 1, 0.5),  # 3 1
        ("csat", "team", "orders", 5, 0.8, None, 4.2, 6, 4, 0.6667),  # 5 5 5 4 2
        ("csat", "agent", "omid", 2, 0.0, None, 2.0, 2, 1, 0.5),
        ("csat", "agent", "sara", 5, 0.8, None, 4.2, 6, 4, 0.6667),
        ("csat", "channel", str(CHAT), 2, 0.0, None, 2.0, 2, 1, 0.5),
        ("csat", "channel", str(MAIL), 5, 0.8, None, 4.2, 6, 4, 0.6667),
        ("nps", "", "", 5, None, 40.0, 7.0, 6, 5, 0.8333),  # 3 promoters, 1 detractor of 5: 60 - 20
        ("nps", "team", "orders", 5, None, 40.0, 7.0, 6, 5, 0.8333),
        ("nps", "agent", "sara", 5, None, 40.0, 7.0, 6, 5, 0.8333),
        ("nps", "channel", str(MAIL), 5, None, 40.0, 7.0, 6, 5, 0.8333),
    )


def test_a_period_in_which_nobody_was_asked_has_no_figures(store: Store) -> None:
    store.write_now(filled)
    assert store.read_now(ratings.counted, later(days=-10), later(days=-9)) == []


def test_there_is_one_of_a_kind_in_a_conversation(store: Store) -> None:
    def unit(unit: Unit) -> list[object]:
        id = matter(unit, "ONE", state="done", done_at=NOW)
        about = conversations.peek(unit, id)
        return [surveys.add(unit, kind, about) for kind in (Survey.CSAT, Survey.CSAT, Survey.NPS)]

    first, second, other = store.write_now(unit)
    assert second is None
    assert None not in (first, other)


def test_only_what_was_done_in_time_and_is_still_done_is_to_be_asked_about(store: Store) -> None:
    hour = timedelta(hours=1)

    def unit(unit: Unit) -> None:
        matter(unit, "DONE", state="done", done_at=NOW - hour)
        matter(unit, "EARLY", state="done", done_at=NOW - hour + timedelta(microseconds=1))
        matter(unit, "LATE", state="done", done_at=NOW - 25 * hour)
        matter(unit, "OPEN", done_at=NOW - hour)
        matter(unit, "SPAM", state="spam", done_at=NOW - hour)
        matter(unit, "OLD", state="done", done_at=NOW - hour, history=True)
        matter(unit, "GONE", state="done", done_at=NOW - hour, merged_into_id=1)
        known = matter(unit, "KNOWN", state="done", done_at=NOW - hour)
        surveys.add(unit, Survey.CSAT, conversations.peek(unit, known))

    store.write_now(unit)
    found = store.read_now(surveys.closed, Survey.CSAT, NOW - 25 * hour, NOW - hour)
    assert [store.read_now(conversations.peek, id).reference for id in found] == ["DONE"]


def test_why_nobody_was_asked_is_counted(store: Store) -> None:
    def unit(unit: Unit) -> None:
        for number, why in enumerate(("survey.not_drawn", "survey.not_drawn", "silent.machine", "")):
            id = matter(unit, f"W{number}", state="done", done_at=NOW)
            surveys.add(unit, Survey.CSAT, conversations.peek(unit, id), why)

    store.write_now(unit)
    found = store.read_now(ratings.unasked, later(hours=-1), later(hours=1))
    assert found == {"silent.machine": 1, "survey.not_drawn": 2}
    assert store.read_now(ratings.unasked, later(hours=1), later(hours=2)) == {}


@pytest.mark.parametrize(("given", "nps"), [({10: 3}, 100.0), ({0: 2, 6: 1}, -100.0), ({7: 4, 8: 1}, 0.0), ({}, None)])
def test_nps_goes_from_minus_to_plus_a_hundred(given: dict[int, int], nps: float | None) -> None:
    figures = Figures(Survey.NPS, given)
    assert (figures.nps, figures.satisfied, figures.response) == (nps, None, None)


@pytest.mark.parametrize(
    "data", ["", "rate:", "rate:1", "rate:1:", "rate::4", "rate:1:4:5", "rate:-1:4", "choose:a:b", "rate:۱:4x"]
)
def test_data_that_is_no_score_of_ours_is_none(data: str) -> None:
    assert press(data) is None
    assert press(Press(17, 4).data) == Press(17, 4)
