"""A bot, its network on a socket, and the people who write to it."""

from collections.abc import Awaitable, Sequence
from pathlib import Path
from typing import Any, cast

from channels.telegram.adapter import BotAdapter
from channels.telegram.calls import thawed
from channels.telegram.channel import BotChannel
from channels.telegram.codec import BotCodec
from channels.telegram.dialect import TABLE, Dialects
from inbox.domain.ids import ChannelName
from inbox.domain.outgoing import FrozenPart, Outgoing
from inbox.ports.channel import Place
from inbox.ports.probe import Probe, silent
from inbox.testing import FakeClock, Stages, outgoing
from tests.rig.authority import Certificate
from tests.rig.bot_api import TOKEN, BotApi, Line
from tests.rig.bot_manners import BALE, TELEGRAM

BOT = "@example_desk_bot"


async def kept() -> bool:
    """The network keeps it until it is confirmed."""
    return True


class Remembering(BotCodec):
    """The codec, with a memory of what it froze."""

    def __init__(self, ground: "BotGround") -> None:
        super().__init__(ground.options, ground.options.can.over(TABLE[ground.row]))
        self._frozen = ground.frozen

    def compose(self, what: Outgoing) -> Sequence[FrozenPart]:
        parts = super().compose(what)
        self._frozen.extend(part.body for part in parts)
        return parts


class BotGround:
    """One bot on a server of its own, over TLS, so that a hand-over can be cut where it is certainly not accepted."""

    def __init__(
        self, folder: Path, ca_file: Path, certificate: Certificate, row: Dialects = "telegram", **options: Any
    ) -> None:
        context = certificate.server_context()
        self.server = BotApi(folder / "network", BALE if row == "bale" else TELEGRAM, context).start()
        self.folder = folder
        self.address = BOT
        self.correspondents = ("7", "8", "9")
        (folder / "token").write_text(TOKEN + "\n")
        (folder / "token").chmod(0o600)
        self.row: Dialects = row
        self.adapter = BotAdapter(row)
        self.place = Place(ChannelName("bot"), "Example", folder / "data", bytes(32), folder)
        table = {"bot": BOT, "token": {"file": "token"}, "ca_file": str(ca_file), **options}
        bases = {"api_base": self.server.base, "file_base": self.server.file_base}
        self.options = self.adapter.options({**bases, **table}, "test")
        self.frozen: list[bytes] = []
        self.clock = FakeClock()

    def channel(self, probe: Probe = silent) -> BotChannel:
        return cast(BotChannel, self.adapter.channel(self.place, self.options, self.clock, probe))

    def codec(self) -> Remembering:
        return Remembering(self)

    def deliver(self, text: str) -> Awaitable[bool]:
        self.server.write(text)
        return kept()

    def taken(self) -> Sequence[bytes]:
        return [self._as_frozen(line) for line in self.server.calls()]

    def goes_away(self) -> None:
        self.server.stop()

    def comes_back(self) -> None:
        self.server.start()

    def drops_before(self) -> None:
        self.server.cuts_handshakes(skip=1)  # the first one is that of `open`

    def drops_after(self) -> None:
        self.server.drops_after("sendMessage")

    def refuses(self, address: str) -> None:
        self.server.refuses("*", 403, "Forbidden: bot was blocked by the user", chat=address)

    def part(self, text: str = "hello, سلام", **changes: Any) -> FrozenPart:
        return self.codec().compose(outgoing(self, text, **changes))[0]

    async def sent(self, part: FrozenPart, stages: Stages | None = None) -> Any:
        """Hand a part over on a connection of its own."""
        channel = self.channel()
        try:
            return await channel.send(part, stages if stages is not None else Stages())
        finally:
            await channel.close()

    def close(self) -> None:
        self.server.close()

    def _as_frozen(self, line: Line) -> bytes:
        """The frozen bytes of what the network was given: it gets all of a call but our notes. Bytes of no such call are new."""
        return next((body for body in self.frozen if given(body) == said(line)), repr(line).encode())


def given(body: bytes) -> dict[str, Any]:
    """What the network has to be given of a frozen call."""
    call = thawed(body)
    files = [(one.filename, one.content.hex()) for one in call.files]
    return {"method": call.method, "files": files, **{name: str(one) for name, one in call.parameters.items()}}


def said(line: Line) -> dict[str, Any]:
    """What the network was given."""
    return {"method": line.method, "files": sorted(line.files.values()), **line.parameters}
