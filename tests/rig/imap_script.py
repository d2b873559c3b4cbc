"""A fake IMAP server that follows a script: polite where the script is silent, impossible where it says so.

A script is a coroutine that talks with one connection:

    async def bye_in_idle(talk: Talk) -> None:
        await talk.greet()
        idle = await talk.serve(until="IDLE")
        await talk.go_ahead()
        await talk.say("* BYE going down")      # returning ends the connection in an orderly way

`ImapScript(bye_in_idle, polite)` plays the first script on the first connection, the second on every later one.
"""

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable, Sequence

from tests.rig.gate import Gate
from tests.rig.imap_polite import Command, Mailbox, answer
from tests.rig.listener import Listener
from tests.rig.wire import HungUp, Wire

CAPABILITY = "IMAP4rev1 IDLE UIDPLUS"
_LITERAL = re.compile(rb"\{(\d+)(\+?)\}$")


class Talk:
    """One connection in the hands of a script."""

    def __init__(self, wire: Wire, mailbox: Mailbox, heard: list[Command]) -> None:
        self.mailbox = mailbox
        self.capability = CAPABILITY
        self._wire = wire
        self._heard = heard

    async def greet(self, capability: str = CAPABILITY) -> None:
        """Say hello; `capability` is what CAPABILITY answers from now on."""
        self.capability = capability
        await self.say("* OK ready")

    async def hear(self) -> Command:
        """The client's next command, with its literal when it has one."""
        line = await self._wire.line()
        literal = b""
        while found := _LITERAL.search(line):
            if not found[2]:
                await self.go_ahead("send it")
            literal = await self._wire.exactly(int(found[1]))
            line = line[: found.start()] + await self._wire.line()
        tag, _, rest = line.decode("utf-8", "replace").partition(" ")
        name, _, rest = rest.partition(" ")
        if name.upper() == "UID":
            second, _, rest = rest.partition(" ")
            name = f"UID {second}"
        command = Command(tag, name.upper(), rest, literal)
        self._heard.append(command)
        return command

    async def serve(self, until: str | None = None) -> Command:
        """Be polite until a command named `until` comes, and hand that one back unanswered; LOGOUT ends the talk."""
        while True:
            command = await self.hear()
            if command.name == until:
                return command
            await self.polite(command)
            if command.name == "LOGOUT":
                raise HungUp

    async def polite(self, command: Command) -> None:
        """Answer one command as a good server does."""
        match command.name:
            case "CAPABILITY":
                await self.say(f"* CAPABILITY {self.capability}")
            case "IDLE":
                await self.go_ahead("idling")
                await self._wire.line()
            case "AUTHENTICATE":
                if len(command.rest.split()) == 1:
                    await self.go_ahead()
                    await self._wire.line()
            case _:
                try:
                    lines = answer(command, self.mailbox)
                except KeyError:
                    await self.bad(command, "unknown command")
                    return
                await self.raw(b"".join(line + b"\r\n" for line in lines))
        await self.ok(command)

    async def say(self, *lines: str) -> None:
        """Send lines in one write."""
        await self.raw("".join(f"{line}\r\n" for line in lines).encode())

    async def raw(self, data: bytes) -> None:
        """Send bytes exactly as they are."""
        await self._wire.send(data)

    async def drip(self, data: bytes, *, size: int = 1, every: float = 0.02) -> None:
        """Send `size` bytes every so many seconds."""
        for start in range(0, len(data), size):
            await self.raw(data[start : start + size])
            await asyncio.sleep(every)

    async def go_ahead(self, text: str = "") -> None:
        """Send a continuation request."""
        await self.say(f"+ {text}")

    async def ok(self, command: Command, text: str = "done") -> None:
        """Finish a command well."""
        await self.say(f"{command.tag} OK {text}")

    async def no(self, command: Command, text: str = "not now") -> None:
        """Finish a command badly; `text` may begin with a code such as "[UNAVAILABLE]"."""
        await self.say(f"{command.tag} NO {text}")

    async def bad(self, command: Command, text: str = "what?") -> None:
        """Call a command a mistake."""
        await self.say(f"{command.tag} BAD {text}")

    async def silence(self) -> None:
        """Say nothing more until the client leaves."""
        await self._wire.peer_leaves()

    async def wait(self, gate: Gate) -> None:
        """Say nothing until the test opens the gate."""
        await gate.opened()

    def fin(self) -> None:
        """End the connection in an orderly way, right now."""
        self._wire.fin()

    def rst(self) -> None:
        """Break the connection off with a reset."""
        self._wire.rst()


Script = Callable[[Talk], Awaitable[None]]


async def polite(talk: Talk) -> None:
    """The script of a server that does nothing wrong."""
    await talk.greet()
    await talk.serve()


class ImapScript:
    """The running fake. `heard` holds every command of every connection, `mailbox` its only mailbox.

    Each connection plays the next script; the last one is played by all further connections. What a script raises
    (a failed assertion, say) is raised again by `close`.
    """

    def __init__(self, *scripts: Script, tls: ssl.SSLContext | None = None, mails: Sequence[bytes] = ()) -> None:
        self.mailbox = Mailbox()
        self.heard: list[Command] = []
        self._scripts = list(scripts) or [polite]
        self._listener = Listener(self._talk, tls)
        for raw in mails:
            self.mailbox.add(raw)

    @property
    def host(self) -> str:
        """Where it listens."""
        return self._listener.host

    @property
    def port(self) -> int:
        """Where it listens; chosen at the first start, kept afterwards."""
        return self._listener.port

    @property
    def connections(self) -> int:
        """How many connections there were so far."""
        return self._listener.connections

    @property
    def live(self) -> int:
        """How many connections are open."""
        return self._listener.live

    def start(self) -> "ImapScript":
        """Take connections."""
        self._listener.start()
        return self

    def stop(self) -> None:
        """Be unreachable; `start` comes back on the same port."""
        self._listener.pause()

    def close(self) -> None:
        """End; raises what went wrong in a script."""
        self._listener.close()

    def hang_up(self, *, rudely: bool = False) -> None:
        """End the open connections, whatever their scripts are doing."""
        self._listener.hang_up(rudely=rudely)

    async def _talk(self, wire: Wire) -> None:
        script = self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]
        await script(Talk(wire, self.mailbox, self.heard))
