"""A census of an export: how much of everything there is, by the words that a plan maps, and what could not be read."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from inbox.elsewhere.vocabulary import Export, Lost, Matter

NAMED = 200
"""Tags and fields that a plan names, the most frequent."""


@dataclass(slots=True)
class Census:
    """Counts. `boxes`, `groups`, `agents`, `states`, `priorities`, `tags`, `fields`: how many matters each concerns."""

    persons: int = 0
    """Customers; agents apart."""
    companies: set[str] = field(default_factory=set)
    matters: int = 0
    empty: int = 0
    """Matters in which nothing was said."""
    nobody: int = 0
    """Matters of which nobody is told who asked."""
    words: int = 0
    notes: int = 0
    files: int = 0
    away: int = 0
    """Files that the export names and does not hold."""
    boxes: Counter[str] = field(default_factory=Counter)
    groups: Counter[str] = field(default_factory=Counter)
    agents: Counter[str] = field(default_factory=Counter)
    """Those who have matters, or said something in them."""
    states: Counter[str] = field(default_factory=Counter)
    priorities: Counter[str] = field(default_factory=Counter)
    tags: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    lost: list[Lost] = field(default_factory=list)

    def take(self, matter: Matter) -> None:
        """One more matter."""
        self.matters += 1
        self.empty += not matter.words
        self.nobody += matter.requester is None
        self.boxes[matter.box] += 1
        self.states[matter.state] += 1
        for counter, name in ((self.groups, matter.group), (self.priorities, matter.priority)):
            if name:
                counter[name] += 1
        self.tags.update(matter.tags)
        self.fields.update({name for name, _ in matter.fields})
        for one in matter.words:
            self.words += 1
            self.notes += one.who == "note"
            self.files += len(one.files)
            self.away += sum(file.path is None for file in one.files)
        self.agents.update(agents_of(matter))


def agents_of(matter: Matter) -> set[str]:
    """By address or, where there is none, by name: whose it is, and who of us spoke in it."""
    spoke = {one.author for one in matter.words if one.who != "customer" and one.author is not None}
    named = {one.addresses[0] if one.addresses else one.name for one in spoke}
    return {one for one in (*named, matter.agent) if one}


def census(export: Export, told: Callable[[int], None]) -> Census:
    """All of an export, gone through once."""
    found = Census(lost=export.lost)
    for person in export.persons():
        found.persons += not person.agent
        if person.company and not person.agent:
            found.companies.add(person.company)
    for n, matter in enumerate(export.matters(), 1):
        found.take(matter)
        told(n)
    return found
