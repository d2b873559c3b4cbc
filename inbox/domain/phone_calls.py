"""A telephone call as the house keeps it: what was said on it stays on the line, what became of it is told."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

Way = Literal["in", "out"]


class CallOutcome(StrEnum):
    """How a call ended. `voicemail`: nobody spoke, and the caller (or, on the way out, the agent) left a recording."""

    ANSWERED = "answered"
    MISSED = "missed"
    BUSY = "busy"
    VOICEMAIL = "voicemail"


@dataclass(frozen=True, slots=True)
class PhoneCall:
    """One call with somebody outside. `number`: theirs, in E.164 where it is one (`+98...`).

    `seconds`: how long it was spoken, or how long the recording is; None: nobody says. `agent`: the handle of who spoke for us, as
    far as it is known. `matter`: the reference of the conversation in which an agent logged it; empty: wherever it belongs.
    """

    way: Way
    outcome: CallOutcome
    number: str
    id: str
    started_at: datetime | None = None
    seconds: int | None = None
    agent: str = ""
    matter: str = ""

    @property
    def spoken(self) -> bool:
        """Whether two people spoke with one another."""
        return self.outcome is CallOutcome.ANSWERED

    @property
    def waits(self) -> bool:
        """Whether whoever called us got nobody, and waits to be called back."""
        return self.way == "in" and not self.spoken
