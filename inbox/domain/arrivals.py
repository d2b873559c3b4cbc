"""An arrival: raw bytes as a channel fetched them, durable before anyone parses them, and the verdict it ends with."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from inbox.domain.ids import ArrivalId, ChannelName


@dataclass(frozen=True, slots=True)
class Spooled:
    """Raw bytes too many to hold in memory: a file of our own that stays until the arrival is stored."""

    path: Path
    size: int


Raw = bytes | Spooled
"""What a network gave us, untouched."""


class Verdict(StrEnum):
    """How an arrival ended. Every arrival gets exactly one (guarantee 4: nothing ends silently)."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"
    HELD = "held"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a channel fetched: its key on that channel (unique there, for ever) and its bytes."""

    key: str
    raw: Raw
    came: datetime | None = None
    """When the network took it, by the network's own clock; None where it does not tell, or hands it over at once."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A stored item on its way to a verdict. `history` marks old mail that is brought in silently: by a first sync, or
    from files; these know when it was written, and then that is its `received_at`.

    `first_sync`: old mail that is to be answered, under the first-sync brake. `again`: it came before the site was restored
    from a backup, so that it may have been seen to already.
    """

    id: ArrivalId
    channel: ChannelName
    key: str
    received_at: datetime
    raw: Raw
    tries: int = 0
    history: bool = False
    first_sync: bool = False
    again: bool = False

    def happened(self, now: datetime) -> datetime:
        """The instant at which what it says takes place: old mail at its own, everything else `now`."""
        return self.received_at if self.history else now


@dataclass(frozen=True, slots=True)
class Toast:
    """A short sentence for whoever pressed a button: a catalogue key, what was chosen, and the language to say it in. An empty key
    says nothing: the network only learns that the press was taken.

    `query` is the network's name of the press. It is told at once or never: networks forget a press within a minute.
    """

    query: str
    key: str
    language: str
    choice: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict with its reason: a catalogue key such as `ignored.bounce`, or the error's sentence when quarantined."""

    verdict: Verdict
    reason: str = ""
    toast: Toast | None = None

    def toasted(self, query: str, key: str, language: str, choice: str = "") -> "Judged":
        """With what whoever pressed a button is told at once, if only that it was taken; as it is where no press asks for that."""
        return replace(self, toast=Toast(query, key, language, choice)) if query else self
