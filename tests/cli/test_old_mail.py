"""`inbox import` and `inbox export` at the command line: what they say, what they refuse, and what a file holds."""

import base64
import json
import mailbox
from pathlib import Path
from typing import Any

import pytest

from tests.cli.talk import Talk, at_terminal

ALI = """\
From: Ali <ali@example.org>
To: support@inbox.example
Subject: Where is it?
Date: Mon, 6 Jan 2025 08:00:00 +0330
Message-ID: <1@example.org>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

Hello,
>From my side all is well.
From yours?
--b
Content-Type: application/octet-stream; name=a.bin
Content-Disposition: attachment; filename=a.bin
Content-Transfer-Encoding: base64

AAEC/w==
--b--
"""
OURS = """\
From: Sara <support@inbox.example>
To: ali@example.org
Subject: Re: Where is it?
Date: Tue, 7 Jan 2025 08:00:00 +0330
Message-ID: <2@inbox.example>
In-Reply-To: <1@example.org>

It is on its way.
"""
EVE = "From: eve@example.org\nDate: Wed, 8 Jan 2025 08:00:00 +0330\nMessage-ID: <3@example.org>\n\nAnd mine?\n"


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """Three mails, two of one matter."""
    folder = tmp_path / "letters"
    folder.mkdir()
    for name, text in {"a.eml": EVE, "b.eml": OURS, "c.eml": ALI}.items():
        (folder / name).write_bytes(text.replace("\n", "\r\n").encode())
    return folder


@pytest.fixture
def full(inbox: Talk, letters: Path) -> Talk:
    """The site with the three mails in it."""
    assert inbox("import", "eml", str(letters)).code == 0
    return inbox


def references(inbox: Talk) -> dict[str, str]:
    rows = inbox("list", "--state", "done", "--format", "json").json()
    return {row["contact"]: row["reference"] for row in rows}


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


# -- in ----------------------------------------------------------------------------------------------------------------
def test_the_reckoning_is_printed(inbox: Talk, letters: Path) -> None:
    said = inbox("import", "eml", str(letters))
    assert said.code == 0
    counted = dict(line.rsplit(None, 1) for line in said.out.splitlines()[1:-1])
    assert (counted["offered"], counted["imported"], counted["of these, written by us"]) == ("3", "3", "1")
    assert (counted["conversations opened"], counted["new contacts"]) == ("2", "2")
    assert said.out.splitlines()[-1].startswith("It adds up")
    assert "نامه" in inbox("import", "eml", str(letters), "--lang", "fa").out


def test_it_shows_in_lists_and_conversations_at_its_own_time(full: Talk) -> None:
    rows = full("list", "--state", "done", "--format", "json").json()
    assert [row["contact"] for row in rows] == ["eve@example.org", "Ali"]
    assert rows[1]["opened_at"] == "2025-01-06T04:30:00+00:00"
    whole = full("show", rows[1]["reference"], "--format", "json").json()
    assert [(m["message"]["direction"], m["author"]) for m in whole["messages"]] == [
        ("inbound", "Ali"),
        ("outbound", "Sara"),
    ]
    assert full("verify").code == 0
    assert full("outbox", "--format", "json").json() == []


def test_a_bar_is_shown_at_a_terminal_and_nowhere_else(inbox: Talk, letters: Path, tmp_path: Path) -> None:
    assert inbox("import", "eml", str(letters)).err == ""
    words = ["import", "eml", str(letters), "--site", str(inbox.site)]
    code, screen = at_terminal(words, [], tmp_path, term="xterm")
    assert code == 0
    assert "bringing in" in screen
    assert "3/3" in screen


def test_a_mail_that_cannot_be_read_makes_the_exit_code_1(
    inbox: Talk, letters: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Path.read_bytes

    def refused(path: Path) -> bytes:
        if path.name == "b.eml":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refused)
    said = inbox("import", "eml", str(letters))
    assert said.code == 1
    assert "b.eml (Permission denied)" in said.out
    monkeypatch.undo()
    again = inbox("import", "eml", str(letters), "--format", "json").json()
    assert (again["imported"], again["ours"], again["adds_up"]) == (1, 1, True)


def test_of_several_channels_one_has_to_be_named(inbox: Talk, letters: Path) -> None:
    config = inbox.site / "config.toml"
    text = (
        '[channel.sales]\nkind = "email"\naddresses = ["sales@inbox.example"]\nintake = "none"\noutgoing = "maildir"\n'
    )
    config.write_text(config.read_text("utf-8") + "\n" + text, "utf-8")
    said = inbox("import", "eml", str(letters))
    assert said.code == 2
    assert "--channel" in said.err
    assert "sales, support" in said.err or "support, sales" in said.err
    assert inbox("import", "eml", str(letters), "--channel", "nothing").code == 2
    assert inbox("import", "eml", str(letters), "--channel", "sales").code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("mbox", "a.eml"), "is no mbox"),
        (("mbox", "missing"), "cannot be read"),
        (("maildir", "."), "is no Maildir"),
        (("eml", "missing"), "cannot be read"),
    ],
)
def test_what_is_not_there_is_told(inbox: Talk, letters: Path, words: tuple[str, str], told: str) -> None:
    said = inbox("import", words[0], str(letters / words[1]))
    assert said.code == 2
    assert told in said.err


