"""Secrets come from files, the environment, systemd or a command, are read anew, and are told by their source only."""

from pathlib import Path
from typing import Any

import pytest

from channels.email import secrets
from inbox.domain.problems import Credentials, Temporary
from inbox.domain.secrets import SecretReference
from inbox.ports.secrets import exposed


def reference(source: Any, *words: str) -> SecretReference:
    return SecretReference(source, words)


async def test_a_file_is_read_from_the_site_and_again_when_it_changed(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("رمز 1\n")
    assert await secrets.read(reference("file", "password"), tmp_path) == "رمز 1"
    (tmp_path / "password").write_text("second\r\n")
    assert await secrets.read(reference("file", "password"), tmp_path) == "second"
    assert await secrets.read(reference("file", str(tmp_path / "password")), Path()) == "second"


async def test_the_environment_and_systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOX_PASSWORD", "from env")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    (tmp_path / "mail").write_text("from systemd")
    assert await secrets.read(reference("env", "INBOX_PASSWORD"), Path()) == "from env"
    assert await secrets.read(reference("credential", "mail"), Path()) == "from systemd"


async def test_a_command_prints_it(tmp_path: Path) -> None:
    assert await secrets.read(reference("command", "printf", "%s\n", "token"), tmp_path) == "token"


async def test_a_command_that_fails_is_tried_again(tmp_path: Path) -> None:
    with pytest.raises(Temporary, match="command:false"):
        await secrets.read(reference("command", "false"), tmp_path)


async def test_a_command_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "COMMAND_SECONDS", 0.1)
    with pytest.raises(Temporary, match="timeout"):
        await secrets.read(reference("command", "sleep", "60"), tmp_path)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("file", ["none"]),
        ("env", ["INBOX_NOT_SET"]),
        ("credential", ["none"]),
        ("command", ["/no/such/program"]),
        ("command", ["true"]),
    ],
)
async def test_what_is_not_there_needs_a_person(source: str, words: list[str], tmp_path: Path) -> None:
    with pytest.raises(Credentials) as caught:
        await secrets.read(reference(source, *words), tmp_path)
    assert caught.value.facts["source"] == f"{source}:{words[0]}"


def test_a_file_that_others_can_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text("x")
    path.chmod(0o600)
    assert exposed(reference("file", "password"), tmp_path) is None
    path.chmod(0o644)
    problem = exposed(reference("file", "password"), tmp_path)
    assert problem is not None
    assert problem.facts["path"] == str(path)
