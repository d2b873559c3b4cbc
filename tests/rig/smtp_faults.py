"""Failures that a scripted SMTP server commits on demand: refuse, hang up, talk garbage, say nothing."""

import threading
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum

from tests.rig.gate import Gate

STAGES = ("connect", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "dot", "RSET", "NOOP", "QUIT")


class Way(Enum):
    """How a fault shows."""

    REFUSE = "refuse"
    FIN = "fin"
    RST = "rst"
    GARBAGE = "garbage"
    SILENCE = "silence"


@dataclass(slots=True)
class Fault:
    """One ordered failure; `hits` counts how often it struck, `release` ends a silence with the usual answer.

    `skip` lets that many matching commands pass first; `times` is how often it strikes, None means always.
    `accepted` says, for the stage after the final dot, whether the mail counts as taken although no answer tells so.
    """

    stage: str
    way: Way
    answer: bytes = b""
    address: str | None = None
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

    def strikes(self, stage: str, addresses: Collection[str]) -> bool:
        """Whether this is the moment; counts it."""
        if stage != self.stage or self.times == self.hits or (self.address and self.address not in addresses):
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
        """Have one failure happen; an unknown stage is a mistake in the test."""
        if fault.stage not in STAGES:
            raise ValueError(f"no stage {fault.stage!r}, only {', '.join(STAGES)}")
        with self._lock:
            self._ordered.append(fault)
        return fault

    def forget(self) -> None:
        """Behave well from now on."""
        with self._lock:
            self._ordered.clear()

    def take(self, stage: str, addresses: Collection[str] = ()) -> Fault | None:
        """The failure that happens now, if any."""
        with self._lock:
            return next((fault for fault in self._ordered if fault.strikes(stage, addresses)), None)
