"""`inbox show`: what it tells of a message that is not all there."""

from pathlib import Path

import pytest

from inbox.domain.ids import ArrivalId, ChannelName
from inbox.domain.messages import WARNINGS
from inbox.store import arrivals, edits
from inbox.store import tables as t
from inbox.store.arrivals import Landing
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.cli.talk import Talk
from tests.web.sites import WORDING, contact, conversation, lost_files, message, minutes


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


def test_an_edited_message_says_so_and_shows_the_old_words_where_they_are_asked_for(inbox: Talk, site: Path) -> None:
    def one(unit: Unit) -> None:
        unit.add(t.channel, {"name": "support", "kind": "email"})
        matter = conversation(unit, "Z9ZZ", contact(unit, "Lena", "lena@example.com"))
        id = message(unit, matter, "inbound", "Send it to Shiraz.")
        arrivals.land(unit, ChannelName("support"), [Landing("k", 1, b"x")], None, minutes(0))
        edits.add(unit, id, ArrivalId(1), "e1", "Send it to Tabriz.", None, minutes(0))

    assert inbox("list").code == 0
    store = Store("sqlite:///data/inbox.db", site)
    store.write_now(one)
    store.close()
    told = inbox("show", "Z9ZZ").out
    assert ("Tabriz" in told, "Shiraz" in told, " · edited" in told) == (True, False, True)
    assert "> Send it to Shiraz." in inbox("show", "Z9ZZ", "--why").out
    assert "ویرایش‌شده" in inbox("show", "Z9ZZ", "--lang", "fa").out
    (shown,) = inbox("show", "Z9ZZ", "--format", "json").json()["messages"]
    assert (shown["message"]["text"], shown["edits"][0]["text"]) == ("Send it to Shiraz.", "Send it to Tabriz.")


def test_of_a_file_that_cannot_be_had_it_is_told_why(inbox: Talk, site: Path) -> None:
    assert inbox("list").code == 0
    store = Store("sqlite:///data/inbox.db", site)
    store.write_now(lambda unit: unit.add(t.channel, {"name": "support", "kind": "email"}))
    store.write_now(lost_files)
    store.close()
    told = inbox("show", "F7KR").out
    assert "no longer available · “bots.example” does not give out this file any more" in told
    assert "large.jpg" in told
    assert "no longer available · it is larger than the network gives out" in told
    assert "بزرگ‌تر از اندازه‌ای است" in inbox("show", "F7KR", "--lang", "fa").out
