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
    _texts: dict[str, tuple[Searchable, ...]] = field(default_factory=dict)
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

    def texts(self, scope: str) -> tuple[Searchable, ...]:
        """What phrases are looked for in: the "subject", the "body" (newly written), or "text" for either of them."""
        if scope not in self._texts:
            self._texts[scope] = (
                (*self.texts("subject"), *self.texts("body")) if scope == "text" else self._prepared(scope)
            )
        return self._texts[scope]

    def written(self, scope: str) -> str:
        """The "subject" or the "body" as patterns are searched in it: folded, with its spaces, lines and punctuation."""
        (text,) = self.folded(f"written {scope}", (self.facts.subject if scope == "subject" else self.facts.text,))
        return text

    def folded(self, name: str, values: Iterable[str]) -> tuple[str, ...]:
        """`values` folded; remembered under `name`, so only for what does not change during a run."""
        if name not in self._folded:
            self._folded[name] = tuple(fold(value) for value in values)
        return self._folded[name]

    def _prepared(self, scope: str) -> tuple[Searchable, ...]:
        return (searchable(self.facts.subject if scope == "subject" else self.facts.text),)
