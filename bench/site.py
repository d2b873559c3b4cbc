"""The sites that the measurements run on: the shipped defaults with one channel and the brakes raised."""

from dataclasses import dataclass
from pathlib import Path

from bench.letters import SUPPORT
from tests.rig.daemon import run

# The brakes are there for accidents; a backlog of 2,900 strangers who are all to be answered at once is one on purpose.
UNBRAKED = """\
[automatic]
acknowledgements_per_address = 1000000
first_sync_acknowledgements = 1000000
automatic_per_minute = 1000000

[web]
listen = "127.0.0.1:{web_port}"

"""
MAIL = """\
[channel.support]
kind = "email"
addresses = ["{address}"]
{intake}
outgoing = "smtp"
smtp.host = "127.0.0.1"
smtp.port = {smtp_port}
smtp.tls = "off"
"""
BOT = """\
[channel.bot]
kind = "telegram"
bot = "@example_desk_bot"
token = {{ file = "bot-token" }}
api_base = "{api}"
file_base = "{file}"
automatic_per_hour = 0
"""
WEBCHAT = """\
[channel.web]
kind = "webchat"
visitors_per_hour = 1000000
messages_per_minute = 1000
automatic_per_hour = 0
"""
FROM_IMAP = """\
intake = "imap"
imap.host = "127.0.0.1"
imap.port = {port}
imap.tls = "off"
imap.user = "{user}"
imap.password = {{ env = "BENCH_PASSWORD" }}
imap.first_sync = "answer"
automatic_per_hour = 0
"""
FROM_LISTENER = """\
intake = "listen"
listen.address = "127.0.0.1:{port}"
"""


def webchat(web_port: int) -> str:
    """The whole config.toml: the web chat, its brakes raised."""
    return UNBRAKED.format(web_port=web_port) + WEBCHAT


def imap_intake(port: int, user: str) -> str:
    """The lines of a channel that reads a mailbox and treats what lies there already as new."""
    return FROM_IMAP.format(port=port, user=user)


def listener_intake(port: int) -> str:
    """The lines of a channel that is handed its mail by SMTP."""
    return FROM_LISTENER.format(port=port)


@dataclass(frozen=True, slots=True)
class Site:
    """A folder that the daemon can run on."""

    folder: Path
    web_port: int

    @property
    def store(self) -> Path:
        """The site's SQLite file."""
        return self.folder / "data" / "inbox.db"


def config(intake: str, smtp_port: int, web_port: int) -> str:
    """The whole config.toml: one channel with this intake, its mail going out to a port on loopback."""
    mail = MAIL.format(address=SUPPORT, intake=intake, smtp_port=smtp_port)
    return UNBRAKED.format(web_port=web_port) + mail


def bot(api_base: str, file_base: str, web_port: int) -> str:
    """The whole config.toml: one bot on a network of ours, its token in the file `bot-token`."""
    return UNBRAKED.format(web_port=web_port) + BOT.format(api=api_base, file=file_base)


def make_site(folder: Path, configured: str, web_port: int) -> Site:
    """A new site of that config.toml with the shipped rules, hours, policies and templates; raises `RuntimeError` when there
    is none."""
    folder.mkdir()
    made = run("init", str(folder), "--yes", cwd=folder)
    if made.code:
        raise RuntimeError(f"inbox init {folder} ended with {made.code}: {made.out}{made.err}")
    (folder / "config.toml").write_text(configured, encoding="utf-8")
    return Site(folder, web_port)
