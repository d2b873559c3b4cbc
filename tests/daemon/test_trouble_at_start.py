"""What keeps a site from starting is told in one clear sentence: what, where, and what to do; the exit code is 2."""

import os
import re
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.daemon.books import books
from tests.daemon.commands import Commands
from tests.daemon.sites import MailChannel, Shed
from tests.rig.daemon import Daemon, command
from tests.rig.loopback import HOST

Break = Callable[[Path], object]
TEMPLATE = "templates/messages/acknowledgement/fa/body.txt.j2"


def config(old: str, new: str) -> Break:
    """Write something else into config.toml."""

    def change(root: Path) -> None:
        file = root / "config.toml"
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")

    return change


def written(name: str, content: bytes) -> Break:
    """Write a whole file."""

    def change(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)

    return change


def data_is_a_file(root: Path) -> None:
    (root / "data").rmdir()
    (root / "data").touch()


TROUBLES: dict[str, tuple[Break, str]] = {
    "an unknown key": (config("listen =", "listne ="), r"config\.toml:\d+: web: .*“listne”.*: listen\. Correct"),
    "a wrong type": (
        config("automatic_per_minute = 100000", 'automatic_per_minute = "many"'),
        r"config\.toml:2: automatic: .*“automatic_per_minute”.* Correct it",
    ),
    "a key that is missing": (
        config('addresses = ["support@desk.test"]', ""),
        r"config\.toml:\d+: channel\.support: .*“addresses” is missing\. Add it",
    ),
    "no config": (lambda root: (root / "config.toml").unlink(), r"config\.toml is not there.*`inbox init"),
    "no TOML": (config("[web]", "[web"), r"config\.toml:\d+: this is not TOML: .* Correct the line"),
    "a template that names nothing": (
        written(TEMPLATE, "سلام\n{{ nobody }}\n".encode()),
        rf"{re.escape(TEMPLATE)}:2: .*“nobody”",
    ),
    "a template that is no text": (
        written(TEMPLATE, "سلام".encode("cp1256")),
        rf"{re.escape(TEMPLATE)}: .*could not be read.*UTF-8",
    ),
    "a rule with a wrong key": (
        written("rules/15-mine.toml", b'format = 1\n[[rule]]\nname = "x"\nwhen.text.mention = ["a"]\nfinal = true\n'),
        r"rules/15-mine\.toml:4: .*“text\.mention”.*“text\.mentions”",
    ),
    "a rule file that is no TOML": (
        written("rules/15-mine.toml", b"format = 1\n[[rule\n"),
        r"rules/15-mine\.toml:2: .*Correct that line",
    ),
    "a data folder that is a file": (data_is_a_file, r"data could not be written: .*Give the account"),
}


@pytest.fixture
def daemon(sites: Shed) -> Daemon:
    """A site that would start."""
    return sites.site(MailChannel())


def refused(daemon: Daemon) -> str:
    """What it says and ends with, instead of starting; that the tests run it as root, where they do, is no trouble of it."""
    daemon.start(wait=False)
    assert daemon.ended(within=20) == 2
    return re.sub(r"\ARunning as root: .*\n", "", daemon.words())


@pytest.mark.parametrize("trouble", TROUBLES)
def test_it_says_what_is_wrong_and_does_not_start(daemon: Daemon, trouble: str) -> None:
    breaks, sentence = TROUBLES[trouble]
    breaks(daemon.site)
    words = refused(daemon)
    assert re.fullmatch(rf".*{sentence}.*[.?]\n", words), words


def test_a_data_folder_that_cannot_be_written(daemon: Daemon, sites: Shed) -> None:
    assert Commands(daemon.site)("list").code == 0
    held = Daemon(daemon.site, daemon.web, program=[*without_privilege(), command()])
    (daemon.site / "data").chmod(0o500)
    try:
        words = refused(held)
    finally:
        (daemon.site / "data").chmod(0o700)
        held.close()
    assert re.fullmatch(r".*data.* could not be written: Permission denied\. Give the account .*\n", words), words


@pytest.mark.parametrize("mode", [0o400, 0o000], ids=["read-only", "not-ours"])
def test_c13_a_database_that_cannot_be_written_or_read(daemon: Daemon, mode: int) -> None:
    assert Commands(daemon.site)("list").code == 0
    held = Daemon(daemon.site, daemon.web, program=[*without_privilege(), command()])
    file = daemon.site / "data" / "inbox.db"
    file.chmod(mode)
    try:
        words = refused(held)
    finally:
        file.chmod(0o600)
        held.close()
    assert re.fullmatch(r"The database cannot be written: .*Give the account of the daemon .*\n", words), words


def without_privilege() -> list[str]:
    """What makes root respect a folder's mode, as everybody else does."""
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []


def test_a_web_port_that_is_taken(daemon: Daemon) -> None:
    with closing(socket.create_server((HOST, daemon.web))):
        words = refused(daemon)
    assert re.fullmatch(rf"The web address 127\.0\.0\.1:{daemon.web} is taken .*\[web\] listen.*\n", words), words


def test_a_second_one_on_the_same_site(daemon: Daemon, sites: Shed) -> None:
    daemon.start()
    second = Daemon(daemon.site, daemon.web)
    second.log = daemon.site / "second.log"
    assert re.fullmatch(r"Another “inbox run” works on this site .*inbox\.lock.*--site\.\n", refused(second))
    assert daemon.ready()


def test_a_database_of_a_later_version(daemon: Daemon) -> None:
    assert Commands(daemon.site)("list").code == 0
    with books(daemon.site) as before:
        (revision,) = before.rows("SELECT version_num FROM alembic_version")[0]
    later(daemon.site)
    assert re.fullmatch(r"The database was brought to revision 9999 by a later version .*\n", refused(daemon))
    with books(daemon.site) as after:
        assert after.rows("SELECT version_num FROM alembic_version") == [("9999",)]
    assert revision != "9999"


def later(root: Path) -> None:
    """Make it look as if a later version had been here."""
    with closing(sqlite3.connect(root / "data" / "inbox.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
