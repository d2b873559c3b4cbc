"""Attention: which of us looks at a conversation just now, and how an agent likes to be told of things."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from inbox.domain.digest import Digest
from inbox.domain.ids import AgentId, ConversationId


class Doing(StrEnum):
    """What somebody does with a conversation that is open before them; the later ones count for more."""

    AWAY = "away"
    """It is open, but they look at something else."""
    VIEWING = "viewing"
    WRITING = "writing"

    @property
    def weight(self) -> int:
        """Of several pages of one agent the one that counts for most is told."""
        return list(Doing).index(self)


@dataclass(frozen=True, slots=True)
class Present:
    """An agent at a conversation."""

    conversation: ConversationId
    reference: str
    agent: AgentId
    name: str
    doing: Doing


class Kind(StrEnum):
    """What an agent may be told of, as their preferences have it."""

    ASSIGNED = "assigned"
    MENTIONED = "mentioned"
    ANSWERED = "message-received"
    AT_RISK = "promise-at-risk"
    LATE = "promise-late"
    HELD = "words-held"
    """Words came in their name without proof."""
    TASK = "task-due"
    """What is theirs to do is to be done now, or soon."""
    HANDED_UP = "handed-up"
    """A colleague turns to them, who lead, with a conversation."""
    ARTICLES = "articles"
    """A review is asked for or overdue, or what they wrote was published. It belongs to no conversation, so no letter tells it."""
    RULES = "rules"
    """What a rule tells them, whatever it is."""


class Place(StrEnum):
    """Where they are told of it."""

    PAGE = "page"
    MAIL = "mail"
    BOT = "bot"
    """In their private chat with a bot that knows them."""


URGENT = frozenset({Kind.AT_RISK, Kind.LATE, Kind.TASK, Kind.HANDED_UP})
"""What waits for no letter of the day, whoever tells it."""
ALWAYS = frozenset({Kind.HANDED_UP})
"""What they are told everywhere, whatever they like: somebody of us waits for them."""
UNWRITTEN = frozenset({Kind.ARTICLES})
"""What no mail tells: every letter is kept in a conversation."""
USUAL: Mapping[Kind, frozenset[Place]] = {kind: frozenset({Place.PAGE}) for kind in Kind}
"""What everybody has who has not chosen."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in which no mail comes, nor anything by bot: from `start` to `end` in local time on some weekdays (0 is Monday), those of the beginning.

    An end before its start is on the day after.
    """

    start: time
    end: time
    weekdays: frozenset[int] = frozenset(range(7))
    zone: str = "UTC"

    def holds(self, now: datetime) -> bool:
        """Whether an instant lies in them."""
        local = now.astimezone(ZoneInfo(self.zone))
        at, day = local.time(), local.weekday()
        if self.start <= self.end:
            return self.start <= at < self.end and day in self.weekdays
        return (at >= self.start and day in self.weekdays) or (at < self.end and (day - 1) % 7 in self.weekdays)


@dataclass(frozen=True, slots=True)
class Likes:
    """How an agent likes to work. `theme`: `system`, `light` or `dark`; `keys`: single letters act."""

    theme: str = "system"
    keys: bool = True
    notices: Mapping[Kind, frozenset[Place]] = field(default_factory=lambda: dict(USUAL))
    quiet: Quiet | None = None
    digest: Digest | None = None
    """One letter a day stands in place of the single ones, but for what is urgent."""

    def wants(self, kind: str, place: Place, *, rule: bool = False) -> bool:
        """Whether they are told of it there; `rule`: it is a rule that tells them."""
        known = Kind(kind) if not rule and kind in set(Kind) else Kind.RULES
        return place in self.notices.get(known, USUAL[known])
