"""A template that is broken hinders whoever would use it, and nobody else."""

from pathlib import Path

import pytest

from inbox.store import tables as t
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.cli.talk import Talk
from tests.web.sites import contact, conversation, message


@pytest.fixture
def asked(inbox: Talk, site: Path) -> Talk:
    """A question is here, an agent too, and the words of answers are broken."""

    def question(unit: Unit) -> None:
        unit.add(t.channel, {"name": "support", "kind": "email"})
        matter = conversation(unit, "Z9ZZ", contact(unit, "Lena", "lena@example.com"))
        message(unit, matter, "inbound", "Where is it?")

    assert inbox("agents", "add", "sara").code == 0
    store = Store("sqlite:///data/inbox.db", site)
    store.write_now(question)
    store.close()
    broken = site / "templates" / "messages" / "reply" / "en" / "body.txt.j2"
    broken.parent.mkdir(parents=True, exist_ok=True)
    broken.write_text("{{ nobody }}\n", encoding="utf-8")
    return inbox


def test_an_answer_is_not_sent_and_its_agent_is_told_of_the_file(asked: Talk) -> None:
    refused = asked("reply", "Z9ZZ", "There.", "--as", "sara")
    assert refused.code == 2
    assert "templates/messages/reply/en/body.txt.j2" in refused.err
    assert asked("outbox", "--format", "json").out.strip() == "[]"


def test_all_else_goes_on(asked: Talk) -> None:
    for words in (("note", "Z9ZZ", "Look."), ("assign", "Z9ZZ", "me"), ("done", "Z9ZZ")):
        assert asked(*words, "--as", "sara").code == 0
