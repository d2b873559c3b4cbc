"""`inbox report schedule`, `scheduled` and `unschedule`."""

import pytest

from tests.cli.talk import Talk

WHO = ("--agent", "sara")


@pytest.fixture
def led(inbox: Talk) -> Talk:
    """Sara leads and has an address."""
    inbox("agents", "add", "sara", "--address", "sara@example.com", "--lead")
    return inbox


def test_it_is_scheduled_listed_and_ended(led: Talk) -> None:
    led("report", "schedule", "flow", *WHO, "--every", "month", "--at", "07:30", "--tag", "vip", "--hours", "working")
    told = led("report", "scheduled").out
    assert all(word in told for word in ("sara", "flow", "tag:vip", "every month", "07:30"))
    [row] = led("report", "scheduled", "--format", "json").json()
    assert (row["every"], row["only"], row["sent_at"], row["problem"]) == ("month", {"tag": "vip"}, None, None)
    assert row["due_at"] > "2026"
    led("report", "unschedule", str(row["id"]))
    assert led("report", "scheduled", "--format", "json").json() == []
    assert "No report goes by mail" in led("report", "scheduled").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("flow", *WHO, "--at", "25:00"), "is no time of day"),
        (("secrets", *WHO), "There is no report “secrets”"),
        (("flow", *WHO, "--team", "pirates"), "There is no team “pirates”"),
    ],
)
def test_what_cannot_be_is_said(led: Talk, words: tuple[str, ...], said: str) -> None:
    answer = led("report", "schedule", *words)
    assert answer.code
    assert said in answer.err
    assert "There is no report by mail with the number 7" in led("report", "unschedule", "7").err


def test_an_agent_who_is_no_lead_gets_none(led: Talk) -> None:
    led("agents", "add", "reza", "--address", "reza@example.com")
    assert "reza is no lead" in led("report", "schedule", "flow", "--agent", "reza").err
