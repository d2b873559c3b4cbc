"""The facts of the template `statement`: what a contract came to in a period, for its contact."""

from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFacts:
    """A statement of a contract. `lines`: what it comes to, a sentence each; all of it is in the files beside it."""

    language: str
    zone: ZoneInfo
    brand: str
    reference: str
    contract: str
    lines: tuple[str, ...]
    contact_name: str = ""
    contact_title: Literal["", "ms", "mr"] = ""
