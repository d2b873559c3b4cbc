"""Customers who write by a timetable, by SMTP, into a mailbox and in the web chat: open loop, nobody waits for us.

Whoever is to write, writes when it is their time, however many are still being served. What begins late all the same (this
process was busy, no connection was free, the message before of the same matter was not taken yet) counts as waited.
"""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from bench.browser import Browser
from bench.letters import SUPPORT
from bench.timetable import Arrival, Way
from bench.visitors import Visitor
from tests.rig.dovecot import Dovecot
from tests.rig.loopback import HOST

BEFORE = 3.0
"""Seconds that somebody looks at the chat before they write."""
PATIENCE = 60.0
"""Seconds until an acknowledgement on a page counts as missing."""


@dataclass(frozen=True, slots=True)
class Doors:
    """Where one gets in."""

    listener: int
    web: int
    dovecot: Dovecot
    mailbox: str


@dataclass(slots=True)
class Told:
    """What became of it, by the number of the arrival: instants in seconds since the epoch."""

    began: float = 0.0
    late: list[float] = field(default_factory=list)
    """Seconds that each sending began behind its time, for the generator's own fault or not."""
    taken: dict[int, float] = field(default_factory=dict)
    """Acknowledged to whoever sent it: by 250, by 202, or put into the mailbox."""
    acknowledged: dict[int, float] = field(default_factory=dict)
    """In a chat: seen on the page."""
    refused: list[str] = field(default_factory=list)
    visitors: dict[int, str] = field(default_factory=dict)
    """The tokens of those who chat, by matter."""

    def due(self, one: Arrival) -> float:
        """When it was to be sent."""
        return self.began + one.at


class Customers:
    """All of them."""

    def __init__(self, doors: Doors, arrivals: Sequence[Arrival]) -> None:
        self._doors = doors
        self._arrivals = arrivals
        self._post = Post(doors.listener)
        self._last: dict[int, asyncio.Task[None]] = {}
        self._looking: dict[int, asyncio.Task[Visitor]] = {}
        self.told = Told()

    async def write(self, began: float) -> Told:
        """All of the timetable, which begins at that instant; returns when everything is handed over."""
        self.told.began = began
        async with asyncio.TaskGroup() as group:
            group.create_task(self._look())
            for one in self._arrivals:
                await _until(self.told.due(one))
                self._last[one.matter] = group.create_task(self._send(one, self._last.get(one.matter)))
        self._post.close()
        return self.told

    async def _look(self) -> None:
        """Those who will write in the chat open it some time before; what goes wrong then is told of when they write."""
        for one in self._arrivals:
            if one.way is Way.CHAT and one.opens:
                await _until(self.told.due(one) - BEFORE)
                self._looking[one.matter] = asyncio.create_task(self._come(one))

    async def _send(self, one: Arrival, before: "asyncio.Task[None] | None") -> None:
        self.told.late.append(time.time() - self.told.due(one))
        if before is not None:
            await asyncio.wait([before])
        try:
            match one.way:
                case Way.LISTENER:
                    await self._post.hand_over(one.content)
                case Way.IMAP:
                    self._doors.dovecot.deliver(self._doors.mailbox, one.content)
                case Way.CHAT:
                    await self._chat(one)
        except (OSError, RuntimeError, EOFError) as error:
            self.told.refused.append(f"{one.way} {one.number}: {error!r}")
        else:
            self.told.taken.setdefault(one.number, time.time())

    async def _come(self, one: Arrival) -> Visitor:
        browser = Browser(self._doors.web)
        greeted = await browser.tell("/channels/web/hello", {"language": one.language, "page": ""})
        if greeted.status != 200:
            raise RuntimeError(f"hello: {greeted.status} {greeted.text}")
        browser.token = token = str(dict_of(greeted.body)["token"])
        browser.close()
        self.told.visitors[one.matter] = token
        return Visitor(token, *await browser.stream("/channels/web/live"))

    async def _chat(self, one: Arrival) -> None:
        visitor = await self._looking[one.matter]
        browser = Browser(self._doors.web, visitor.token)
        said = {"id": one.key, "text": one.content.decode(), "page": ""}
        answer = await browser.tell("/channels/web/messages", said)
        browser.close()
        if answer.status != 202:
            raise RuntimeError(f"{answer.status} {answer.text}")
        self.told.taken[one.number] = time.time()
        if one.opens:
            await self._acknowledged(one, visitor)

    async def _acknowledged(self, one: Arrival, visitor: Visitor) -> None:
        """Until the page shows it; then the page is left."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not (await visitor.line())["automatic"]:
                    pass
                self.told.acknowledged[one.number] = time.time()
        visitor.writer.close()


class Post:
    """Mail servers that hand over to us: as many connections as there are mails under way, each kept for the next."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def hand_over(self, raw: bytes, sender: str = "customer@customer.test") -> None:
        """Until it is taken. Raises `RuntimeError` where it is not."""
        reader, writer = self._free.pop() if self._free else await self._connected()
        await _say(reader, writer, f"MAIL FROM:<{sender}>\r\n".encode(), b"250")
        await _say(reader, writer, f"RCPT TO:<{SUPPORT}>\r\n".encode(), b"250")
        await _say(reader, writer, b"DATA\r\n", b"354")
        await _say(reader, writer, raw.replace(b"\r\n.", b"\r\n..") + b"\r\n.\r\n", b"250")
        self._free.append((reader, writer))

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(HOST, self._port)
        await _say(reader, writer, b"", b"220")
        await _say(reader, writer, b"EHLO customer.test\r\n", b"250")
        return reader, writer

    def close(self) -> None:
        """Hang up."""
        for _, writer in self._free:
            writer.close()
        self._free.clear()


async def _say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: bytes, wanted: bytes) -> None:
    """A command and its answer (RFC 5321 4.2.1), all lines of it."""
    if line:
        writer.write(line)
    answer = await reader.readline()
    while answer[3:4] == b"-":
        answer = await reader.readline()
    if not answer.startswith(wanted):
        writer.close()
        raise RuntimeError(f"{line[:40]!r}: {answer!r}")


async def _until(instant: float) -> None:
    if (rest := instant - time.time()) > 0:
        await asyncio.sleep(rest)


def dict_of(body: bytes) -> Mapping[str, object]:
    """A JSON object. Raises `RuntimeError` where it is none."""
    found = json.loads(body)
    if not isinstance(found, dict):
        raise RuntimeError(f"no object: {body!r}")
    return found
