"""A house with a mailbox on a real Dovecot: mail is fetched from there, and what we answer lies in a folder."""

import asyncio
import json
from contextlib import suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from inbox.domain.ids import ChannelName
from inbox.domain.problems import Unreachable
from inbox.ports.probe import Probe, silent
from inbox.runtime.intake import Intake
from inbox.store import channels
from inbox.store.store import Store
from inbox.testing import FakeClock
from tests.path.conftest import Houses
from tests.path.house import House
from tests.rig.dovecot import PASSWORD, Dovecot
from tests.rig.wait import until_async

POST = ChannelName("post")
ADDRESS = "support@desk.test"
CONFIG = """\
[automatic]
automatic_per_minute = 1000000

[channel.post]
kind = "email"
addresses = ["{address}"]
automatic_per_hour = 0
intake = "imap"
imap.host = "127.0.0.1"
imap.port = {port}
imap.tls = "off"
imap.user = "{user}"
imap.password = {{ file = "password" }}
{more}
"""


class Killed(BaseException):
    """Nobody catches it: as a kill."""


def config(folder: Path, server: Dovecot, user: str, more: str = "") -> str:
    """The tables of the mailbox, the password being laid beside them."""
    (folder / "password").write_text(PASSWORD)
    (folder / "password").chmod(0o600)
    return CONFIG.format(address=ADDRESS, port=server.imap_port, user=user, more=more)


def letter(number: int, text: str = "", **fields: str | None) -> bytes:
    """A customer's mail, each customer with one; a field that is None is left out."""
    made = EmailMessage()
    usual = {
        "From": f"customer-{number}@customer.test",
        "To": ADDRESS,
        "Subject": f"Question {number}",
        "Date": "Thu, 26 Nov 2026 09:00:00 +0000",
        "Message-ID": f"<question.{number}@customer.test>",
    }
    for name, value in {**usual, **{key.replace("_", "-"): value for key, value in fields.items()}}.items():
        if value is not None:
            made[name] = value
    made.set_content(text or f"Where is order {number}?")
    return made.as_bytes().replace(b"\n", b"\r\n")


async def opened(
    houses: Houses, dovecot: Dovecot, mailbox: str, folder: Path, folders: tuple[str, ...] = ("INBOX",), more: str = ""
) -> House:
    """A house whose folders are open and empty: what comes now is new. `more`: further lines of its channel."""
    for name in folders:
        dovecot.maildir(mailbox, name)
    lines = config(folder, dovecot, mailbox, f"imap.folders = {json.dumps(folders)}\n{more}")
    house = houses(more=lines, clock=FakeClock(datetime.now(UTC)))
    channel = house._channel(POST)
    await channel.open()
    following = asyncio.create_task(house.intake.follow(POST, channel))
    await until_async(lambda: all(f'"{name}"' in bookmarks(house) for name in folders))
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    await channel.close()
    return house


def bookmarks(house: House) -> str:
    return house.store.read_now(channels.cursor, POST) or ""


class MailHouse:
    """Fetches into a house, and looks at what came of it."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def fetches(self, arrivals: int, probe: Probe = silent, store: Store | None = None) -> None:
        """Take mail in over a new connection until so many arrivals are stored. Raises Killed where the probe does."""
        house = self.house
        channel = house._channel(POST, probe)
        intake = Intake(store or house.store, house.rooms.blobs, house.clock, probe)
        await channel.open()
        following = asyncio.create_task(intake.follow(POST, channel))
        try:
            await until_async(lambda: following.done() or self.arrived() >= arrivals, within=30 + arrivals / 50)
        finally:
            await channel.close()
            with suppress(Unreachable):
                await following

    def arrived(self) -> int:
        """How many arrivals are stored."""
        return self._count("arrival")

    def messages(self) -> int:
        """How many messages of customers are stored."""
        return self._count("message WHERE direction = 'inbound'")

    def _count(self, what: str) -> int:
        asked = f"SELECT count(*) FROM {what}"
        return int(self.house.store.read_now(lambda unit: unit.connection.exec_driver_sql(asked).scalar_one()))

    @property
    def sent(self) -> list[Path]:
        """What has left the house."""
        folder = self.house.folder / "data" / "outgoing" / "new"
        return sorted(folder.iterdir()) if folder.is_dir() else []
