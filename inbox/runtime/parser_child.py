"""The child that reads what strangers sent: one raw in, its happenings out, under limits of memory and CPU time.

Frames are a 4-byte length and that many bytes. What the child hears comes from its parent and is a pickle; what it
answers is JSON, checked against the happenings' types: whatever takes the child over cannot speak to the parent in more.
"""

import os
import pickle
import signal
import struct
import sys
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any

from pydantic import TypeAdapter

from inbox.domain.arrivals import Raw
from inbox.domain.happenings import Happening
from inbox.domain.ids import ChannelName
from inbox.domain.problems import Unreadable
from inbox.ports.channel import Place
from inbox.ports.codec import Codec
from inbox.runtime import bounds

LENGTH = struct.Struct("!I")


@dataclass(frozen=True, slots=True)
class CodecOf:
    """What it takes to build a channel's codec in another process."""

    kind: str
    place: Place
    options: Any


@dataclass(frozen=True, slots=True)
class Setup:
    """The child's first frame: the codecs, and the limits (seconds of CPU for one raw, megabytes of address space)."""

    codecs: dict[ChannelName, CodecOf]
    seconds: float
    memory_mb: int


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a raw could not be read: a catalogue key with its facts."""

    key: str
    facts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one raw: its happenings, or why there are none."""

    happenings: tuple[Happening, ...] = ()
    unread: Unread | None = None


def answers() -> TypeAdapter[Answer]:
    """How an answer is written and read."""
    return TypeAdapter(Answer)


def build(codec: CodecOf) -> Codec:
    """The codec, by the entry point of its kind."""
    found = {entry.name: entry for entry in entry_points(group="inbox.channels")}
    adapter = found[codec.kind].load()
    built: Codec = adapter.codec(codec.place, codec.options)
    return built


class Frames:
    """The frames that come in through a file descriptor, read as far ahead as they lie there."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._ahead = bytearray()

    def next(self) -> bytes | None:
        """The next frame, waited for; None at the end."""
        while not self.more():
            read = os.read(self._descriptor, 1 << 16)
            if not read:
                return None
            self._ahead += read
        end = LENGTH.size + self._length()
        frame = bytes(self._ahead[LENGTH.size : end])
        del self._ahead[:end]
        return frame

    def more(self) -> bool:
        """Whether a whole frame lies here already. Never waits: a look into the pipe itself would."""
        return len(self._ahead) >= LENGTH.size and len(self._ahead) >= LENGTH.size + self._length()

    def _length(self) -> int:
        return int(LENGTH.unpack_from(self._ahead)[0])


def main() -> None:
    """Serve until the parent closes the pipe; one that was killed leaves nobody to complain to."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    given, said = Frames(sys.stdin.fileno()), sys.stdout.buffer
    first = given.next()
    if first is None:
        return
    setup: Setup = pickle.loads(first)  # from our own parent
    codecs = {name: build(codec) for name, codec in setup.codecs.items()}
    bounds.memory(setup.memory_mb)
    write = answers()
    while (frame := given.next()) is not None:
        channel, raw = pickle.loads(frame)
        bounds.processor(setup.seconds)
        body = write.dump_json(_answer(codecs[channel], raw), exclude_defaults=True)
        said.write(LENGTH.pack(len(body)))
        said.write(body)
        if not given.more():  # while more lies here, answers go out together
            said.flush()


def _answer(codec: Codec, raw: Raw) -> Answer:
    try:
        return Answer(tuple(codec.parse(raw)))
    except Unreadable as problem:
        return Answer(unread=Unread(problem.key, {k: str(v) for k, v in problem.facts.items()}))
    except (MemoryError, RecursionError) as error:
        return Answer(unread=Unread("parse.too_much", {"limit": type(error).__name__}))
    except Exception as error:
        return Answer(unread=Unread("parse.failed", {"error": type(error).__name__}))


if __name__ == "__main__":
    main()
