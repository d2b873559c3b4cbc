"""Failures that a Bot-API server commits on demand: refuse, hang up early or late, talk garbage, say nothing."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from tests.rig.gate import Gate

HANDSHAKE = "handshake"


class Way(Enum):
    """How a fault shows."""

    REFUSE = "refuse"
    """An error of the Bot API; nothing was accepted."""
    CUT = "cut"
    """The connection ends: in the TLS handshake, or after the body and instead of an answer."""
    HALF = "half"
    """The connection ends when the head of a request was read, before its body is."""
    GARBAGE = "garbage"
    """Bytes that are no answer of the Bot API, such as the page of a proxy."""
    SILENCE = "silence"
    """Nothing, until the fault is released or the client leaves."""


@dataclass(slots=True)
class Fault:
    """One ordered failure; `hits` counts how often it struck. `method` is a Bot-API method, `*` for all, or `handshake`.

    `skip` lets that many matching calls pass first; `times` is how often it strikes, None means always. `accepted` says
    whether a message counts as taken although no answer tells so.
    """

    method: str
    way: Way
    code: int = 500
    text: str = ""
    parameters: Mapping[str, int] = field(default_factory=dict)
    chat: str | None = None
    times: int | None = 1
    skip: int = 0
    accepted: bool = False
    hits: int = 0
    _gate: Gate = field(default_factory=Gate)

    def release(self) -> None:
        """Let the silenced client have the usual answer after all."""
        self._gate.open()

    async def released(self) -> None:
        """Wait for `release`."""
        await self._gate.opened()

    @property
    def pending(self) -> bool:
        """Whether it has yet to strike."""
        return self.times != self.hits

    def strikes(self, method: str, chat: str | None) -> bool:
        """Whether this is the moment; counts it."""
        if self.method not in ("*", method) or not self.pending or (self.chat is not None and self.chat != chat):
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.hits += 1
        return True


class Faults:
    """The failures that are ordered and not used up, asked in the order in which they were ordered."""

    def __init__(self) -> None:
        self._ordered: list[Fault] = []
        self._lock = threading.Lock()

    def order(self, fault: Fault) -> Fault:
        """Have one failure happen."""
        with self._lock:
            self._ordered.append(fault)
        return fault

    def forget(self) -> None:
        """Behave well from now on."""
        with self._lock:
            self._ordered.clear()

    def take(self, way: tuple[Way, ...], method: str, chat: str | None = None) -> Fault | None:
        """The failure of one of these ways that happens now, if any."""
        with self._lock:
            return next((one for one in self._ordered if one.way in way and one.strikes(method, chat)), None)

    @property
    def wants_a_handshake(self) -> bool:
        """Whether a failure waits for a new connection: the server then keeps none open."""
        with self._lock:
            return any(one.method == HANDSHAKE and one.pending for one in self._ordered)
