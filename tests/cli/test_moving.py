"""Moving here from other help desks at the command line: a plan, then what it says, and what a person sees of it afterwards."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.talk import Talk

CORPUS = Path(__file__).parents[1] / "corpus" / "elsewhere"
SOURCES = ("zendesk", "freshdesk", "zammad", "freescout", "osticket")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """The exports, to be changed at will; of Zendesk's the line that is broken is gone."""
    folder = tmp_path / "exports"
    shutil.copytree(CORPUS, folder)
    tickets = folder / "zendesk" / "tickets.json"
    whole = [line for line in tickets.read_text("utf-8").splitlines() if '"id": 1003' not in line]
    tickets.write_text("\n".join(whole) + "\n", "utf-8")
    return folder


@pytest.fixture
def here(inbox: Talk) -> Talk:
    """The site with somebody who answers, and a team."""
    assert inbox("agents", "add", "sara", "--name", "Sara Ahmadi", "--address", "sara@shop.example").code == 0
    assert inbox("teams", "add", "help", "--title", "Support").code == 0
    return inbox


def moved(inbox: Talk, export: Path, source: str, *more: str) -> Any:
    plan = export / f"{source}.toml"
    if not plan.exists():
        assert inbox("import", source, str(export / source), "--plan", str(plan)).code == 0
    said = inbox("import", source, str(export / source), "--with", str(plan), "--format", "json", *more)
    assert said.code == 0, said
    return said.json()


def matters(inbox: Talk) -> dict[str, Any]:
    """Every conversation whole, by its subject."""
    rows = [
        row
        for state in ("open", "waiting", "done", "spam")
        for row in inbox("list", "--state", state, "--format", "json").json()
    ]
    return {row["subject"]: inbox("show", row["reference"], "--format", "json").json() for row in rows}


@pytest.mark.parametrize("source", SOURCES)
def test_everything_that_was_to_come_is_here_and_a_second_run_changes_nothing(
    here: Talk, export: Path, source: str
) -> None:
    first = moved(here, export, source)
    kinds = ("persons", "organizations", "matters", "messages", "notes", "files")
    assert all(
        first[kind]["there"] - first[kind]["left_out"] == first[kind]["in_house"] == first[kind]["new"]
        for kind in kinds
    )
    assert all(first[kind]["in_house"] > 0 for kind in kinds)
    assert (first["lost"], first["adds_up"]) == ([], True)
    before = matters(here)
    second = moved(here, export, source)
    assert all(second[kind]["new"] == 0 for kind in kinds)
    assert (second["moved"], second["adds_up"]) == (0, True)
    assert matters(here) == before
    assert here("verify").code == 0
    assert here("outbox", "--format", "json").json() == []


def test_what_was_said_is_as_it_was(here: Talk, export: Path) -> None:
    moved(here, export, "zendesk")
    whole = matters(here)["سفارش من کجاست؟"]
    said = [(one["message"]["direction"], one["author"], one["message"]["at"][:16]) for one in whole["messages"]]
    assert said == [
        ("inbound", "علی رضایی", "2024-03-01T08:00"),
        ("note", "Sara Ahmadi", "2024-03-01T09:00"),
        ("outbound", "Sara Ahmadi", "2024-03-02T10:00"),
    ]
    assert "script" not in json.dumps(whole)
    fields = dict(whole["conversation"]["fields"])
    assert fields == {"imported": "zendesk #1001", "order_number": "A-17", "شهر": "شیراز"}
    assert whole["conversation"]["tags"] == ["delivery", "vip"]
    assert whole["conversation"]["priority"] == "high"


def test_what_is_open_there_is_open_work_here(here: Talk, export: Path) -> None:
    moved(here, export, "zendesk")
    (row,) = here("list", "--format", "json").json()
    assert (row["subject"], row["priority"], row["waiting_since"][:16]) == (
        "Invoice is wrong",
        "urgent",
        "2024-04-03T08:00",
    )
    assert [one["subject"] for one in here("list", "--state", "waiting", "--format", "json").json()] == ["Called us"]


