"""Agents, teams, shifts and absences: rows from the first day, one by one or from a file."""

from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from inbox.domain.ids import ChannelName
from inbox.store import audit, channels
from inbox.store import tables as t
from inbox.store.store import Store
from tests.cli.talk import Talk

SEEDS = """\
[[agent]]
handle = "sara"
name = "سارا احمدی"
language = "fa"
languages = ["fa", "en"]
skills = ["billing"]
capacity = 5

[[agent]]
handle = "ali"
lead = true

[[team]]
name = "support"
title = "پشتیبانی"
members = ["sara", "ali"]

[[shift]]
agent = "sara"
days = "sat-wed"
hours = "08:30-17:00"

[[shift]]
agent = "ali"
days = "thu,fri"
hours = "22:00-02:00"
zone = "Europe/Berlin"

[[absence]]
agent = "sara"
from = 2026-03-21
until = 2026-03-25T12:00:00
reason = "نوروز"
"""


def test_an_agent_is_added_changed_and_disabled(inbox: Talk) -> None:
    words = ["--name", "Sara", "--address", "s@x.example", "--speaks", "fa", "--speaks", "en", "--skill", "billing"]
    assert inbox("agents", "add", "sara", *words, "--capacity", "5", "--lead").code == 0
    (row,) = inbox("agents", "list", "--format", "json").json()
    assert row == {
        "handle": "sara",
        "name": "Sara",
        "address": "s@x.example",
        "language": "en",
        "languages": ["fa", "en"],
        "skills": ["billing"],
        "capacity": 5,
        "lead": True,
        "company": "",
        "admin": False,
        "disabled": False,
    }
    assert inbox("agents", "disable", "s@x.example").code == 0
    assert inbox("agents", "list", "--format", "json").json() == [{**row, "disabled": True}]
    assert inbox("agents", "add", "sara", "--name", "Sara A").code == 0
    (row,) = inbox("agents", "list", "--format", "json").json()
    assert (row["name"], row["disabled"]) == ("Sara A", False)


def test_a_table_for_people_has_its_heads_in_their_language(inbox: Talk) -> None:
    inbox("agents", "add", "sara")
    head, line = inbox("agents", "list", "--lang", "fa").out.splitlines()
    assert head.split()[:2] == ["شناسه", "نام"]
    assert line.split()[0] == "sara"


def test_what_is_done_is_told_unless_quiet(inbox: Talk) -> None:
    assert inbox("agents", "add", "sara").out == "The agent “sara” is there.\n"
    assert inbox("agents", "add", "sara", "-q").out == ""
    assert inbox("agents", "add", "sara", "--format", "json").json() == {"done": "cli.agents.added", "handle": "sara"}


def test_a_team_has_members_that_exist(inbox: Talk) -> None:
    inbox("agents", "add", "sara")
    assert inbox("teams", "add", "support", "--title", "Support", "--member", "sara").code == 0
    said = inbox("teams", "add", "billing", "--member", "sarah")
    assert said.code == 2
    assert "There is no agent “sarah”. There are: sara." in said.err
    assert inbox("teams", "list", "--format", "json").json() == [
        {"name": "support", "title": "Support", "members": ["sara"]}
    ]


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("sat-wed", ["mon", "tue", "wed", "sat", "sun"]),
        ("mon,thu", ["mon", "thu"]),
        ("Saturday", ["sat"]),
        ("شنبه، سه‌شنبه", ["tue", "sat"]),
        ("پنج‌شنبه", ["thu"]),
        ("fri-fri", ["fri"]),
    ],
)
def test_shifts_are_weekly_days(typed: str, days: list[str], inbox: Talk) -> None:
    inbox("agents", "add", "sara")
    assert inbox("shifts", "add", "sara", typed, "۰۹:۰۰-18:00").code == 0
    rows = inbox("shifts", "list", "--format", "json").json()
    assert [row["day"] for row in rows] == days
    assert {(row["agent"], row["start"], row["end"], row["zone"]) for row in rows} == {
        ("sara", "09:00", "18:00", "Asia/Tehran")
    }
    assert f"({len(days)} taken off)" in inbox("shifts", "clear", "sara").out
    assert inbox("shifts", "list", "--format", "json").json() == []


@pytest.mark.parametrize(
    ("days", "hours"), [("someday", "09:00-17:00"), ("mon", "9-17"), ("mon", "09:00-09:00"), ("mon", "25:00-26:00")]
)
def test_shifts_that_are_none_are_refused(days: str, hours: str, inbox: Talk) -> None:
    inbox("agents", "add", "sara")
    assert inbox("shifts", "add", "sara", days, hours).code == 2
    assert inbox("shifts", "list", "--format", "json").json() == []


def test_absences_are_whole_days_in_either_calendar(inbox: Talk) -> None:
    inbox("agents", "add", "sara")
    assert inbox("absences", "add", "sara", "1405-01-01", "۱۴۰۵/۰۱/۰۴", "--reason", "نوروز").code == 0
    assert inbox("absences", "add", "sara", "2026-04-01").code == 0
    rows = inbox("absences", "list", "--format", "json").json()
    assert [(row["from"], row["until"], row["reason"]) for row in rows] == [
        ("2026-03-20T20:30:00+00:00", "2026-03-24T20:30:00+00:00", "نوروز"),
        ("2026-03-31T20:30:00+00:00", "2026-04-01T20:30:00+00:00", ""),
    ]
    assert inbox("absences", "add", "sara", "2026-04-02", "2026-04-01").code == 2
    assert inbox("absences", "add", "sara", "tomorrow").code == 2


