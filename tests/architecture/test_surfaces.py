"""What each surface really offers is what the registry says it does; what it does not offer stands there with a reason."""

from pathlib import Path

import pytest

import inbox.web
from inbox.actions.action import Surface
from inbox.actions.registry import actions
from inbox.actions.words import HELP, NO_REPLY, Vocabulary
from inbox.cli.app import command
from inbox.site import catalogues
from inbox.text.wording import load
from inbox.web.agents import commands
from inbox.web.api.acting import operations

WORDING = load(catalogues())
CALLED = {
    "open": "reopen",
    "acknowledge": "ack",
    "follow_up": "followup",
    "task": "tasks add",
    "task_done": "tasks done",
    "task_move": "tasks move",
    "called": "tasks called",
    **{name: f"outbox {name}" for name in ("retry", "drop", "cancel", "resend")},
    **{name: f"contacts {name}" for name in ("link", "unlink", "prove", "block", "unblock")},
    "contact": "contacts change",
    "contact_note": "contacts note",
    "sight": "contacts sight",
    "asset": "assets link",
}
"""Actions whose command has another name than they have."""


def offered(surface: Surface) -> set[str]:
    """What the registry says of a surface."""
    return {name for name, action in actions().items() if surface in action.surfaces}


def test_the_command_line_offers_what_the_registry_says() -> None:
    made = command(WORDING, "en").commands
    there = {word: set(getattr(group, "commands", {})) for word, group in made.items()}
    found = set()
    for name in actions():
        word, _, inner = CALLED.get(name, name).partition(" ")
        if word in there and (inner in there[word] if inner else not there[word]):
            found.add(name)
    assert found == offered(Surface.CLI)


@pytest.mark.parametrize("surface", [Surface.MAIL, Surface.BOT])
def test_the_words_that_people_type_are_those_of_the_registry(surface: Surface) -> None:
    vocabulary = Vocabulary.of(actions(), surface, WORDING)
    assert set(vocabulary.words.values()) - {NO_REPLY, HELP} == offered(surface)


def test_the_api_offers_what_the_registry_says() -> None:
    named = {one.name for one in operations(WORDING)}
    assert {name.removeprefix("act_") for name in named} == offered(Surface.API)


def test_the_pages_offer_what_the_registry_says() -> None:
    written = {"write"} if (Path(inbox.web.__file__).parent / "pages" / "new.html.j2").exists() else set()
    assert {one.name for one in commands.of_actions()} | written == offered(Surface.WEB)


def test_every_omission_has_a_reason() -> None:
    for name, action in actions().items():
        for surface, reason in action.absent.items():
            assert len(reason.split()) > 2, (name, surface)
