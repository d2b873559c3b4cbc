"""The first days of the simulated quarter, through the whole house: what must hold of it holds, and the judge can say no."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog

from bench.quarter.__main__ import play
from bench.quarter.judge import Seen, Told, checks
from bench.quarter.page import page

DAYS = 4


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """Four days, played once for all tests here."""
    before = structlog.get_config()
    try:
        return play(tmp_path_factory.mktemp("quarter"), seed=7, days=DAYS)
    finally:
        structlog.configure(**before)


def failing(found: Seen) -> set[str]:
    return {check.what for check in checks(found) if not check.holds}


def test_a_few_days_hold(found: Seen) -> None:
    assert failing(found) == set()
    assert len(found.asked) > 100
    assert {told.kind for told in found.told} == {"answer", "update"}
    assert "## What must hold" in page(found, checks(found), 7, DAYS)


def _late(told: Told) -> Told:
    return replace(told, answered_at=None, due_at=told.told_at)


def _on_friday(told: Told) -> Told:
    return replace(told, due_at=told.due_at + timedelta(days=(4 - told.due_at.weekday()) % 7))


def _by_heart(told: Told) -> Told:
    return replace(told, question=replace(told.question, channel="sales"), basis="history")


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("kept, of the first answers promised", _late),
        ("times outside the calendar", _on_friday),
        ("answers promised in an unsure case", _by_heart),
    ],
)
def test_the_judge_can_say_no(found: Seen, what: str, change: Callable[[Told], Told]) -> None:
    assert what in failing(replace(found, told=[change(told) for told in found.told]))


def test_the_judge_counts_what_went_out(found: Seen) -> None:
    twice = {key: count + 1 for key, count in found.spoken.items()}
    assert "conversations acknowledged once" in failing(replace(found, spoken=twice))
    notices = {**found.spoken, (1, "renewal"): 3}
    assert "notices of one question, at most" in failing(replace(found, spoken=notices))
