"""How a change is told: what adds up has a sign, what there is one of an arrow."""

from pathlib import Path

import pytest

import inbox
from inbox.rulebook.replay import Change
from inbox.rulebook.told import told
from inbox.text.wording import load

WORDING = load(Path(inbox.__file__).parent / "locale")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change("priority", "normal", "high"), "priority normal → high"),
        (Change("tag", "", "billing"), "tag + billing"),
        (Change("note", "call them", ""), "note − call them"),
        (Change("untag", "", "vip"), "untag + vip"),
        (Change("follow_up", "2 days: ask", ""), "follow_up − 2 days: ask"),
    ],
)
def test_a_change_in_words(change: Change, words: str) -> None:
    assert told(lambda key, **facts: WORDING.say("en", key, **facts), change) == words
