"""What became of the times that a customer was told, as events of a conversation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from inbox.domain.ids import PromiseId


@dataclass(frozen=True, slots=True)
class Promised:
    """A time was told to the customer."""

    kind: Literal["promised"]
    promise: PromiseId
    due_at: datetime
    answer: bool
    replaces: PromiseId | None = None


@dataclass(frozen=True, slots=True)
class PromiseAtRisk:
    """Most of the time until a promise has passed, and what it promises has not come."""

    kind: Literal["promise_at_risk"]
    promise: PromiseId
    why: Literal["", "closed"] = ""
    """`closed`: the hours have changed, and nobody works any more before its instant."""


@dataclass(frozen=True, slots=True)
class NotRenewed:
    """A promise is at risk, and the customer was told no new time: a catalogue key such as `silent.notices_spent` says why."""

    kind: Literal["not_renewed"]
    promise: PromiseId
    reason: str


@dataclass(frozen=True, slots=True)
class PromiseJudged:
    """A promise was kept, broken or withdrawn; or taken up again, since the reply did not arrive."""

    kind: Literal["promise_judged"]
    promise: PromiseId
    outcome: str
