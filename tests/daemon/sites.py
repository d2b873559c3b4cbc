"""Sites for the daemon: the shipped defaults with the channels that a test needs."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.letters import SUPPORT
from tests.rig.daemon import Daemon, run
from tests.rig.dovecot import PASSWORD
from tests.rig.loopback import free_port

ENVIRONMENT = {"MAIL_PASSWORD": PASSWORD}
UNBRAKED = "[automatic]\nautomatic_per_minute = 100000\n"
"""Two hundred customers in a minute are a test, not an accident."""


@dataclass(frozen=True, slots=True)
class MailChannel:
    """One `[channel.<name>]` of kind email; `intake` and `outgoing` hold the lines of its tables."""

    name: str = "support"
    address: str = SUPPORT
    intake: str = 'intake = "none"'
    outgoing: str = 'outgoing = "maildir"'
    more: str = ""

    def __str__(self) -> str:
        head = f'[channel.{self.name}]\nkind = "email"\naddresses = ["{self.address}"]\n'
        return "\n".join((head + self.intake, self.outgoing, self.more, ""))


def imap(port: int, user: str, *, secret: str = '{ env = "MAIL_PASSWORD" }', **more: str | int) -> str:
    """The lines of a channel that fetches from a mailbox; `more` are further keys of its table, TLS is off unless given."""
    keys = {"host": "127.0.0.1", "port": port, "tls": "off", "user": user, **more}
    return "\n".join(['intake = "imap"', *_table("imap", keys), f"imap.password = {secret}"])


def smtp(port: int, **more: str | int) -> str:
    """The lines of a channel that sends through a server; TLS is off and nobody logs in unless told otherwise."""
    user = ['smtp.password = { env = "MAIL_PASSWORD" }'] if "user" in more else []
    keys = {"host": "127.0.0.1", "port": port, "tls": "off", **more}
    return "\n".join(['outgoing = "smtp"', *_table("smtp", keys), *user])


def listener(port: int, protocol: str = "smtp") -> str:
    """The lines of a channel that is handed its mail."""
    keys = {"address": f"127.0.0.1:{port}", "protocol": protocol}
    return "\n".join(['intake = "listen"', *_table("listen", keys)])


def _table(name: str, keys: Mapping[str, str | int]) -> list[str]:
    return [
        f'{name}.{key} = "{value}"' if isinstance(value, str) else f"{name}.{key} = {value}"
        for key, value in keys.items()
    ]


@dataclass(slots=True)
class Shed:
    """Makes sites in one folder, as copies of a blank one, and ends their daemons together."""

    folder: Path
    blank: Path
    _daemons: list[Daemon] = field(default_factory=list)

    def site(self, *channels: MailChannel, name: str = "site", more: str = UNBRAKED) -> Daemon:
        """A new site with the shipped rules, hours, policies and templates, and its daemon, which is not started yet."""
        root = self.folder / name
        shutil.copytree(self.blank, root)
        web = free_port()
        self.configure(root, web, *channels, more=more)
        return self.daemon(root, web)

    def configure(self, root: Path, web: int, *channels: MailChannel, more: str = UNBRAKED) -> None:
        """Write the config."""
        text = "\n".join((more, f'[web]\nlisten = "127.0.0.1:{web}"\n', *map(str, channels)))
        (root / "config.toml").write_text(text, encoding="utf-8")

    def daemon(self, root: Path, web: int, program: list[str] | None = None) -> Daemon:
        """One more daemon for a site that is there."""
        self._daemons.append(Daemon(root, web, ENVIRONMENT, program=program))
        return self._daemons[-1]

    def close(self) -> None:
        """End them all; what they said last is shown beside a test that failed."""
        for daemon in self._daemons:
            daemon.close()
            print(daemon.words()[-8000:])


def blank(folder: Path) -> Path:
    """A site as `inbox init --yes` makes it."""
    made = run("init", str(folder), "--yes", "--quiet", cwd=folder.parent)
    assert made.code == 0, made.err
    return folder


@contextmanager
def shed(folder: Path, blank: Path) -> Iterator[Shed]:
    """A shed that is empty afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Shed(folder, blank)
    try:
        yield made
    finally:
        made.close()
