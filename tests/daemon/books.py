"""What a store says, read by plain SQL beside the daemon: the house's own queries are what is being tested."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa


@dataclass(frozen=True, slots=True)
class Books:
    """One database, read from outside."""

    engine: sa.Engine

    @classmethod
    def of(cls, root: Path) -> "Books":
        """The SQLite file of a site."""
        file = root / "data" / "inbox.db"
        return cls(sa.create_engine(f"sqlite:///file:{file}?mode=ro&uri=true", poolclass=sa.pool.NullPool))

    def rows(self, question: str, **facts: object) -> list[tuple[Any, ...]]:
        """The rows of one SELECT; none as long as there are no tables."""
        try:
            with self.engine.connect() as connection:
                return [tuple(row) for row in connection.execute(sa.text(question), facts)]
        except (sa.exc.OperationalError, sa.exc.ProgrammingError) as error:
            if "no such table" in str(error) or "does not exist" in str(error):
                return []
            raise

    def count(self, question: str, **facts: object) -> int:
        """The one number that a SELECT count(*) gives; 0 as long as there are no tables."""
        found = self.rows(question, **facts)
        return int(found[0][0]) if found else 0

    def judged(self) -> int:
        """Arrivals with a verdict."""
        return self.count("SELECT count(*) FROM arrival WHERE verdict IS NOT NULL")

    def verdicts(self) -> Counter[str]:
        """Arrivals by verdict; those without one under "pending"."""
        return Counter(dict(self.rows("SELECT coalesce(verdict, 'pending'), count(*) FROM arrival GROUP BY 1")))

    def deliveries(self) -> Counter[str]:
        """Deliveries by state."""
        return Counter(dict(self.rows("SELECT state, count(*) FROM delivery GROUP BY 1")))

    def busy(self) -> int:
        """Deliveries that somebody still works on, or will at once."""
        return self.count("SELECT count(*) FROM delivery WHERE state IN ('queued', 'sending')")

    def inbound(self) -> dict[str, str]:
        """Message-ID of every customer's message to the reference of its conversation; a doubled one fails."""
        found = self.rows(
            "SELECT m.key, c.reference FROM message m JOIN conversation c ON c.id = m.conversation_id "
            "WHERE m.direction = 'inbound' ORDER BY m.id"
        )
        told = dict(found)
        assert len(told) == len(found), [key for key, n in Counter(key for key, _ in found).items() if n > 1]
        return told

    def references(self) -> list[str]:
        """The conversations in the order of their opening."""
        return [row[0] for row in self.rows("SELECT reference FROM conversation ORDER BY id")]


@contextmanager
def books(root: Path) -> Iterator[Books]:
    """The books of a site with SQLite, closed afterwards."""
    opened = Books.of(root)
    try:
        yield opened
    finally:
        opened.engine.dispose()
