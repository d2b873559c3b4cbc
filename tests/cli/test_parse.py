"""`inbox parse`: one object for a mail, one line for each path of a list, no site, and bounds that hold."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from inbox.__main__ import main
from tests.rig.daemon import command, environment
from tests.unit.email.bombs import BOMBS

CORPUS = Path(__file__).parents[1] / "corpus"
KEYS = "message_id in_reply_to references from to cc reply_to subject date text html reply_text attachments auto bounce defects"
MAILS = sorted(CORPUS.glob("*.eml"))


def listed(paths: Sequence[Path | str], cwd: Path, *words: str) -> list[Any]:
    """What the installed command says of a list, line for line, in a folder that is no site."""
    given = "\n".join(map(str, paths)).encode()
    called = [command(), "parse", "--stdin-list", *words]
    done = subprocess.run(called, input=given, capture_output=True, cwd=cwd, env=environment(), timeout=120, check=True)
    assert done.stderr == b""
    lines = done.stdout.splitlines()
    assert len(lines) == len(paths)
    return [json.loads(line) for line in lines]


def test_a_mail_is_one_object(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["parse", str(CORPUS / "ar-quote.eml")]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == KEYS.split()
    assert found == json.loads((CORPUS / "ar-quote.expected.json").read_text("utf-8"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("jobs", [(), ("--jobs", "1"), ("--jobs", "3")])
def test_a_list_is_answered_line_for_line_and_no_bad_file_stops_it(jobs: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "empty.eml").touch()
    (tmp_path / "bomb.eml").write_bytes(BOMBS["100,000 parts"])
    bad: list[Path | str] = [tmp_path / "missing.eml", tmp_path, tmp_path / "empty.eml", ""]
    paths: list[Path | str] = [*MAILS[:40], *bad, tmp_path / "bomb.eml", *MAILS[40:]]
    found = listed(paths, tmp_path, *jobs)
    good = [*found[:40], *found[45:]]
    assert good == [json.loads(path.with_suffix(".expected.json").read_text("utf-8")) for path in MAILS]
    assert [one["error"] for one in found[40:44]] == [
        "reading.no_file",
        "reading.not_a_file",
        "mail.empty",
        "reading.no_file",
    ]
    assert [set(one) for one in found[40:44]] == [{"error", "sentence", "path"}] * 4
    assert [one["path"] for one in found[40:44]] == [str(path) for path in bad]
    assert "missing.eml" in found[40]["sentence"]
    assert "oversized" in found[44]["defects"]


def test_a_file_that_cannot_be_read_is_told_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parse", str(tmp_path / "missing.eml")]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "missing.eml" in told.err
    assert main(["parse", str(tmp_path), "--lang", "fa"]) == 2
    assert "پوشه" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["parse"], ["parse", "--stdin-list", "x.eml"]])
def test_a_file_or_a_list_but_not_both_and_not_neither(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert "--stdin-list" in capsys.readouterr().err


def test_a_mail_beyond_every_cap_shows_its_beginning(tmp_path: Path) -> None:
    big = tmp_path / "big.eml"
    with big.open("wb") as file:
        file.write(
            b"From: a@b.test\r\nSubject: big\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nfirst\r\n--x\r\n"
        )
        file.truncate(3 << 30)
    [found] = listed([big], tmp_path)
    assert (found["subject"], found["text"]) == ("big", "first")
    assert "oversized" in found["defects"]


def test_a_reader_of_the_list_that_goes_away_ends_it(tmp_path: Path) -> None:
    called = [command(), "parse", "--stdin-list"]
    with subprocess.Popen(called, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment()) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{MAILS[0]}\n".encode())
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["message_id"]
        process.stdout.close()
        process.stdin.write(f"{MAILS[0]}\n".encode() * 50)
        process.stdin.close()
        assert process.wait(30) != 0


def test_it_starts_without_the_house(tmp_path: Path) -> None:
    code = "import sys; from inbox.__main__ import main; main(['parse', sys.argv[1]]); print(*sys.modules, file=sys.stderr)"
    called = [str(Path(command()).with_name("python")), "-c", code, str(MAILS[0])]
    done = subprocess.run(called, capture_output=True, text=True, cwd=tmp_path, env=environment(), check=True)
    assert {"inbox.store", "inbox.settings", "sqlalchemy", "channels", "rich.console"} & set(
        done.stderr.split()
    ) == set()
