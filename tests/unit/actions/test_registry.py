"""The registry: every action stands in it once, its sentences exist, and its arguments are checked and clean."""

from pathlib import Path

import pytest

from inbox.actions.action import Arguments, Surface
from inbox.actions.conversation import Tag
from inbox.actions.registry import actions
from inbox.actions.speaking import Note, Reply
from inbox.text.wording import load

WORDING = load(Path(__file__).parents[3] / "inbox" / "locale")


def test_every_action_stands_under_its_own_name_and_somewhere() -> None:
    found = actions()
    assert list(found) == [action.name for action in found.values()]
    assert {"reply", "note", "assign", "take", "done", "open", "spam", "priority", "tag"} <= set(found)
    assert all(action.surfaces for action in found.values())
    assert all(reason for action in found.values() for reason in action.absent.values())


@pytest.mark.parametrize("name", sorted(actions()))
def test_what_an_action_is_offered_on_and_absent_from_is_every_surface(name: str) -> None:
    action = actions()[name]
    assert action.surfaces | set(action.absent) == set(Surface)


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize(
    "key", ["done.reply", "done.note", "done.assigned", "done.unassigned", "done.team", "done.state", "done.already"]
)
def test_what_was_done_is_said_in_both_languages(key: str, language: str) -> None:
    facts = {"reference": "K7Q2", "agent": "Reza", "team": "Support", "state": "done"}
    assert "K7Q2" in WORDING.say(language, key, **facts)


# -- arguments ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", [Reply, Note])
def test_letters_that_cannot_be_stored_are_taken_out(kind: type[Arguments]) -> None:
    checked = kind.model_validate({"text": "a\0b\ud800c\u200cد"})
    assert getattr(checked, "text", None) == "abc\u200cد"


def test_lists_of_texts_are_cleaned_as_well() -> None:
    assert Tag.model_validate({"add": ["a\0"], "remove": ("b", "c\udfff")}) == Tag(add=("a",), remove=("b", "c"))


@pytest.mark.parametrize(
    "given", [{"text": "x", "colour": "red"}, {}, {"text": "x", "seen": -1}, {"text": "x", "then": "spam"}, "x"]
)
def test_what_an_action_does_not_take_is_refused(given: object) -> None:
    with pytest.raises(ValueError, match="validation error"):
        Reply.model_validate(given)
