"""JSON of strangers, read without trust: what is missing or of another type than it should be counts as not said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from inbox.domain.problems import Unreadable

_LARGEST = 1 << 63


@dataclass(frozen=True, slots=True)
class Said:
    """One object of an update."""

    fields: Mapping[str, Any]

    def __contains__(self, name: str) -> bool:
        return self.fields.get(name) is not None

    def __bool__(self) -> bool:
        return bool(self.fields)

    def text(self, name: str) -> str:
        """A text, or an empty one."""
        found = self.fields.get(name)
        return found if isinstance(found, str) else ""

    def number(self, name: str) -> int:
        """A whole number that a store can hold, or 0."""
        found = self.fields.get(name)
        if isinstance(found, str) and found.lstrip("-").isdecimal() and len(found) < 20:
            found = int(found)  # some hosts write long ids as texts
        return found if isinstance(found, int) and not isinstance(found, bool) and abs(found) < _LARGEST else 0

    def needed(self, name: str) -> int:
        """A number without which nothing can be made of it. Raises Unreadable."""
        found = self.number(name)
        if not found:
            raise Unreadable("bot.unreadable", reason=f"no {name}")
        return found

    def real(self, name: str) -> float:
        """A number with a fraction, or 0."""
        found = self.fields.get(name)
        return float(found) if isinstance(found, int | float) and abs(found) < _LARGEST else 0.0

    def true(self, name: str) -> bool:
        """Whether it is said to be so."""
        return self.fields.get(name) is True

    def part(self, name: str) -> "Said":
        """An object inside, or an empty one."""
        found = self.fields.get(name)
        return Said(found if isinstance(found, dict) else {})

    def parts(self, name: str) -> list["Said"]:
        """The objects of a list inside."""
        found = self.fields.get(name)
        return [Said(one) for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    def instant(self, name: str) -> datetime | None:
        """Seconds since 1970 as an instant, UTC."""
        seconds = self.number(name)
        try:
            return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
        except (ValueError, OverflowError, OSError):
            return None
