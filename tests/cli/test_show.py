"""`inbox show`: what it tells of a message that is not all there."""

from pathlib import Path

import pytest

from inbox.domain.messages import WARNINGS
from inbox.store import tables as t
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.cli.talk import Talk
from tests.web.sites import WORDING, contact, conversation, message


def test_a_message_of_which_only_the_beginning_is_there_says_so(inbox: Talk, site: Path) -> None:
    def two(unit: Unit) -> None:
        unit.add(t.channel, {"name": "support", "kind": "email"})
        matter = conversation(unit, "Z9ZZ", contact(unit, "Lena", "big@example.com"))
        message(unit, matter, "inbound", "The film is attached.", defects=["oversized"])
        message(unit, matter, "inbound", "Have you seen it?")

    assert inbox("list").code == 0
    store = Store("sqlite:///data/inbox.db", site)
    store.write_now(two)
    store.close()
    told = inbox("show", "Z9ZZ").out
    assert told.count("What is shown here is its beginning") == 1
    assert "آغاز آن است" in inbox("show", "Z9ZZ", "--lang", "fa").out


@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_warning_has_its_words(language: str) -> None:
    told = [WORDING.say(language, f"defect.{warning}") for warning in WARNINGS]
    assert len(set(told)) == len(WARNINGS)
