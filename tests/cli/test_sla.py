"""`inbox sla`: what is owed in words of the reader's language, and clocks that are counted anew."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from inbox.cli.context import Chosen, Context
from inbox.domain import events as ev
from inbox.domain.conversations import Conversation
from inbox.domain.ids import ChannelName, ContactId, MessageId
from inbox.pipeline.turn import Turn
from inbox.site import catalogues
from inbox.sla.board import Terms
from inbox.store import conversations
from inbox.store import tables as t
from inbox.store.unit import Unit
from inbox.text.wording import load
from tests.cli.talk import Talk

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)  # Tuesday, 11:30 in Tehran
REFERENCES = ("K7Q2", "J2M4", "H3NP")


@pytest.fixture(autouse=True)
def _then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Context, "now", lambda _: NOW)


@pytest.fixture
def asked(site: Path) -> Path:
    """Three customers wait, the last one for somebody who is urgent."""
    context = Context(Chosen(site), load(catalogues()), "en")
    terms = context.playbook().terms
    context.store.write_now(_ask, terms)
    context.close()
    return site


def _ask(unit: Unit, terms: Terms) -> None:
    unit.add(t.channel, {"name": "support", "kind": "email"})
    contact = ContactId(unit.insert(t.contact, name="Sara", tags=[], created_at=NOW))
    for number, reference in enumerate(REFERENCES):
        id = conversations.draft(unit, reference, ChannelName("support"), contact)
        assert id is not None
        turn = Turn(unit, Conversation(id), "test", terms, NOW)
        turn.tell(ev.Opened("opened", reference, ChannelName("support"), contact, None, "Where is it?", "en"))
        turn.tell(ev.Received("received", MessageId(number + 1), contact, "Where?", NOW))
        turn.tell(ev.PolicySet("policy_set", "standard"))
        if number == 2:
            turn.tell(ev.PrioritySet("priority_set", "urgent"))
        turn.close()


def test_durations_are_said_in_the_language(inbox: Talk, asked: Path) -> None:
    assert "5 working days" in inbox("sla", "explain", "K7Q2").out
    persian = inbox("sla", "explain", "K7Q2", "--lang", "fa").out
    assert "۵ روز کاری" in persian
    assert "working" not in persian
    assert "۳۰ دقیقه (شبانه\u200cروزی)" in inbox("sla", "explain", "H3NP", "--lang", "fa").out


def test_after_a_closure_a_dry_run_tells_what_differs_and_a_real_one_stores_it(inbox: Talk, asked: Path) -> None:
    assert inbox("calendar", "close", "2026-11-24", "--reason", "برف").code == 0
    assert inbox("verify").code == 1, "hours are others than when these were counted"
    dry = inbox("sla", "recalc", "--dry-run", "--format", "json").json()
    assert (dry["conversations"], dry["changed"], dry["stored"]) == (3, 2, False)
    assert sorted((one["reference"], one["metric"]) for one in dry["clocks"]) == [
        (reference, metric) for reference in ("J2M4", "K7Q2") for metric in ("first_reply", "resolution")
    ]
    first = next(one for one in dry["clocks"] if one["metric"] == "first_reply")
    assert (first["old"], first["new"]) == ("2026-11-24T12:00:00+00:00", "2026-11-25T09:00:00+00:00")
    again = inbox("sla", "recalc", "--dry-run", "J2M4").out
    assert "#J2M4  first reply: 2026-11-24 15:30 → 2026-11-25 12:30" in plain(again)
    assert "Conversations looked at: 1; would change: 1." in again
    assert "changed: 2" in inbox("sla", "recalc").out
    assert inbox("sla", "recalc", "--format", "json").json()["changed"] == 0
    assert inbox("verify").code == 0
    told = inbox("show", "K7Q2", "--format", "json").json()
    assert [one["payload"]["kind"] for one in told["events"]][-1] == "clocks_recounted"


def test_some_are_counted_anew_and_the_rest_by_the_next_run(inbox: Talk, asked: Path) -> None:
    inbox("calendar", "close", "2026-11-24", "--reason", "برف")
    assert inbox("sla", "recalc", "K7Q2", "K7Q2", "--format", "json").json()["conversations"] == 1
    left = inbox("sla", "recalc", "--format", "json").json()
    assert {one["reference"] for one in left["clocks"]} == {"J2M4"}
    assert inbox("sla", "recalc", "NONE").code != 0


def test_explain_shows_what_escalates_and_when(inbox: Talk, asked: Path) -> None:
    file = asked / "rules" / "policies.toml"
    step = '\n[[policy.standard.escalate]]\nclock = "first_reply"\n{when}\nthen.tag = "late"\n'
    whens = ('at = "۵۰٪"', 'after = "2 working hours"')
    file.write_text(file.read_text("utf-8") + "".join(step.format(when=when) for when in whens), "utf-8")
    told = plain(inbox("sla", "explain", "K7Q2").out)
    assert "Escalates at 50 % of its time: 2026-11-24 13:30" in told
    assert "Escalates 2 working hours after it was due: 2026-11-25 09:00" in told
    assert "۲ ساعت کاری پس از مهلت" in inbox("sla", "explain", "K7Q2", "--lang", "fa").out
    found = inbox("sla", "explain", "K7Q2", "--format", "json").json()["clocks"]
    climbs = [one for clock in found for one in clock["escalation"]]
    assert [(one["step"], one["done_at"]) for one in climbs] == [("50%", None), ("2 working hours", None)]
    file.write_text(file.read_text("utf-8").replace('then.tag = "late"', 'then.team = "nobody"'), "utf-8")
    assert "nobody" in inbox("check").out


def plain(text: str) -> str:
    """Without the marks that keep foreign words together."""
    return "".join(one for one in text if one not in "\u2066\u2067\u2068\u2069")
