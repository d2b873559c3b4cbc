"""`inbox doctor` looks at what the daemon stands on, and says what to do."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from inbox.ports.channel import Finding
from tests.cli.talk import Talk


def findings(inbox: Talk, *words: str) -> dict[str, dict[str, Any]]:
    """The findings by what was looked at, those of channels with the channel's name."""
    said = inbox("doctor", "--format", "json", *words)
    found = {":".join(filter(None, (one["channel"], one["check"]))): one for one in said.json()}
    assert said.code == (1 if any(one["status"] == "fail" for one in found.values()) else 0)
    return found


def test_a_new_site_is_well(inbox: Talk) -> None:
    found = findings(inbox)
    assert {check: one["status"] for check, one in found.items()} == {
        "doctor.python": "pass",
        "doctor.config": "pass",
        "doctor.rules": "pass",
        "doctor.zone": "pass",
        "doctor.data": "pass",
        "doctor.disk": "pass",
        "doctor.store": "warn",
        "support:maildir.check": "pass",
        "chat:webchat.check.address": "warn",
        "chat:webchat.check.origins": "warn",
        "chat:webchat.check.files": "pass",
    }
    assert "inbox run" in found["doctor.store"]["remedy"]
    assert all(one["why"] for one in found.values() if not one["channel"])


def test_a_database_is_looked_at_as_a_whole(inbox: Talk) -> None:
    assert inbox("migrate").code == 0
    found = findings(inbox)
    assert {found[check]["status"] for check in ("doctor.store", "doctor.migrations", "doctor.integrity")} == {"pass"}


@pytest.mark.parametrize(
    ("address", "status"),
    [("sara@acme.example", "pass"), ("sara@example.com", "warn"), ("Sara@EXAMPLE.com", "warn"), ("", None)],
)
def test_s5_customers_should_not_write_to_the_domain_of_those_who_work_here(
    inbox: Talk, site: Path, address: str, status: str | None
) -> None:
    """What others let in by its domain is told to prove itself by a letter to where anybody may write."""
    config = site / "config.toml"
    config.write_text(
        re.sub(r'^addresses = \[.*"\]', 'addresses = ["support@example.com"]', config.read_text(), flags=re.M)
    )
    assert inbox("migrate").code == 0
    assert inbox("agents", "add", "sara", "--name", "Sara", *(("--address", address) if address else ())).code == 0
    found = findings(inbox).get("doctor.domain")
    assert (found and found["status"]) == status
    if found and status == "warn":
        assert "support@help.example.com" in found["remedy"]


def test_an_older_database_is_told_and_left_alone(inbox: Talk, site: Path) -> None:
    assert inbox("migrate").code == 0
    with sqlite3.connect(site / "data" / "inbox.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '0001'")
    database.close()
    assert "inbox migrate" in findings(inbox)["doctor.migrations"]["remedy"]
    said = inbox("agents", "list")
    assert said.code == 2
    assert "inbox migrate" in said.err


def test_a_damaged_database_is_told(inbox: Talk, site: Path) -> None:
    assert inbox("migrate").code == 0
    path = site / "data" / "inbox.db"
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    with path.open("r+b") as file:
        file.truncate(8192)  # as after a copy that was not finished
    found = findings(inbox)
    assert found["doctor.store"]["problem"] == "store.damaged"
    assert "backup" in found["doctor.store"]["remedy"]
    assert found["doctor.config"]["status"] == "pass", "the rest was looked at all the same"


def test_a_page_that_went_bad_is_told(inbox: Talk, site: Path) -> None:
    assert inbox("migrate").code == 0
    path = site / "data" / "inbox.db"
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'event'").fetchone()
    database.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    assert findings(inbox)["doctor.integrity"]["status"] == "fail"