def test_a_file_seeds_everybody_and_may_be_read_again(inbox: Talk, tmp_path: Path) -> None:
    (tmp_path / "people.toml").write_text(SEEDS, "utf-8")
    for _ in range(2):
        assert inbox("agents", "add", "--from", str(tmp_path / "people.toml")).code == 0
        sara, ali = inbox("agents", "list", "--format", "json").json()
        assert (sara["name"], sara["languages"], sara["capacity"]) == ("سارا احمدی", ["fa", "en"], 5)
        assert (ali["name"], ali["lead"], ali["languages"]) == ("ali", True, ["en"])
        assert inbox("teams", "list", "--format", "json").json()[0]["members"] == ["sara", "ali"]
        shifts = inbox("shifts", "list", "--format", "json").json()
        assert len(shifts) == 7
        assert shifts[-1] == {"agent": "ali", "day": "fri", "start": "22:00", "end": "02:00", "zone": "Europe/Berlin"}
        (absence,) = inbox("absences", "list", "--format", "json").json()
        assert (absence["from"], absence["until"]) == ("2026-03-20T20:30:00+00:00", "2026-03-25T08:30:00+00:00")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ('[[agent]]\nhandel = "x"', "people.toml.agent.0: there is no key “handel” here"),
        ('[[agent]]\nhandle = "new"\n[[team]]\nname = "t"\nmembers = ["nobody"]', "There is no agent “nobody”"),
        ("[[agent", "people.toml: this is not TOML"),
        ('[[agent]]\nhandle = "new"\n[[shift]]\nagent = "new"\ndays = "x"\nhours = "y"', "is no stretch of a day"),
    ],
)
def test_a_wrong_file_changes_nothing(wrong: str, told: str, inbox: Talk, tmp_path: Path) -> None:
    (tmp_path / "people.toml").write_text(wrong, "utf-8")
    said = inbox("agents", "add", "--from", str(tmp_path / "people.toml"))
    assert said.code == 2
    assert told in said.err
    assert inbox("agents", "list", "--format", "json").json() == []


def test_one_is_named_or_a_file_and_not_both(inbox: Talk, tmp_path: Path) -> None:
    assert inbox("agents", "add").code == 2
    assert inbox("agents", "add", "sara", "--from", str(tmp_path)).code == 2
    assert inbox("agents", "add", "--from", str(tmp_path / "nowhere")).code == 2


def test_who_comes_back_is_who_they_were(inbox: Talk) -> None:
    inbox(
        "agents", "add", "sara", "--name", "Sara", "--address", "s@x.example", "--skill", "billing", "--capacity", "5"
    )
    before = inbox("agents", "list", "--format", "json").json()
    inbox("agents", "disable", "sara")
    assert inbox("agents", "add", "sara").code == 0
    assert inbox("agents", "list", "--format", "json").json() == before


def test_words_of_the_house_are_in_the_readers_language(inbox: Talk, site: Path) -> None:
    inbox("agents", "list")
    with closing(Store(f"sqlite:///{site}/data/inbox.db", site)) as store:
        store.write_now(channels.ensure, ChannelName("support"), "email")
    assert inbox("channels", "--lang", "fa").out.splitlines()[1].split()[:5] == [
        "support",
        "email",
        "در",
        "حال",
        "شروع",
    ]
    assert inbox("channels", "--format", "json").json()[0]["state"] == "starting"


def test_links_to_set_a_password_are_printed_and_stand_in_the_audit_log(inbox: Talk, site: Path) -> None:
    inbox("agents", "add", "sara", "--admin")
    inbox("agents", "add", "omid", "--as", "sara")
    first = inbox("agents", "invite", "omid").out
    link = first.split()[-1]
    assert link.startswith("http://127.0.0.1:8025/password/")
    assert inbox("agents", "reset", "omid", "--codes", "--as", "sara").out.split()[-1] != link
    assert inbox("agents", "invite", "nobody").code == 2
    inbox("agents", "disable", "omid")
    said = inbox("agents", "invite", "omid")
    assert said.code == 2
    assert "“omid” is disabled" in said.err
    with closing(Store(f"sqlite:///{site}/data/inbox.db", site)) as store:
        log = store.read_now(audit.page, 20)
        stored = str(store.read_now(lambda unit: list(unit.execute(sa.select(t.link)))))
    assert [(one.act, one.who, one.by, one.about) for one in reversed(log)] == [
        ("agent_added", "owner", "", "sara"),
        ("agent_added", "agent", "sara", "omid"),
        ("invited", "owner", "", "omid"),
        ("codes_off", "agent", "sara", "omid"),
        ("reset", "agent", "sara", "omid"),
        ("disabled", "owner", "", "omid"),
    ]
    assert {one.via for one in log} == {"command"}
    assert link.rpartition("/")[2] not in stored


def test_an_address_names_one_person(inbox: Talk) -> None:
    inbox("agents", "add", "sara", "--address", "s@x.example")
    said = inbox("agents", "add", "omid", "--address", "S@x.example")
    assert said.code == 2
    assert "belongs to “sara” already" in said.err
