"""What an export of another help desk says, in one vocabulary for all of them: persons, matters, and words said in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from inbox.domain.happenings import Address

Who = Literal["customer", "agent", "note"]
"""Who speaks to whom: a customer to us, one of us to them, one of us to the others."""
LEAVE = "leave"
"""What a plan says of matters that are not brought in."""
NOWHERE = "invalid"
"""The last label of addresses for people who had none: RFC 2606 keeps it from ever existing."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody there. `number`: theirs; `agent`: one of us who answered; `addresses`: mail addresses in lower case."""

    number: int
    name: str = ""
    addresses: tuple[str, ...] = ()
    company: str = ""
    language: str | None = None
    agent: bool = False
    phone: str = ""

    def address(self, source: str) -> str:
        """The first of their addresses, or one at which nobody will ever be reached."""
        return self.addresses[0] if self.addresses else f"person-{self.number}@{source}.{NOWHERE}"


@dataclass(frozen=True, slots=True)
class File:
    """Something enclosed. `path` None: the export names it and does not hold it."""

    name: str
    content_type: str = ""
    size: int = 0
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """One thing said. `number`: theirs within the matter, and the same in every export; `text` or `html`, or both."""

    number: str
    at: datetime
    who: Who
    author: Person | None = None
    text: str = ""
    html: str = ""
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    files: tuple[File, ...] = ()
    key: str = ""
    """The Message-ID, where they kept it."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One of their tickets. State, priority, group, box (a brand, a mailbox) and agent are their words, to be mapped.

    `number` is what their people and customers call it by; `id` is what their own tables do.
    """

    id: int
    number: str
    subject: str
    state: str
    opened: datetime
    requester: Person | None
    words: tuple[Words, ...] = ()
    priority: str = ""
    group: str = ""
    box: str = ""
    agent: str = ""
    tags: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    changed: datetime | None = None

    @property
    def last(self) -> datetime:
        """When something happened in it last, as far as is known."""
        said = max((one.at for one in self.words), default=self.opened)
        return max(said, self.changed or said)


@dataclass(frozen=True, slots=True)
class Lost:
    """Something that could not be read: where it lies, and why, as a key of the catalogue with its facts."""

    place: str
    why: str
    facts: Mapping[str, object] = field(default_factory=dict, hash=False)


class Export(Protocol):
    """An export as one reader understands it. Everything can be gone through again, and comes in the same order."""

    @property
    def source(self) -> str:
        """The product, as commands and keys name it."""
        ...

    def persons(self) -> Iterator[Person]:
        """Everybody there: customers and agents."""
        ...

    def matters(self) -> Iterator[Matter]:
        """Every matter with its words, oldest first, by their numbers."""
        ...

    @property
    def lost(self) -> list[Lost]:
        """What could not be read so far."""
        ...

    @property
    def states(self) -> Mapping[str, str]:
        """Their states, and which of ours a plan proposes for each."""
        ...

    @property
    def priorities(self) -> Mapping[str, str]:
        """The same for priorities."""
        ...
