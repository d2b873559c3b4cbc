"""`inbox tokens`, `inbox webhooks`, and contacts as a file: what programs are given, told and handed, from the command line."""

import socket
from contextlib import closing
from pathlib import Path

from inbox.store import access
from inbox.store.store import Store
from tests.cli.talk import Talk


def test_a_token_is_made_shown_once_listed_and_revoked(inbox: Talk, site: Path) -> None:
    assert inbox("agents", "add", "sara", "--name", "Sara").code == 0
    made = inbox("--format", "json", "tokens", "add", "erp", "--agent", "sara", "--write", "--until", "2030-01-01")
    token = made.json()["token"]
    assert token.startswith("inbox_")
    listed = inbox("--format", "json", "tokens", "list")
    (row,) = listed.json()
    assert (row["name"], row["agent"], row["reach"], row["state"]) == ("erp", "sara", ["read", "write"], "stands")
    assert token not in listed.out
    assert inbox("tokens", "revoke", str(row["id"])).code == 0
    assert inbox("--format", "json", "tokens", "list").json()[0]["state"] == "revoked"
    assert inbox("tokens", "revoke", str(row["id"])).code == 2
    with closing(Store("sqlite:///data/inbox.db", site)) as store:
        assert len(store.read_now(access.every)) == 1


def test_a_token_of_nobody_only_reads(inbox: Talk) -> None:
    said = inbox("tokens", "add", "erp", "--write")
    assert said.code == 2
    assert "belongs to nobody" in said.err


def test_a_webhook_is_added_tested_and_removed(inbox: Talk, site: Path) -> None:
    config = (site / "config.toml").read_text("utf-8")
    (site / "config.toml").write_text(config.replace("allow = []", 'allow = ["127.0.0.1"]'), "utf-8")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    added = inbox("--format", "json", "webhooks", "add", "erp", f"http://127.0.0.1:{port}/hook", "--event", "received")
    assert added.json()["secret"].startswith("whsec_")
    assert added.json()["secret"] not in inbox("webhooks", "list").out
    tested = inbox("webhooks", "test", "erp")
    assert tested.code != 0
    assert "could not be reached" in tested.err
    (call,) = inbox("--format", "json", "webhooks", "calls", "erp").json()
    assert (call["state"], call["attempts"]) == ("queued", 1)
    assert inbox("webhooks", "remove", "erp").code == 0
    assert "tell" in inbox("webhooks", "calls", "erp").err or inbox("webhooks", "calls", "erp").code == 2


def test_contacts_go_to_a_file_and_come_back(inbox: Talk, tmp_path: Path) -> None:
    table = tmp_path / "people.csv"
    table.write_text("نام;نشانی‌ها\nسارا;sara@x.example\nNobody;nonsense\n", "utf-8")
    tried = inbox("contacts", "import", str(table), "--dry-run")
    assert (tried.code, "Nothing was stored" in tried.out) == (1, True)
    assert inbox("contacts", "import", str(table)).code == 1
    out = tmp_path / "out.csv"
    assert inbox("--lang", "fa", "contacts", "export", str(out)).code == 0
    text = out.read_text("utf-8-sig")
    assert text.startswith("شماره,نام")
    assert "email:sara@x.example" in text
    assert inbox("--format", "json", "contacts", "import", str(out)).json()[0]["state"] == "same"
