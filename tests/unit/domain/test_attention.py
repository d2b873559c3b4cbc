"""How an agent likes to be told."""

from datetime import UTC, datetime, time

import pytest

from inbox.domain.attention import Kind, Likes, Place, Quiet

NIGHT = Quiet(time(20), time(8), frozenset({0}), "Asia/Tehran")
"""Monday evening until Tuesday morning."""
NOON = Quiet(time(12), time(13), frozenset({0}), "Asia/Tehran")


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        (datetime(2026, 11, 23, 16, 29, tzinfo=UTC), False),
        (datetime(2026, 11, 23, 16, 30, tzinfo=UTC), True),
        (datetime(2026, 11, 24, 4, 29, tzinfo=UTC), True),
        (datetime(2026, 11, 24, 4, 30, tzinfo=UTC), False),
        (datetime(2026, 11, 24, 16, 30, tzinfo=UTC), False),
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_begins(at: datetime, quiet: bool) -> None:
    assert NIGHT.holds(at) is quiet


def test_hours_within_a_day_end_in_it() -> None:
    assert NOON.holds(datetime(2026, 11, 23, 8, 30, tzinfo=UTC))
    assert not NOON.holds(datetime(2026, 11, 23, 9, 30, tzinfo=UTC))


def test_what_a_rule_tells_has_a_wish_of_its_own() -> None:
    likes = Likes(notices={Kind.LATE: frozenset({Place.MAIL}), Kind.RULES: frozenset()})
    assert likes.wants("promise-late", Place.MAIL)
    assert not likes.wants("promise-late", Place.PAGE)
    assert not likes.wants("promise-late", Place.MAIL, rule=True)
    assert likes.wants("mentioned", Place.PAGE), "whoever has not chosen has what everybody has"
