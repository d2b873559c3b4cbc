"""Report letters: a report that comes to an agent by mail, each week or each month, until they end it."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Literal

from inbox.domain.ids import AgentId, ReportLetterId


class Every(StrEnum):
    """How often: once a week tells the week before, once a month the month before, as the agent's language counts them."""

    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Subject:
    """Which report, about what: as `Asked` has it, without a period."""

    report: str
    team: str = ""
    channel: str = ""
    tag: str = ""
    organization: str = ""
    hours: Literal["calendar", "working"] = "calendar"


@dataclass(frozen=True, slots=True)
class ReportLetter:
    """One that is wanted. `at`: a local time of the site; `due_at`: when the next one is; `told`: the first day of the last period
    that had its letter; `why`: why the last one was not sent (a stored problem), else empty."""

    id: ReportLetterId
    agent: AgentId
    subject: Subject
    every: Every
    at: time
    due_at: datetime
    told: date | None = None
    why: str = ""
    sent_at: datetime | None = None
    state: str = ""
    """What became of the last one that was sent, as the outbox says it; empty: none was."""
