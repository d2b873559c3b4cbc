"""`inbox digest`: the letter of the day as it would be sent, without sending it or marking anything."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from inbox.domain.attention import Likes
from inbox.domain.digest import Digest
from inbox.domain.ids import AgentId
from inbox.pipeline.daily import like
from inbox.store import tables as t
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.cli.talk import Talk
from tests.web.sites import contact, conversation

EIGHT = Digest(time(8), "Asia/Tehran")


def laid(site: Path, *, daily: bool) -> None:
    def work(unit: Unit) -> None:
        unit.insert_new(t.channel, name="support", kind="email")
        soon = datetime.now(UTC) + timedelta(hours=3)
        conversation(unit, "Z9ZZ", contact(unit, "Lena", "lena@example.com"), subject="The bill", assignee_id=1)
        conversation(
            unit, "Y8YY", contact(unit, "Omid", "o@example.com"), subject="An order", assignee_id=1, due_at=soon
        )
        if daily:
            like(unit, AgentId(1), Likes(digest=EIGHT), datetime.now(UTC))

    store = Store("sqlite:///data/inbox.db", site)
    store.write_now(work)
    store.close()


def test_it_is_shown_in_the_agents_language_and_nothing_is_marked(inbox: Talk, site: Path) -> None:
    inbox("agents", "add", "sara", "--address", "sara@example.com", "--language", "fa")
    laid(site, daily=True)
    for _ in range(2):
        told = inbox("digest", "sara").out
        assert "The next letter of the day of sara is due: " in told
        assert "باز و با شما: ۲" in told
        assert told.index("An order") < told.index("The bill"), "what is due comes first"
    found = inbox("digest", "sara", "--format", "json").json()
    assert found["agent"] == "sara"
    assert found["letter"]["subject"].startswith("روز شما")
    store = Store("sqlite:///data/inbox.db", site)
    assert store.read_now(lambda unit: list(unit.execute(t.delivery.select()))) == []
    store.close()


def test_who_has_not_chosen_it_and_who_has_nothing(inbox: Talk, site: Path) -> None:
    inbox("agents", "add", "sara")
    told = inbox("digest", "sara").out
    assert "has not chosen to get a letter a day" in told
    assert "There is nothing to tell now" in told
    laid(site, daily=False)
    assert "Your day" in inbox("digest", "sara").out
    assert inbox("digest", "nobody").code != 0
