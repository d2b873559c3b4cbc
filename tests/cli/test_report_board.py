"""`inbox report board`: the numbers of the page, in each form."""

import csv
import io
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from inbox.domain.ids import AgentId
from inbox.domain.people import Agent
from inbox.pipeline.leading_tables import NAMES
from inbox.runtime.wakes import ProcessWake
from inbox.settings.options import SiteOptions
from inbox.store import people
from inbox.store import tables as t
from inbox.store.store import Store
from inbox.store.unit import Unit
from inbox.testing import FakeClock
from tests.cli.talk import Talk
from tests.store.rows import contact
from tests.web.asking import Visitor
from tests.web.sites import Site

NOW = datetime.now(UTC)


def _fill(unit: Unit) -> None:
    sara = people.put_agent(unit, Agent(AgentId(0), "sara", "Sara", "sara@acme", lead=True))
    team = people.put_team(unit, "orders", "Orders", [sara])
    row = {"version": 1, "channel": "mail", "contact_id": contact(unit), "tags": [], "fields": [], "pinned": []}
    mine = {"team_id": team, "assignee_id": sara, "waiting_since": NOW - timedelta(days=1)}
    late = {"due_at": NOW - timedelta(hours=5), "opened_at": NOW - timedelta(days=3)}
    one = unit.insert(t.conversation, **row, **mine, **late, reference="K7Q2", subject="=late()")
    unit.insert(
        t.conversation, **row, reference="M9XX", opened_at=NOW - timedelta(hours=1), due_at=NOW + timedelta(days=9)
    )
    stopped = {"started_at": NOW - timedelta(days=3), "stopped_at": NOW - timedelta(days=2), "ended": "reply"}
    more = {"cycle": 1, "pauses": "[]", "worked_seconds": 5400.0, **stopped}
    unit.insert(t.clock, conversation_id=one, metric="first_reply", **more)


@pytest.fixture
def told(inbox: Talk) -> Iterator[tuple[Talk, Store]]:
    """A site with two conversations, and its store."""
    assert inbox("migrate").code == 0
    with closing(Store("sqlite:///data/inbox.db", inbox.site)) as store:
        store.write_now(_fill)
        yield inbox, store


async def test_the_command_line_and_the_page_tell_the_same(told: tuple[Talk, Store]) -> None:
    inbox, store = told
    lead = Visitor((site := Site(store, FakeClock(NOW), SiteOptions(name="Acme"), ProcessWake())).app())
    await lead.sign_in(site.link("owner", None))
    whole = inbox("report", "board", "--days", "7", "--format", "json").json()
    for name in NAMES:
        page = (await lead.get(f"/board.csv?table={name}&days=7")).text.removeprefix("\ufeff")
        printed = inbox("report", "board", "--days", "7", "--table", name, "--format", "csv").out
        assert printed == page.replace("\r\n", "\n"), name
        rows = list(csv.reader(io.StringIO(page)))
        assert list(whole[name][0]) == rows[0] if whole[name] else len(rows) == 1
    assert whole["queue"][0]["late"] == 1
    assert whole["first_reply"] == [
        {"hours": "calendar", "n": 1, "p50_seconds": 86400, "p90_seconds": 86400},
        {"hours": "working", "n": 1, "p50_seconds": 5400, "p90_seconds": 5400},
    ]


def test_people_read_it_in_both_languages(told: tuple[Talk, Store]) -> None:
    inbox, _ = told
    said = inbox("report", "board")
    assert said.code == 0, said.err
    assert "Queue by team" in said.out
    assert "1 h 30 m" in said.out
    persian = inbox("report", "board", "--lang", "fa", "--table", "first_reply").out
    assert "۱ ساعت و ۳۰ دقیقه" in persian
    assert not set("13456789") & set(persian.replace("p50", "").replace("p90", ""))


def test_markdown_has_a_table_for_each_part(told: tuple[Talk, Store]) -> None:
    inbox, _ = told
    said = inbox("report", "board", "--format", "md").out
    assert said.count("\n## ") == len(NAMES)
    assert "| team | open | unassigned | late | at_risk | oldest_waiting_since |\n| --- |" in said


def test_what_cannot_be_is_said(told: tuple[Talk, Store]) -> None:
    inbox, _ = told
    several = inbox("report", "board", "--format", "csv")
    assert (several.code, "--table" in several.err) == (2, True)
    strange = inbox("report", "board", "--table", "secrets")
    assert (strange.code, "first_reply" in strange.err) == (2, True)
    for words in (("list",), ("report", "promises")):
        elsewhere = inbox(*words, "--format", "csv")
        assert (elsewhere.code, "inbox report NAME" in elsewhere.err) == (2, True)
