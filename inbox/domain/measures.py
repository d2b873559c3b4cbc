"""What is measured of a conversation, kept as small facts of its local days, so that reports add up instead of reading everything."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import IntEnum
from math import ceil

from inbox.domain.ids import AgentId, ChannelName, ConversationId

_EPOCH = date(1970, 1, 1)
_EXACT = 100
"""Minutes below which every one is told; above, two digits are."""
AGES = (0, 1, 3, 7, 30)
"""Days of age from which on a conversation counts in each class of the backlog."""


class Measure(IntEnum):
    """The kinds of facts; docs/reports.md defines each. The numbers are stored: never change what one means."""

    OPENED = 1
    DONE = 2
    FIRST = 3
    FIRST_WORKING = 4
    NEXT = 5
    NEXT_WORKING = 6
    RESOLUTION = 7
    RESOLUTION_WORKING = 8
    OURS = 9
    OURS_WORKING = 10
    THEIRS = 11
    SLA = 12
    PROMISE = 13
    BACKLOG = 14
    RECEIVED = 15
    RATED = 16
    ASKED = 17
    HANDLED = 18
    REPLIES = 19
    QUALITY = 20
    RULE = 21
    TAGGED = 22


class Quality:
    """Bits of a QUALITY fact: done now, answered by a person, done after one reply, ever done, opened again within a week,
    ever in a team, in another team later."""

    DONE, ANSWERED, ONE_TOUCH, EVER_DONE, REOPENED, HAD_TEAM, TRANSFERRED = (1 << n for n in range(7))


class Rule:
    """Bits of a RULE fact: it assigned, and that was kept; it set the priority, and a person set another."""

    ASSIGNED, KEPT, PRIORITY, CORRECTED = (1 << n for n in range(4))


class Outcome:
    """The value of a PROMISE fact. One that is open has OPEN and the minute of its local day at which it is due."""

    KEPT, LATE, WITHDRAWN, OPEN = 0, 1, 2, 10


FactKey = tuple[int, int, int, str, int]
"""Measure, day, agent (0: none), name, value. A tuple and no class: there are a dozen for each conversation."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One conversation at a version: by what it is filtered, and its facts with how often each holds."""

    conversation: ConversationId
    version: int
    channel: ChannelName
    team: int = 0
    organization: int = 0
    tags: tuple[str, ...] = ()
    facts: Mapping[FactKey, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What became of one survey; `kind`: csat or nps."""

    kind: str
    agent: AgentId | None
    asked_at: datetime | None
    rated_at: datetime | None
    score: int | None


def number_of(day: date) -> int:
    """A day as it is stored: days since 1970."""
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """The day again."""
    return _EPOCH + timedelta(days=number)


def minutes(seconds: float) -> int:
    """A duration as reports count it: whole minutes, rounded up, from 100 minutes on to two digits (rounded up, too): never
    shorter than it was, and less than a tenth or one minute longer. So a percentile of the counts is exact by definition."""
    whole, step = ceil(max(0.0, seconds) / 60), 1
    while whole >= _EXACT * step:
        step *= 10
    return -(-whole // step) * step
