"""One SMTP connection of the sink: the server's side of RFC 5321, with ordered failures woven in."""

import asyncio
import base64
import binascii
import re
import ssl
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from tests.rig.smtp_faults import Fault, Faults, Way
from tests.rig.wire import HungUp, Wire

_PATH = re.compile(r"(?:FROM|TO):\s*<([^>]*)>(.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Manners:
    """What the server announces and demands."""

    extensions: tuple[str, ...]
    accounts: Mapping[str, str]  # user -> password or token; empty: nobody needs to log in
    mechanisms: tuple[str, ...]
    starttls: ssl.SSLContext | None
    greylists: bool


@dataclass(slots=True)
class Envelope:
    """One transaction so far."""

    sender: str
    parameters: tuple[str, ...]
    encrypted: bool
    login: str | None
    recipients: list[str] = field(default_factory=list)
    body: bytes = b""


class Session:
    """Answers one client; `accept` is called with each complete transaction before it is answered with 250."""

    def __init__(
        self,
        wire: Wire,
        manners: Manners,
        faults: Faults,
        seen: set[tuple[str, str]],
        accept: Callable[[Envelope], int],
    ) -> None:
        self._wire = wire
        self._manners = manners
        self._faults = faults
        self._seen = seen  # (sender, recipient) pairs that greylisting met before
        self._accept = accept
        self._login: str | None = None
        self._envelope: Envelope | None = None

    async def talk(self) -> None:
        """Run the connection to its end."""
        await self._step("connect", "220 sink.example.org ESMTP")
        while True:
            verb, _, rest = (await self._wire.line()).decode("utf-8", "surrogateescape").partition(" ")
            match verb.upper():
                case "EHLO" | "HELO":
                    await self._step("EHLO", self._greeting(verb.upper()))
                case "STARTTLS":
                    await self._starttls()
                case "AUTH":
                    await self._auth(rest)
                case "MAIL":
                    await self._mail(rest)
                case "RCPT":
                    await self._rcpt(rest)
                case "DATA":
                    await self._data()
                case "RSET":
                    self._envelope = None
                    await self._step("RSET", "250 2.0.0 forgotten")
                case "NOOP":
                    await self._step("NOOP", "250 2.0.0 fine")
                case "QUIT":
                    await self._step("QUIT", "221 2.0.0 bye")
                    return
                case _:
                    await self._say("500 5.5.1 what?")

    async def _mail(self, rest: str) -> None:
        found = _PATH.match(rest)
        if self._manners.accounts and not self._login:
            return await self._say("530 5.7.0 log in first")
        if not found or self._envelope:
            return await self._say("503 5.5.1 not now" if found else "501 5.5.4 MAIL FROM:<address>")
        parameters = tuple(found[2].split())
        if problem := self._problem(found[1], parameters):
            return await self._say(problem)
        if await self._step("MAIL", "250 2.1.0 go on", [found[1]]):
            self._envelope = Envelope(found[1], parameters, self._wire.encrypted, self._login)
        return None

    async def _rcpt(self, rest: str) -> None:
        found = _PATH.match(rest)
        if not found or not self._envelope:
            return await self._say("503 5.5.1 MAIL first" if found else "501 5.5.4 RCPT TO:<address>")
        pair = (self._envelope.sender, found[1])
        if self._manners.greylists and pair not in self._seen:
            self._seen.add(pair)
            return await self._say("451 4.7.1 greylisted, come again")
        if await self._step("RCPT", "250 2.1.5 go on", [found[1]]):
            self._envelope.recipients.append(found[1])
        return None

    async def _data(self) -> None:
        envelope = self._envelope
        if not envelope or not envelope.recipients:
            return await self._say("554 5.5.1 no valid recipients" if envelope else "503 5.5.1 MAIL first")
        if not await self._step("DATA", "354 end with a dot", envelope.recipients):
            return None
        stuffed = await self._wire.until(b"\r\n.\r\n", lead=b"\r\n")  # the lead makes an empty mail look like any other
        envelope.body = stuffed.replace(b"\r\n.", b"\r\n")[2:-2]
        self._envelope = None
        fault = self._faults.take("dot", [envelope.sender, *envelope.recipients])
        number = self._accept(envelope) if fault is None or fault.accepted else 0
        usual = f"250 2.0.0 taken as {number}"
        await (self._play(fault, usual) if fault else self._say(usual))
        return None

    async def _starttls(self) -> None:
        if self._manners.starttls is None or self._wire.encrypted:
            return await self._say("502 5.5.1 not here")
        if await self._step("STARTTLS", "220 2.0.0 go ahead"):
            await self._wire.encrypt(self._manners.starttls)
            self._login = self._envelope = None
        return None

    async def _auth(self, rest: str) -> None:
        mechanism, _, initial = rest.partition(" ")
        name = mechanism.upper()
        if name not in self._manners.mechanisms or (self._manners.starttls and not self._wire.encrypted):
            return await self._say("504 5.5.4 no such mechanism here")
        user, secret = await self._credentials(name, initial)
        if user in self._manners.accounts and self._manners.accounts[user] == secret:
            if await self._step("AUTH", "235 2.7.0 welcome", [user]):
                self._login = user
            return None
        if name == "XOAUTH2":  # the client answers the error with an empty line before it hears the verdict
            await self._ask(b'{"status":"401","schemes":"bearer"}')
        return await self._say("535 5.7.8 wrong name or password")

    async def _credentials(self, mechanism: str, initial: str) -> tuple[str, str]:
        if mechanism == "LOGIN":
            user = _decode(initial) if initial else await self._ask(b"Username:")
            return user, await self._ask(b"Password:")
        words = _decode(initial) if initial else await self._ask(b"")
        if mechanism == "PLAIN":
            user, _, secret = words.partition("\0")[2].partition("\0")
            return user, secret
        given = dict(part.partition("=")[::2] for part in words.split("\1"))
        return given.get("user", ""), given.get("auth", "").removeprefix("Bearer ")

    async def _ask(self, question: bytes) -> str:
        await self._say(f"334 {base64.b64encode(question).decode()}")
        return _decode((await self._wire.line()).decode("ascii", "replace"))

    def _greeting(self, verb: str) -> str:
        lines = ["sink.example.org"]
        if verb == "EHLO":
            lines += self._manners.extensions
            lines += ["STARTTLS"] if self._manners.starttls and not self._wire.encrypted else []
            if self._manners.accounts and (self._wire.encrypted or not self._manners.starttls):
                lines.append(" ".join(["AUTH", *self._manners.mechanisms]))
        return "\r\n".join([*(f"250-{line}" for line in lines[:-1]), f"250 {lines[-1]}"])

    def _problem(self, sender: str, parameters: Collection[str]) -> str | None:
        """Why MAIL cannot go on: a parameter whose extension was not announced, or a mail that is too large."""
        announced = {extension.split()[0] for extension in self._manners.extensions}
        needs = {"BODY": "8BITMIME", "SMTPUTF8": "SMTPUTF8", "SIZE": "SIZE", "RET": "DSN", "ENVID": "DSN"}
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if needs.get(name.upper()) not in announced:
                return f"555 5.5.4 {name} was not announced"
            if (
                name.upper() == "SIZE"
                and f"SIZE {value}" not in self._manners.extensions
                and int(value) > self._limit()
            ):
                return "552 5.3.4 too large"
        if not sender.isascii() and "SMTPUTF8" not in parameters:
            return "553 5.6.7 say SMTPUTF8"
        return None

    def _limit(self) -> int:
        """The size announced, in bytes; no number means no limit."""
        sizes = [extension.split()[1:] for extension in self._manners.extensions if extension.startswith("SIZE")]
        return int(sizes[0][0]) if sizes and sizes[0] else 1 << 62

    async def _step(self, stage: str, usual: str, addresses: Collection[str] = ()) -> bool:
        """Answer as usual, or fail as ordered; tells whether the command took effect."""
        if fault := self._faults.take(stage, addresses):
            return await self._play(fault, usual)
        await self._say(usual)
        return True

    async def _play(self, fault: Fault, usual: str) -> bool:
        match fault.way:
            case Way.FIN:
                raise HungUp
            case Way.RST:
                self._wire.rst()
                raise HungUp
            case Way.SILENCE:
                await self._silent(fault)
                await self._say(usual)
                return True
            case Way.REFUSE | Way.GARBAGE:
                await self._wire.send(fault.answer + b"\r\n")
                if fault.answer.startswith(b"421"):
                    raise HungUp
        return False

    async def _silent(self, fault: Fault) -> None:
        """Say nothing until the fault is released or the client has had enough."""
        released = asyncio.create_task(fault.released())
        left = asyncio.create_task(self._wire.peer_leaves())
        try:
            await asyncio.wait({released, left}, return_when=asyncio.FIRST_COMPLETED)
            if left.done():
                raise HungUp
        finally:
            for task in (released, left):
                task.cancel()
            await asyncio.gather(released, left, return_exceptions=True)

    async def _say(self, line: str) -> None:
        await self._wire.send(line.encode("utf-8", "surrogateescape") + b"\r\n")


def _decode(word: str) -> str:
    try:
        return base64.b64decode(word, validate=True).decode("utf-8", "replace")
    except binascii.Error:
        return ""
