"""`inbox rules explain`: why a conversation went where it went."""

from pathlib import Path

import pytest

from bench.past_site import with_past
from inbox.domain.assigning import Candidate, Choice, Reason
from inbox.rulebook.decision import Decision, Effects
from inbox.store import decisions
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.cli.talk import Talk
from tests.unit.rulebook.site import NOON, facts
from tests.web.sites import contact, conversation


@pytest.fixture
def site(site: Path) -> Path:
    """A site with a past."""
    with_past(site, decisions=20)
    return site


def first(inbox: Talk) -> str:
    return str(inbox("list", "--limit", "1", "--format", "json").json()[0]["reference"])


def test_the_rules_that_matched_with_what_they_saw_and_did(inbox: Talk) -> None:
    said = inbox("rules", "explain", first(inbox))
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0].startswith(f"#{first(inbox)} · 2026-")
    assert ": same outcome)" in lines[0]
    assert any(line.startswith("  ✓  default (rules/10-made.toml:") for line in lines)
    assert "       no conditions" in lines
    assert any(line.startswith("       ") and "policy=standard" in line for line in lines)
    assert any(line.endswith("rules did not match") for line in lines)
    assert not any(line.startswith("  –") for line in lines)


def test_all_shows_the_others_with_the_condition_that_failed(inbox: Talk) -> None:
    lines = inbox("rules", "explain", first(inbox), "--all").out.splitlines()
    assert any(line.startswith("  –  made ") for line in lines)
    assert any("? no" in line for line in lines)


def test_what_todays_rules_would_make_of_it(inbox: Talk, site: Path) -> None:
    file = site / "rules" / "10-made.toml"
    file.write_text(file.read_text("utf-8").replace('policy = "standard"', 'policy = "vip"'), "utf-8")
    said = inbox("rules", "explain", first(inbox))
    assert ": another outcome)" in said.out
    assert "  today: policy standard → vip" in said.out.splitlines()
    told = inbox("rules", "explain", first(inbox), "--format", "json").json()
    assert told["decisions"][0]["changes"] == [{"field": "policy", "before": "standard", "after": "vip"}]
    assert told["decisions"][0]["revision"] != told["live"]


def test_it_explains_while_todays_rules_are_broken(inbox: Talk, site: Path) -> None:
    (site / "rules" / "20-broken.toml").write_text("nonsense")
    said = inbox("rules", "explain", first(inbox))
    assert said.code == 0
    assert "today's rules cannot be read" in said.out


def test_it_explains_in_persian(inbox: Talk) -> None:
    said = inbox("rules", "explain", first(inbox), "--all", "--lang", "fa")
    assert "قواعد امروز" in said.out.splitlines()[0]
    assert "بدون شرط" in said.out
    assert "؟ نه" in said.out


def test_a_conversation_without_decisions_and_one_that_is_not_there(inbox: Talk, site: Path) -> None:
    store = Store("sqlite:///data/inbox.db", site)
    store.write_now(lambda unit: conversation(unit, "Z9ZZ", contact(unit, "Lena", "lena@example.com")))
    store.close()
    assert inbox("rules", "explain", "z9zz").out == (
        "No rule has run on #Z9ZZ: it was brought in silently, or opened by one of us.\n"
    )
    assert inbox("rules", "explain", "K7Q9").code == 2


def test_whom_a_strategy_came_to_is_told(inbox: Talk, site: Path) -> None:
    store = Store("sqlite:///data/inbox.db", site)
    store.write_now(_chosen)
    store.close()
    assert "reza" in inbox("rules", "explain", "Z9ZZ").out
    (only,) = inbox("rules", "explain", "Z9ZZ", "--format", "json").json()["decisions"]
    assert "reza" in only["choice"]


def _chosen(unit: Unit) -> None:
    matter = conversation(unit, "Z9ZZ", contact(unit, "Lena", "lena@example.com"))
    decision = Decision("r", facts(), (), Effects(), Choice("reza", Reason.LEAST_BUSY, (Candidate("reza"),)))
    decisions.add(unit, matter, None, "r", decision.to_json(), NOON)
