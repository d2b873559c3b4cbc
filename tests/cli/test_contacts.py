"""`inbox contacts`: who a customer is, at the command line."""

from pathlib import Path

import pytest

from inbox.store import conversations, people
from inbox.store import tables as t
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.cli.talk import Talk
from tests.web.sites import NOW, contact, conversation, message


@pytest.fixture
def talk(inbox: Talk, site: Path) -> Talk:
    """Lena by mail, and somebody with another address."""

    def two(unit: Unit) -> None:
        unit.add(t.channel, {"name": "support", "kind": "email"})
        for reference, name, address in (("K2BB", "Lena", "lena@example.com"), ("B3BB", "", "other@example.com")):
            who = contact(unit, name, address)
            matter = conversation(unit, reference, who, version=0)
            known = people.known(unit, "email", address)
            assert known is not None
            conversations.add_participant(unit, matter, known[1].id, NOW, opened=True)
            message(unit, matter, "inbound", "Hello", sender=[address, name])

    assert inbox("list").code == 0
    store = Store("sqlite:///data/inbox.db", site)
    store.write_now(two)
    store.close()
    assert inbox("agents", "add", "reza", "--name", "Reza", "--address", "reza@example.org").code == 0
    return inbox


def test_a_contact_is_shown_by_number_reference_and_address(talk: Talk) -> None:
    for who in ("1", "K2BB", "email:lena@example.com"):
        told = talk("contacts", "show", who).out
        assert "Lena" in told
        assert "email:lena@example.com  claimed" in told
    found = talk("contacts", "show", "1", "--format", "json").json()
    assert [one["address"] for one in found["identities"]] == ["lena@example.com"]
    assert "No contact is known as “nobody”" in talk("contacts", "show", "nobody").err


def test_a_link_is_made_shown_and_undone(talk: Talk) -> None:
    linked = talk("contacts", "link", "B3BB", "--to", "email:lena@example.com", "--as", "reza")
    assert "email:other@example.com belongs to contact 1 now" in linked.out
    told = talk("contacts", "show", "1").out
    assert "email:other@example.com · linked by an agent: from contact 2 to 1" in told
    shown = talk("show", "B3BB").out
    assert "email:lena@example.com  claimed" in shown
    assert "-> email:lena@example.com by support: not proved to be theirs" in shown
    assert "-> email:other@example.com by support: answers go here" in shown
    assert "پاسخ به اینجا می‌رود" in talk("show", "B3BB", "--lang", "fa").out
    undone = talk("contacts", "unlink", "B3BB", "--as", "reza", "--format", "json").json()
    assert (undone["done"], undone["contact"]) == ("done.unlinked", 2)
    assert "undone" in talk("contacts", "show", "1").out


def test_what_cannot_be_says_what_to_do(talk: Talk) -> None:
    assert "--to" in talk("contacts", "link", "B3BB", "--as", "reza").err
    assert "authserv_id" in talk("contacts", "prove", "B3BB", "x@example.com", "--as", "reza").err
    talk("contacts", "link", "B3BB", "--to", "email:lena@example.com", "--as", "reza")
    refused = talk("reply", "B3BB", "Hi", "--over", "email:lena@example.com", "--as", "reza")
    assert "inbox contacts prove B3BB lena@example.com" in refused.err
    assert "email:other@example.com" in talk("reply", "B3BB", "Hi", "--over", "fax", "--as", "reza").err
