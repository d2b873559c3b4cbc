"""A reading: the facts of one run as conditions ask for them, folded at most once, with the fields as set so far."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from inbox.rulebook.facts import Facts
from inbox.text.fold import fold
from inbox.text.mentions import Searchable, searchable


@dataclass(slots=True)
class Reading:
    """Lives for one run only. `now` holds state, priority, team, assignee and policy as the rules have set them so far."""

    facts: Facts
    now: dict[str, str] = field(init=False)
    tags: list[str] = field(init=False)
    fields: dict[str, str] = field(init=False)
    _searchable: dict[str, Searchable] = field(default_factory=dict)
    _folded: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ticket = self.facts.conversation
        self.now = {
            "state": ticket.state.value,
            "priority": ticket.priority.value,
            "team": ticket.team,
            "assignee": ticket.assignee,
            "policy": ticket.policy,
        }
        self.tags = list(ticket.tags)
        self.fields = dict(ticket.fields)

    @property
    def subject(self) -> Searchable:
        """The subject, ready for phrases."""
        return self._prepared("subject", self.facts.subject)

    @property
    def body(self) -> Searchable:
        """The newly written text, ready for phrases."""
        return self._prepared("body", self.facts.text)

    def folded(self, name: str, values: Iterable[str]) -> tuple[str, ...]:
        """`values` folded; remembered under `name`, so only for what does not change during a run."""
        if name not in self._folded:
            self._folded[name] = tuple(fold(value) for value in values)
        return self._folded[name]

    def _prepared(self, name: str, text: str) -> Searchable:
        if name not in self._searchable:
            self._searchable[name] = searchable(text)
        return self._searchable[name]