def test_c4_a_log_that_a_reader_keeps_from_being_written_over_is_told(
    inbox: Talk, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as somebody reads and does not end; nothing is wrong any more when they are gone."""
    assert inbox("migrate").code == 0
    assert findings(inbox)["doctor.log"]["status"] == "pass"
    monkeypatch.setattr("inbox.cli.looks.LOG_LIMIT", 1_000_000)
    monkeypatch.setattr("inbox.cli.status.LOG_LIMIT", 1_000_000)
    path = site / "data" / "inbox.db"
    reader, writer = sqlite3.connect(path, isolation_level=None), sqlite3.connect(path)
    with closing(reader), closing(writer):
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM site").fetchone()
        for number in range(40):
            writer.execute("INSERT INTO site (name, value) VALUES (?, ?)", (f"big {number}", "x" * 60_000))
            writer.commit()
        found = findings(inbox)["doctor.log"]
        assert (found["status"], found["problem"]) == ("warn", "doctor.log_grows")
        assert "inbox.db" in found["remedy"]
        assert "doctor.log_grows" in {one["key"] for one in inbox("status", "--format", "json").json()["attention"]}
    assert findings(inbox)["doctor.log"]["status"] == "pass"
    assert "doctor.log_grows" not in {one["key"] for one in inbox("status", "--format", "json").json()["attention"]}


def test_folders_that_others_may_read_are_told(inbox: Talk, site: Path) -> None:
    (site / "data").chmod(0o755)
    found = findings(inbox)["doctor.data"]
    assert found["status"] == "warn"
    assert f"chmod go-rwx {site / 'data'}" in found["remedy"]


@pytest.mark.parametrize(("free", "status"), [(5_000_000_000, "pass"), (500_000_000, "warn"), (50_000_000, "fail")])
def test_a_disk_that_fills_up_is_told(free: int, status: str, inbox: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage:
        pass

    Usage.free = free  # type: ignore[attr-defined]  # what shutil hands back, as far as it is asked
    monkeypatch.setattr("inbox.cli.looks.shutil.disk_usage", lambda path: Usage)
    assert findings(inbox)["doctor.disk"]["status"] == status


def test_a_broken_config_does_not_stop_the_looking(inbox: Talk, site: Path) -> None:
    (site / "config.toml").write_text("[wbe]\n")
    found = findings(inbox)
    assert found["doctor.config"]["status"] == "fail"
    assert found["doctor.python"]["status"] == "pass"


def test_rules_that_are_wrong_are_told(inbox: Talk, site: Path) -> None:
    (site / "rules" / "50-mine.toml").write_text("format = 1\n[[rule]]\nwhne = 1\n")
    assert findings(inbox)["doctor.rules"]["status"] == "fail"


def test_secrets_that_others_may_read_are_told_by_the_channel(inbox: Talk, site: Path) -> None:
    config = (site / "config.toml").read_text("utf-8").replace('outgoing = "maildir"', 'outgoing = "smtp"')
    smtp = '\n[channel.support.smtp]\nhost = "127.0.0.1"\ntls = "off"\nuser = "u"\npassword = { file = "password" }\n'
    (site / "config.toml").write_text(config + smtp)
    (site / "password").write_text("x\n")
    (site / "password").chmod(0o644)
    assert findings(inbox)["support:secrets.check"]["status"] == "warn"
    (site / "password").unlink()
    assert findings(inbox)["support:secrets.check"]["status"] == "fail"


def test_online_the_adapters_are_asked_to_connect(inbox: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    async def examine(self: object, place: object, options: object, online: bool) -> list[Finding]:
        asked.append(online)
        return [Finding("smtp.check", "unknown")]

    monkeypatch.setattr("channels.email.adapter.EmailAdapter.examine", examine)
    assert findings(inbox, "--online")["support:smtp.check"]["status"] == "unknown"
    assert findings(inbox)["support:smtp.check"]["status"] == "unknown"
    assert asked == [True, False]


@pytest.mark.parametrize("language", ["en", "fa"])
def test_people_read_a_line_for_each_look(language: str, inbox: Talk) -> None:
    said = inbox("doctor", "--lang", language)
    assert said.code == 0
    assert len([line for line in said.out.splitlines() if line[0] in "✓!"]) == 11
    assert "doctor." not in said.out
    quiet = inbox("doctor", "--quiet", "--lang", language).out.splitlines()
    assert len(quiet) == 6, "the warnings and their remedies"
