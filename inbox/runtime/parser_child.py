"""The child that reads what strangers sent: one raw in, its happenings out, under limits of memory and CPU time.

Frames are a 4-byte length and that many bytes. What the child hears comes from its parent and is a pickle; what it
answers is JSON, checked against the happenings' types: whatever takes the child over cannot speak to the parent in more.
"""

import io
import pickle
import resource
import struct
import sys
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any, BinaryIO

from pydantic import TypeAdapter

from inbox.domain.arrivals import Raw
from inbox.domain.happenings import Happening
from inbox.domain.ids import ChannelName
from inbox.domain.problems import Unreadable
from inbox.ports.channel import Place
from inbox.ports.codec import Codec

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


def read_frame(stream: BinaryIO) -> bytes | None:
    """The next frame; None at the end."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    return stream.read(LENGTH.unpack(head)[0])


def main() -> None:
    """Serve until the parent closes the pipe."""
    given, said = sys.stdin.buffer, sys.stdout.buffer
    first = read_frame(given)
    if first is None:
        return
    setup: Setup = pickle.loads(first)  # from our own parent
    codecs = {name: build(codec) for name, codec in setup.codecs.items()}
    resource.setrlimit(resource.RLIMIT_AS, (setup.memory_mb << 20, setup.memory_mb << 20))
    write = answers()
    while (frame := read_frame(given)) is not None:
        channel, raw = pickle.loads(frame)
        _allow(setup.seconds)
        body = write.dump_json(_answer(codecs[channel], raw), exclude_defaults=True)
        said.write(LENGTH.pack(len(body)))
        said.write(body)
        if not _more(given):
            said.flush()


def _more(given: BinaryIO) -> bool:
    """Whether the next frame lies in the buffer already: then answers can go out together."""
    return isinstance(given, io.BufferedReader) and len(given.peek(0)) > LENGTH.size


def _allow(seconds: float) -> None:
    """From now on this many more seconds of CPU; beyond them the kernel ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


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
