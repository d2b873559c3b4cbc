"""The facts of what one of us is told: that something happened, that they are called, how their day begins, what came of their mail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from inbox.domain.lines import TranscriptLine

Happened = Literal[
    "assigned",
    "mentioned",
    "message-received",
    "promise-at-risk",
    "promise-late",
    "words-held",
    "task-due",
    "handed-up",
    "rules",
]
"""What an agent is told of in a conversation, as preferences name it; `rules`: whatever a rule tells."""
Called = Literal["first", "again", "escalated", "acknowledged", "over"]
Standing = Literal["late", "at-risk", "due", "open"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentNoticeFacts:
    """What one of us is told of by mail: that it happened, what was said last, and how to answer it from there.

    `lines`: the newest first. `todo`: what is theirs to do here. `answerable`: an answer to this mail can be proved to be theirs, and goes to the customer.
    """

    language: str
    zone: ZoneInfo
    brand: str
    reference: str
    happened: Happened
    subject: str = ""
    contact_name: str = ""
    lines: tuple[TranscriptLine, ...] = ()
    promised_at: datetime | None = None
    todo: tuple[str, ...] = ()
    answerable: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentPageFacts:
    """That one of us is called to a conversation until somebody has it, or who has it.

    `happened`: called, once more, because nobody else has it; somebody has it (`by`), or it is over by itself. `rule`: which calls.
    """

    language: str
    zone: ZoneInfo
    brand: str
    reference: str
    happened: Called
    rule: str
    by: str = ""
    subject: str = ""
    contact_name: str = ""
    lines: tuple[TranscriptLine, ...] = ()
    answerable: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestLine:
    """A conversation in a letter of the day, and why it stands there. `left`: seconds of working time until `due_at`, or since it
    where it is `late`; `standing`: `at-risk` where a promise is. `happened`, `text`: what they were told of, what is to be done."""

    reference: str
    subject: str = ""
    contact_name: str = ""
    standing: Standing = "open"
    due_at: datetime | None = None
    left: int | None = None
    promised: bool = False
    happened: Happened | None = None
    text: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentDigestFacts:
    """What an agent has to know at the beginning of their day, in one letter; never all of it empty.

    Each list holds the first of as many as the number beside it says. `others`: nobody has them, in the agent's teams.
    """

    language: str
    zone: ZoneInfo
    brand: str
    day: datetime
    mine: tuple[DigestLine, ...] = ()
    mine_count: int = 0
    notices: tuple[DigestLine, ...] = ()
    notices_count: int = 0
    held: tuple[DigestLine, ...] = ()
    held_count: int = 0
    tasks: tuple[DigestLine, ...] = ()
    tasks_count: int = 0
    others: tuple[DigestLine, ...] = ()
    others_count: int = 0
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentReportFacts:
    """What came of an agent's mail, told them where they have to know: `problem`, why nothing was done, with the `text` that is
    kept; or `answers` to what they asked."""

    language: str
    zone: ZoneInfo
    brand: str
    reference: str
    problem: str = ""
    answers: tuple[str, ...] = ()
    text: str = ""
    subject: str = ""
    answerable: bool = False
    link: str = ""


def happened(kind: str, rule: str) -> Happened:
    """What a notice tells: its kind where it is one of these and no rule tells it."""
    return next((one for one in get_args(Happened) if one == kind and not rule), "rules")
