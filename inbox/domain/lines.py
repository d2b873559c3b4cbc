"""What lists in letters are made of: something that was said, a time that was promised; and how people are called."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Title = Literal["", "ms", "mr"]
"""What stands before a name, as its owner wrote it; empty: nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptLine:
    """One thing said in a chat. `ours`: by one of us."""

    at: datetime
    ours: bool
    name: str
    text: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseLine:
    """A time that a customer was told, and whether it was missed or kept; neither while it is open."""

    due_at: datetime
    missed: bool = False
    kept: bool = False
