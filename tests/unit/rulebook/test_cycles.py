"""A rule that puts to sleep what has just woken is found when the rules are checked."""

import pytest

from inbox.rulebook.cycles import cycles
from tests.unit.rulebook.site import book, rule, wording

SLEEP = 'then.snooze = "2 working days"'
ROUND = [
    "",
    'when.changed.state.from = "snoozed"',
    'when.changed.state.to = ["open", "done"]',
    'when.tag = "later"',
    'when.actor = "house"',
]
LATER = 'then.follow_up = { in = "2 working days", text = "Ask again" }'
ENDS = [
    'when.changed.state.from = "done"',
    'when.changed.state.to = "waiting"',
    'when.actor = "agent"',
    'when.state = "waiting"',
]


@pytest.mark.parametrize("when", ROUND)
def test_it_goes_round(when: str) -> None:
    (found,) = cycles(book(rule(f'on = "state-changed"\n{when}\n{SLEEP}')))
    assert (found.key, found.facts["where"], found.facts["name"]) == ("rules.cycle", "10-test.toml:1", "it")
    assert all(wording().problem(language, found) != str(found) for language in ("fa", "en"))


@pytest.mark.parametrize("when", ENDS)
def test_it_ends(when: str) -> None:
    assert list(cycles(book(rule(f'on = "state-changed"\n{when}\n{SLEEP}')))) == []


@pytest.mark.parametrize("other", ['on = "message-received"', 'on = "idle"\nwhen.idle.for = "1 working day"'])
def test_what_people_bring_about_is_no_round(other: str) -> None:
    assert list(cycles(book(rule(f"{other}\n{SLEEP}")))) == []


@pytest.mark.parametrize(
    ("when", "rounds"), [("", 1), ('when.changed.state.from = "done"', 1), ('when.actor = "agent"', 0)]
)
def test_a_task_that_makes_itself_again_goes_round(when: str, rounds: int) -> None:
    assert len(list(cycles(book(rule(f'on = "state-changed"\n{when}\n{LATER}'))))) == rounds
