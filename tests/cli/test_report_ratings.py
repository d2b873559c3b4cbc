"""`inbox report ratings`: the table, and for people why nobody was asked."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from inbox.domain.ratings import Survey
from inbox.store import conversations, surveys
from inbox.store import tables as t
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.cli.talk import Talk
from tests.store.rows import contact

NOW = datetime.now(UTC)


def _fill(unit: Unit) -> None:
    row = {"version": 1, "channel": "mail", "contact_id": contact(unit), "tags": [], "fields": [], "pinned": []}
    for number, score in enumerate((5, 4, 2, None)):
        known = {**row, "reference": f"R{number}", "state": "done", "done_at": NOW - timedelta(hours=3)}
        about = conversations.peek(unit, unit.insert(t.conversation, **known))  # type: ignore[arg-type]  # its number
        id = surveys.add(unit, Survey.CSAT, about)
        assert id is not None
        surveys.ask(unit, id, about, "mail", NOW, NOW + timedelta(days=14))
        if score is not None:
            surveys.rate(unit, id, score, "", "link", NOW - timedelta(minutes=1))
    known = {**row, "reference": "NOT", "state": "done", "done_at": NOW - timedelta(minutes=3)}
    matter = conversations.peek(unit, unit.insert(t.conversation, **known))  # type: ignore[arg-type]  # its number
    surveys.add(unit, Survey.CSAT, matter, "silent.machine")


@pytest.fixture
def told(inbox: Talk) -> Iterator[Talk]:
    assert inbox("migrate").code == 0
    with closing(Store("sqlite:///data/inbox.db", inbox.site)) as store:
        store.write_now(_fill)
        yield inbox


def test_people_read_figures_and_reasons(told: Talk) -> None:
    said = told("report", "ratings", "--days", "2")
    assert said.code == 0, said.err
    assert "Satisfaction (CSAT)" in said.out
    assert "66.7" in said.out
    assert "75" in said.out
    assert "Matters about which nobody was asked:" in said.out
    assert told("--lang", "fa", "report", "ratings").code == 0


def test_programs_read_the_table(told: Talk) -> None:
    (whole, *_) = told("report", "ratings", "--days", "2", "--format", "json").json()["ratings"]
    assert (whole["given"], whole["satisfied"], whole["average"]) == (3, 0.6667, 3.67)
    assert (whole["asked"], whole["answered"], whole["response_rate"]) == (4, 3, 0.75)
    assert told("report", "ratings", "--format", "csv").out.splitlines()[0].startswith("survey,by,name,given,")
