"""A fresh site with the shipped defaults, and somebody who talks to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from inbox.__main__ import main
from tests.cli.talk import Talk
from tests.rig.dovecot import PASSWORD
from tests.rig.smtp_sink import SmtpSink


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The folder of a site that `init --yes` made."""
    folder = tmp_path / "site"
    assert main(["init", str(folder), "--yes", "--quiet"]) == 0
    return folder


@pytest.fixture
def inbox(site: Path, capsys: pytest.CaptureFixture[str]) -> Talk:
    """Runs commands for that site."""
    return Talk(site, capsys)


@pytest.fixture
def sink_with_login(mailbox: str, tmp_path: Path) -> Iterator[SmtpSink]:
    """An SMTP server on which the mailbox's owner can log in."""
    sink = SmtpSink(tmp_path / "sink", accounts={mailbox: PASSWORD}).start()
    yield sink
    sink.close()
