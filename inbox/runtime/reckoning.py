"""The reckoning of an import: everything that was offered, and what became of it; it adds up or somebody must look."""

from collections import Counter
from dataclasses import dataclass, field

from inbox.domain.arrivals import Verdict
from inbox.pipeline.ours import OURS
from inbox.pipeline.past import Brought


@dataclass(slots=True)
class Reckoning:
    """Counts of mails. `unread`: the archive could not give their bytes; where each lies stands in `lost`."""

    offered: int = 0
    imported: int = 0
    ours: int = 0
    """Of the imported: what we wrote ourselves."""
    duplicates: Counter[str] = field(default_factory=Counter)
    ignored: Counter[str] = field(default_factory=Counter)
    """By reason, as the duplicates."""
    quarantined: int = 0
    unread: int = 0
    lost: list[tuple[str, str]] = field(default_factory=list)
    conversations: int = 0
    contacts: int = 0

    def take(self, brought: Brought) -> None:
        """One more mail has its verdict."""
        match brought.judged.verdict:
            case Verdict.ACCEPTED:
                self.imported += 1
                self.ours += brought.judged.reason == OURS
            case Verdict.DUPLICATE:
                self.duplicates[brought.judged.reason] += 1
            case Verdict.IGNORED | Verdict.HELD:
                self.ignored[brought.judged.reason] += 1
            case Verdict.QUARANTINED:
                self.quarantined += 1
        self.conversations += brought.opened
        self.contacts += brought.met

    def lose(self, place: str, reason: str) -> None:
        """The bytes of one mail could not be read."""
        self.unread += 1
        self.lost.append((place, reason))

    @property
    def accounted(self) -> int:
        """How many of the offered are known to have ended somehow."""
        return self.imported + self.duplicates.total() + self.ignored.total() + self.quarantined + self.unread

    @property
    def adds_up(self) -> bool:
        """Every mail that was offered has its verdict."""
        return self.offered == self.accounted and not self.unread