def test_its_old_number_and_every_word_find_it(here: Talk, export: Path) -> None:
    moved(here, export, "zammad")
    moved(here, export, "zendesk")
    for words in ("ref:36021", 'field:"imported=zammad #36021"', "نگهبان"):
        found = here("search", words, "--format", "json").json()["conversations"]
        assert [row["subject"] for row in found] == ["کلید گم شده"], words
    (other,) = here("search", "ref:#1002", "--format", "json").json()["conversations"]
    assert other["subject"] == "Invoice is wrong"


def test_a_later_export_adds_what_was_said_and_follows_unless_somebody_acted_here(here: Talk, export: Path) -> None:
    moved(here, export, "zendesk")
    tickets = export / "zendesk" / "tickets.json"
    rows = [json.loads(line) for line in tickets.read_text("utf-8").splitlines()]
    more = {
        "author_id": 9001,
        "public": True,
        "created_at": "2024-06-01T08:00:00Z",
        "plain_body": "Corrected.",
        "attachments": [],
    }
    for row in rows:
        if row["id"] in (1002, 1004):
            row["comments"].append({**more, "id": 900 + row["id"]})
            row["status"], row["updated_at"] = "solved", "2024-06-01T08:00:00Z"
    tickets.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    mine = here("list", "--format", "json").json()[0]["reference"]
    assert here("tag", mine, "--as", "sara", "mine").code == 0
    again = moved(here, export, "zendesk")
    assert (again["messages"]["new"], again["matters"]["new"], again["moved"]) == (2, 0, 1)
    found = matters(here)
    assert found["Called us"]["conversation"]["state"] == "done"
    assert found["Invoice is wrong"]["conversation"]["state"] == "open", "somebody has taken it up here: it is theirs"
    assert [one["message"]["text"] for one in found["Invoice is wrong"]["messages"]][-1] == "Corrected."
    assert here("verify").code == 0


def test_without_a_plan_it_says_what_to_do(here: Talk, export: Path) -> None:
    for words in ((), ("--plan", "a", "--with", "b")):
        said = here("import", "zendesk", str(export / "zendesk"), *words)
        assert said.code == 2
        assert "--plan plan.toml" in said.err
    plan = export / "plan.toml"
    assert here("import", "zendesk", str(export / "zendesk"), "--plan", str(plan)).code == 0
    again = here("import", "zendesk", str(export / "zendesk"), "--plan", str(plan))
    assert (again.code, "is there already" in again.err) == (2, True)


def test_what_a_plan_cannot_mean_is_told_before_anything_is_stored(here: Talk, export: Path) -> None:
    plan = export / "plan.toml"
    assert here("import", "zendesk", str(export / "zendesk"), "--plan", str(plan)).code == 0
    good = plan.read_text("utf-8")
    for old, new, told in (
        ('= "sara"', '= "sarah"', "sarah"),
        ('"closed" = "done"', '"closed" = "over"', "over"),
        ('"closed" = "done"  # 1\n', "", "closed"),
        ('source = "zendesk"', 'source = "zammad"', "zammad"),
    ):
        plan.write_text(good.replace(old, new), "utf-8")
        said = here("import", "zendesk", str(export / "zendesk"), "--with", str(plan))
        assert (said.code, told in said.err) == (2, True), said
    assert matters(here) == {}


def test_what_could_not_be_read_is_named_and_makes_the_exit_code_1(here: Talk) -> None:
    plan = here.site / "plan.toml"
    said = here("import", "zendesk", str(CORPUS / "zendesk"), "--plan", str(plan))
    assert said.code == 0
    assert "tickets.json:3" in said.out
    assert "old@shop.example" in said.out
    moved_in = here("import", "zendesk", str(CORPUS / "zendesk"), "--with", str(plan), "--lang", "fa")
    assert moved_in.code == 1
    assert "tickets.json:3" in moved_in.out
    assert len(matters(here)) == 4


def test_where_nothing_is_that_is_told(here: Talk, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "something.json").write_text("[{}]", "utf-8")
    for path, told in (("missing", "There is nothing at"), ("empty", "something.json")):
        said = here("import", "osticket", str(tmp_path / path), "--plan", str(tmp_path / "plan.toml"))
        assert (said.code, told in said.err) == (2, True), said
