"""Cards and posts in words: what the house says at a desk, in the language that is read there."""

from datetime import datetime
from zoneinfo import ZoneInfo

from inbox.actions.told import fact
from inbox.domain.desks import Button, Post
from inbox.domain.problems import Problem
from inbox.pipeline.cards import Head
from inbox.pipeline.desk_posts import Spoken
from inbox.pipeline.outcome import recall
from inbox.ports.desk import Posting, Press
from inbox.text.dates import moment
from inbox.text.excerpts import cut
from inbox.text.wording import Wording

LONGEST = 3_000
"""Letters of a message that are shown; the page shows the rest."""


class CardWords:
    """In one language and zone. `link`: what addresses of conversations begin with, where people can follow them."""

    def __init__(self, wording: Wording, language: str, zone: str, link: str) -> None:
        self._wording = wording
        self._language = language
        self._zone = ZoneInfo(zone)
        self._link = link

    def head(self, head: Head) -> Posting:
        """The first message of a card."""
        lines = [
            f"{head.square} {self._say('desk.head', reference=f'#{head.reference}')} · {self._say(f'state.{head.state}')}",
            self._say("desk.head_who", who=head.contact or head.address, address=head.address, channel=head.channel),
            head.subject,
            self._whose(head),
            self._priority(head),
            self._when(head),
            self._say("desk.head_past", past="; ".join(head.past)) if head.past else "",
            self._say(head.elsewhere, team=head.team or "-", agent=head.assignee or "-") if head.elsewhere else "",
        ]
        return Posting("\n".join(line for line in lines if line), self.presses(head.buttons))

    def message(self, spoken: Spoken, *, named: bool) -> Posting:
        """A message; `named`: it stands among those of other conversations."""
        reference = f"#{spoken.reference} " if named else ""
        via = self._say(f"via.{spoken.via}") if spoken.via in _SURFACES else spoken.via
        first = self._say(f"desk.said.{spoken.kind}", who=spoken.who, via=via)
        lines = [f"{reference}{first}", self._cut(spoken)]
        lines += [self._say("desk.files", names=", ".join(spoken.lacking))] if spoken.lacking else []
        return Posting("\n".join(line for line in lines if line), files=spoken.files)

    def word(self, post: Post) -> Posting:
        """A sentence to an agent."""
        facts = {name: self._fact(name, value) for name, value in post.facts.items()}
        sentence = self._wording.problem(self._language, Problem(post.key, **facts))
        return Posting(sentence, self.presses(post.buttons), answers=post.about)

    def presses(self, buttons: tuple[Button, ...]) -> tuple[Press, ...]:
        """Buttons with their labels."""
        return tuple(Press(self._say(one.key), one.data, one.url) for one in buttons)

    def _cut(self, spoken: Spoken) -> str:
        text = spoken.text.strip()
        if len(text) <= LONGEST:
            return text
        more = f"{self._link}/c/{spoken.reference}" if self._link else f"#{spoken.reference}"
        return f"{text[: cut(text, LONGEST)]}…\n{self._say('desk.more', where=more)}"

    def _whose(self, head: Head) -> str:
        if not head.assignee and not head.team:
            return self._say("desk.head_nobody")
        parts = (head.assignee, self._say("desk.head_team", team=head.team) if head.team else "")
        return self._say("desk.head_whose", who=" · ".join(part for part in parts if part))

    def _priority(self, head: Head) -> str:
        parts = [self._say(f"priority.{head.priority}")] if head.priority != "normal" else []
        return " · ".join([*parts, *(f"#{tag}" for tag in head.tags)])

    def _when(self, head: Head) -> str:
        if head.until is not None:
            return self._say("desk.head_until", at=self._moment(head.until))
        if head.late:
            return self._say("desk.head_late")
        return self._say("desk.head_promised", at=self._moment(head.promised)) if head.promised else ""

    def _fact(self, name: str, value: object) -> object:
        if name == "error":
            problem = recall(str(value))
            return self._wording.problem(self._language, problem) if problem is not None else str(value)
        if name == "happened":
            return self._say(f"desk.happened.{value}")
        return fact(name, value, self._wording, self._language, self._zone)

    def _moment(self, at: datetime) -> str:
        return moment(at, self._language, self._zone)

    def _say(self, key: str, **facts: object) -> str:
        return self._wording.say(self._language, key, **facts)


_SURFACES = ("web", "mail", "bot", "cli", "api")
