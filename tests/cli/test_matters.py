"""What agents do with whole conversations and with people, at the command line."""

from contextlib import closing
from pathlib import Path

import pytest

from inbox.domain.rule_events import PageAcknowledged
from inbox.store import conversations, events, pages, people
from inbox.store import tables as t
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.cli.talk import Talk
from tests.web.sites import NOW, contact, conversation, message


@pytest.fixture
def talk(inbox: Talk, site: Path) -> Talk:
    """Two conversations with Lena by mail, and Reza who answers."""

    def two(unit: Unit) -> None:
        unit.add(t.channel, {"name": "support", "kind": "email"})
        lena = contact(unit, "Lena", "lena@example.com")
        known = people.known(unit, "email", "lena@example.com")
        assert known is not None
        for reference in ("K2BB", "B3BB"):
            matter = conversation(unit, reference, lena, version=0)
            conversations.add_participant(unit, matter, known[1].id, NOW, opened=True)
            message(unit, matter, "inbound", "Hello", sender=["lena@example.com", "Lena"])

    assert inbox("list").code == 0
    store = Store("sqlite:///data/inbox.db", site)
    store.write_now(two)
    store.close()
    assert inbox("agents", "add", "reza", "--name", "Reza", "--address", "reza@example.org").code == 0
    return inbox


def done(talk: Talk, *words: str) -> str:
    """Which sentence a command ended with."""
    told = talk(*words, "--as", "reza", "--format", "json")
    assert told.code == 0, told.err
    return str(told.json()["done"])


def test_what_is_known_of_a_person_is_told_and_shown(talk: Talk) -> None:
    known = ("--name", "Lena Berg", "--organization", "Berg AG", "--tag", "vip")
    assert done(talk, "contacts", "change", "K2BB", *known) == "done.contact"
    assert done(talk, "contacts", "note", "K2BB", "Call before noon") == "done.contact_note"
    assert done(talk, "contacts", "block", "K2BB") == "done.blocked"
    shown = talk("contacts", "show", "1").out
    for words in (
        "Lena Berg",
        "Organization: Berg AG · tags: vip",
        "Reza",
        "Call before noon",
        "is blocked",
        "K2BB  open",
    ):
        assert words in shown
    assert "email:lena@example.com" in talk("contacts", "blocked").out
    assert done(talk, "contacts", "unblock", "K2BB") == "done.unblocked"
    assert "Nobody is blocked." in talk("contacts", "blocked").out
    assert done(talk, "contacts", "note", "K2BB", "--end", "1") == "done.contact_note_ended"


def test_conversations_are_related_watched_and_merged(talk: Talk) -> None:
    assert done(talk, "relate", "K2BB", "B3BB") == "done.related"
    assert done(talk, "watch", "K2BB") == "done.watch"
    assert done(talk, "unwatch", "K2BB") == "done.unwatch"
    assert done(talk, "priority", "K2BB", "high") == "done.priority"
    assert done(talk, "undo", "K2BB") == "done.undone"
    assert done(talk, "merge", "B3BB", "K2BB") == "done.merged"
    ids = [one["message"]["id"] for one in talk("show", "K2BB", "--format", "json").json()["messages"]]
    assert done(talk, "split", "K2BB", str(ids[1]), "--subject", "Another thing") == "done.split"
    refused = talk("split", "K2BB", str(ids[0]), "--as", "reza")
    assert (refused.code, "something has to stay" in refused.err) == (2, True)


def test_tasks_are_set_listed_and_done(talk: Talk) -> None:
    assert "Nothing is to be done." in talk("tasks").out
    assert done(talk, "tasks", "add", "K2BB", "Call Lena", "2h") == "done.task"
    assert "Call Lena" in talk("tasks").out
    assert talk("tasks", "--mine", "--as", "reza", "--format", "json").json() == []
    assert done(talk, "tasks", "done", "1") == "done.task_done"
    assert "There is no task 7." in talk("tasks", "done", "7", "--as", "reza").err


def test_an_agent_writes_first_and_passes_on(talk: Talk, tmp_path: Path) -> None:
    file = tmp_path / "offer.txt"
    file.write_text("An offer")
    begun = talk(
        "write",
        "new@example.net",
        "Hello",
        "--subject",
        "Hi",
        "--attach",
        str(file),
        "--as",
        "reza",
        "--format",
        "json",
    )
    reference = begun.json()["reference"]
    shown = talk("show", reference).out
    assert "Hello" in shown
    assert "offer.txt" in shown
    assert done(talk, "forward", "K2BB", "out@example.net", "Can you look?") == "done.forward"
    assert "out@example.net" in talk("outbox").out
    assert done(talk, "followup", "K2BB", "And now?", "--subject", "Once more") == "done.follow_up"
    assert talk("outbox", "cancel", "1").code == 0
    assert "There is no delivery 77" in talk("outbox", "resend", "77", "a@b.example", "--as", "reza").err
    assert "A mail needs a subject." in talk("write", "new@example.net", "Hello", "--as", "reza").err


def test_whoever_is_called_says_that_they_have_it(talk: Talk, site: Path) -> None:
    assert done(talk, "ack", "K2BB") == "done.acknowledge_nothing"
    with closing(Store("sqlite:///data/inbox.db", site)) as store:
        matter = store.read_now(conversations.by_reference, "K2BB")
        assert matter is not None
        store.write_now(pages.begin, matter, "on call", ["agent:reza"], NOW)
        assert done(talk, "ack", "K2BB") == "done.acknowledge"
        assert store.read_now(pages.waiting, matter) == []
        said = [one for one in store.read_now(events.of, matter) if isinstance(one.payload, PageAcknowledged)]
        assert [(one.via, one.actor.name) for one in said] == [("cli", "Reza")]
    assert done(talk, "ack", "K2BB") == "done.acknowledge_nothing"
    refused = talk("ack", "K2BB", "--as", "nobody")
    assert refused.code != 0
    assert "nobody" in refused.err


def test_a_lead_lets_somebody_see_what_their_organization_asks_and_nobody_else_does(talk: Talk) -> None:
    assert done(talk, "contacts", "change", "K2BB", "--organization", "Berg AG") == "done.contact"
    refused = talk("contacts", "sight", "K2BB", "--as", "reza")
    assert (refused.code, "for leads" in refused.err) == (2, True)
    assert talk("agents", "add", "sara", "--name", "Sara", "--address", "sara@example.org", "--lead").code == 0
    assert "sees on the portal what others of Berg AG ask" in talk("contacts", "sight", "K2BB", "--as", "sara").out
    assert "Sees on the portal what others of Berg AG ask." in talk("contacts", "show", "1").out
    assert talk("contacts", "sight", "K2BB", "--take", "--as", "sara").code == 0
    assert "Sees on the portal" not in talk("contacts", "show", "1").out
