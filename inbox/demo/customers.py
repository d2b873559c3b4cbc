"""The customers whom one can play: who they are, what they wrote and received, and how they write. It takes the real path."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from inbox.demo.network import Line, Networks
from inbox.domain.ids import ChannelName


@dataclass(frozen=True, slots=True)
class Player:
    """A customer to play. `to`: the addresses of ours that they can write to, the first by itself."""

    name: str
    """As pages name them in an address."""
    who: str
    address: str
    channel: ChannelName
    way: str
    """`mail`, `bot` or `chat`: how they write."""
    language: str
    to: tuple[str, ...]


PLAYERS = (
    Player(
        "emily",
        "Emily Stone",
        "emily@stone.example",
        ChannelName("orders"),
        "mail",
        "en",
        ("orders@mehregan.example", "support@mehregan.example"),
    ),
    Player(
        "dariush",
        "داریوش فرهادی",
        "dariush@farhadi.example",
        ChannelName("orders"),
        "mail",
        "fa",
        ("orders@mehregan.example", "support@mehregan.example"),
    ),
    Player("yasaman", "یاسمن راد", "7755310", ChannelName("bot"), "bot", "fa", ("@mehregan_bot",)),
    Player("jack", "Jack Rivers", "jack-rivers", ChannelName("chat"), "chat", "en", ("chat@mehregan.example",)),
)


@dataclass(frozen=True, slots=True)
class Said:
    """One message between a customer and us, as the network has it."""

    ours: bool
    subject: str
    text: str
    at: datetime | None


class Customers:
    """What goes on between the players and us. Belongs to the event loop that the networks belong to."""

    def __init__(self, networks: Networks) -> None:
        self._network = networks.all
        self._numbers = count(1)

    def one(self, name: str) -> Player | None:
        """The player of that name."""
        return next((player for player in PLAYERS if player.name == name), None)

    def thread(self, player: Player) -> list[Said]:
        """All that was said, oldest first."""
        return [_said(line) for line in self._network.ledger if _theirs(line, player)]

    def write(self, player: Player, to: str, subject: str, text: str, *, answers: bool, now: datetime) -> None:
        """They write: an answer to what we said last, or something new."""
        more: dict[str, object] = {"language": player.language, "sent_at": now.isoformat(), "authentication": "pass"}
        more |= {"key": f"play-{player.name}-{next(self._numbers)}-{int(now.timestamp())}"}
        if player.way != "mail":
            more |= {"thread": f"chat-{player.address}"}
        received: Sequence[Line] = self._network.received(player.address)
        if answers and received:
            self._network.answer(received[-1], text, name=player.who, **more)
        else:
            more |= {"subject": subject} if player.way == "mail" else {}
            self._network.write(player.address, to, text, name=player.who, **more)


def _theirs(line: Line, player: Player) -> bool:
    if line.what == "accepted":
        return player.address in line.recipients
    return line.what == "written" and line.said.get("sender", {}).get("address") == player.address


def _said(line: Line) -> Said:
    said = line.said
    at = said.get("sent_at")
    when = datetime.fromisoformat(at) if isinstance(at, str) else None
    return Said(line.what == "accepted", str(said.get("subject") or ""), str(said.get("text") or ""), when)
