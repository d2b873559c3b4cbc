"""A codec for the parser children that does what the raw says: read it, die over it, eat memory, burn time, babble."""

import os
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from inbox.domain.arrivals import Raw
from inbox.domain.happenings import Address, Happening, InboundMessage
from inbox.domain.ids import NetworkKey
from inbox.domain.outgoing import FrozenPart, Outgoing
from inbox.domain.problems import Unreadable
from inbox.ports.codec import Traits


class PoisonCodec:
    """Implements `inbox.ports.codec.Codec` as far as children are concerned. `word` stands before every text."""

    traits = Traits()

    def __init__(self, word: str) -> None:
        self._word = word

    def parse(self, raw: Raw) -> Sequence[Happening]:
        assert isinstance(raw, bytes)
        match raw.partition(b" ")[0]:
            case b"die":
                os._exit(7)
            case b"babble":
                os.write(1, b"\0\0\0\5{no}!")
                os._exit(0)
            case b"burn":
                while True:
                    pass
            case b"eat":
                bytearray(2_000_000_000)
            case b"refuse":
                raise Unreadable("memory.unreadable", reason="it says so")
            case b"break":
                raise ZeroDivisionError
            case _:
                pass
        text = f"{self._word}{raw.decode()}"
        return [InboundMessage("message", NetworkKey(""), "", Address("a@example.org"), text=text)]

    def compose(self, what: Outgoing) -> Sequence[FrozenPart]:
        return ()

    def attachment(self, raw: Raw, start: int, length: int, encoding: str) -> bytes:
        return b""


class PoisonAdapter:
    """As much of an adapter as a child asks for."""

    def codec(self, _place: Any, options: Any) -> PoisonCodec:
        return PoisonCodec(str(options))


ADAPTER = PoisonAdapter()


class PoisonReader:
    """Implements `inbox.ports.codec.Reader`: does what the file says."""

    def describe(self, raw: Raw) -> Mapping[str, object]:
        content = raw if isinstance(raw, bytes) else raw.path.read_bytes()
        if content.startswith(b"shout"):
            os.write(1, b"\xff\xff\xff\xff" + content)
            os._exit(0)
        if content.startswith(b"wait"):
            threading.Event().wait()
        PoisonCodec("").parse(content[:100])
        return {"said": content[:100].decode(), "size": len(content)}
