"""The timetable is the same for the same seed, keeps its rate, and never has anybody follow up what has hardly been sent."""

import itertools
from collections import Counter
from datetime import UTC, datetime
from statistics import mean

import pytest

from bench.letters import Language
from bench.timetable import RESTS, Arrival, Way, timetable

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
MADE = list(timetable(20, 120, 42, NOW))


def test_it_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    assert list(timetable(20, 5, 7, NOW)) == list(timetable(20, 5, 7, NOW))
    assert [one.at for one in timetable(20, 5, 7, NOW)] != [one.at for one in timetable(20, 5, 8, NOW)]


def test_arrivals_keep_their_rate_and_come_in_no_rhythm() -> None:
    pauses = [later.at - one.at for one, later in itertools.pairwise(MADE)]
    assert mean(pauses) == pytest.approx(1 / 20, rel=0.1)
    assert sum(pause > 2 * mean(pauses) for pause in pauses) / len(pauses) == pytest.approx(0.135, abs=0.03)


def test_what_follows_a_matter_up_comes_by_its_way_and_rested() -> None:
    before: dict[int, Arrival] = {}
    for one in MADE:
        assert one.opens is (one.matter not in before)
        if not one.opens:
            last = before[one.matter]
            assert last.way is one.way
            assert one.at - last.at > RESTS
        before[one.matter] = one
    assert 0.5 < sum(one.opens for one in MADE) / len(MADE) < 0.8


def test_all_ways_and_both_languages_are_there_and_each_message_is_known_by_its_key() -> None:
    ways, languages = Counter(one.way for one in MADE), Counter(one.language for one in MADE)
    assert ways[Way.LISTENER] > ways[Way.IMAP] > ways[Way.CHAT] > 0
    assert languages[Language.PERSIAN] > languages[Language.ENGLISH] > 0
    assert len({one.key for one in MADE}) == len(MADE)
    assert all(one.key.encode() in one.content for one in MADE)
