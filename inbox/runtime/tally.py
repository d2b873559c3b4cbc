"""The tally of a move: how much of everything is there, how much was left, and how much of it is here; equal, or somebody must look."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from inbox.elsewhere.vocabulary import Lost

KINDS = ("persons", "organizations", "matters", "messages", "notes", "files")


@dataclass(slots=True)
class Count:
    """Of one kind. `left`: not brought in, as the plan says; `fresh`: came in by this run."""

    there: int = 0
    left: int = 0
    here: int = 0
    fresh: int = 0

    @property
    def adds_up(self) -> bool:
        """Whether all that was to come is here."""
        return self.there - self.left == self.here


@dataclass(slots=True)
class Tally:
    """All kinds. `moved`: matters whose standing was told anew; `away`: files that are named and not held by the export."""

    counts: dict[str, Count] = field(default_factory=lambda: {kind: Count() for kind in KINDS})
    moved: int = 0
    away: int = 0
    lost: list[Lost] = field(default_factory=list)

    def __getitem__(self, kind: str) -> Count:
        return self.counts[kind]

    def rows(self) -> Iterator[tuple[str, Count]]:
        """Each kind with its counts."""
        yield from self.counts.items()

    @property
    def adds_up(self) -> bool:
        """Whether everything that was to come is here, and everything could be read."""
        return not self.lost and all(count.adds_up for count in self.counts.values())