# -- out ---------------------------------------------------------------------------------------------------------------
def test_an_mbox_holds_the_bytes_as_they_came(full: Talk, letters: Path, tmp_path: Path) -> None:
    out = tmp_path / "all.mbox"
    assert full("export", "--mbox", str(out)).code == 0
    assert out.stat().st_mode & 0o077 == 0
    raw = out.read_bytes()
    assert b"\r\n>>From my side all is well.\r\n>From yours?\r\n" in raw
    assert b"From support@inbox.example Tue Jan  7 04:30:00 2025\r\n" in raw
    assert (
        raw.replace(b"\r\n>>From", b"\r\n>From")
        .replace(b"\r\n>From y", b"\r\nFrom y")
        .count((letters / "c.eml").read_bytes())
        == 1
    )
    read = mailbox.mbox(out)
    found = [str(mail["Message-ID"]) for mail in read]
    read.close()
    assert sorted(found) == ["<1@example.org>", "<2@inbox.example>", "<3@example.org>"]
    again = full("import", "mbox", str(out), "--format", "json").json()
    assert (again["imported"], sum(again["duplicate"].values())) == (0, 3)


def test_one_conversation_or_a_period(full: Talk, tmp_path: Path) -> None:
    one, days, agents = tmp_path / "one.mbox", tmp_path / "days.jsonl", tmp_path / "none.mbox"
    assert full("export", references(full)["Ali"].lower(), "--mbox", str(one)).code == 0
    assert one.read_bytes().count(b"\nMessage-ID:") == 2
    assert full("export", "--jsonl", str(days), "--since", "1403-10-18", "--until", "2025-01-07").code == 0
    assert [line["key"] for line in lines(days) if line["kind"] == "message"] == ["<2@inbox.example>"]
    assert full("export", "NONE", "--mbox", str(agents)).code == 2
    assert full("export", "--since", "yesterday", "--mbox", str(agents)).code == 2
    assert not agents.exists()


def test_lines_of_json_hold_everything(full: Talk, tmp_path: Path) -> None:
    out = tmp_path / "all.jsonl"
    assert full("export", "--jsonl", str(out)).code == 0
    found = lines(out)
    assert [line["kind"] for line in found].count("conversation") == 2
    [file] = [file for line in found if line["kind"] == "message" for file in line["attachments"]]
    assert (file["filename"], base64.b64decode(file["content"])) == ("a.bin", b"\x00\x01\x02\xff")
    assert {line["payload"]["kind"] for line in found if line["kind"] == "event"} == {"opened", "received", "replied"}


def test_notes_only_where_they_are_asked_for(full: Talk, tmp_path: Path) -> None:
    full("agents", "add", "sara", "--name", "سارا")
    full("note", references(full)["Ali"], "--as", "sara", "SECRET\nFrom us\n")
    full("reply", references(full)["Ali"], "--as", "sara", "Not sent yet")
    plain, noted, told = tmp_path / "plain.mbox", tmp_path / "noted.mbox", tmp_path / "all.jsonl"
    assert "left out: 1" in full("export", "--mbox", str(plain)).out
    full("export", "--mbox", str(noted), "--notes")
    full("export", "--jsonl", str(told))
    read = [mailbox.mbox(path) for path in (plain, noted)]
    without, with_ = ([mail for mail in one if mail["X-Inbox-Direction"] == "note"] for one in read)
    for one in read:
        one.close()
    assert without == []
    assert [mail.get_payload(decode=True) for mail in with_] == [b"SECRET\r\nFrom us\r\n"]
    assert [line["author"] for line in lines(told) if line.get("direction") == "note"] == ["sara"]


def test_a_file_that_is_there_is_left_alone(full: Talk, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_text("mine", "utf-8")
    said = full("export", "--mbox", str(there))
    assert (said.code, there.read_text("utf-8")) == (2, "mine")
    assert full("export").code == 2
    assert full("export", "--mbox", "a", "--jsonl", "b").code == 2


def test_bytes_that_are_gone_are_told(inbox: Talk, letters: Path, tmp_path: Path) -> None:
    large = ALI.replace("AAEC/w==", "\n".join(["A" * 76] * 2_000))
    (letters / "c.eml").write_text(large, "utf-8")
    inbox("import", "eml", str(letters))
    [blob] = [path for path in (inbox.site / "data" / "blobs").rglob("*") if path.is_file()]
    whole = tmp_path / "whole.mbox"
    assert inbox("export", "--mbox", str(whole)).code == 0
    assert b"A" * 76 in whole.read_bytes()
    blob.unlink()
    assert inbox("export", "--mbox", str(tmp_path / "rest.mbox")).code == 1
