"""The facts of what follows a matter up: a lead is turned to with it, and many are told what they did not ask."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from inbox.domain.lines import PromiseLine, Title, TranscriptLine


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentHandedUpFacts:
    """That a colleague (`by`) turns to a lead with a conversation, and its history in short: who had it, since when, what was promised.

    `promises`: oldest first. `lines`: the newest first. `waiting_since`: none where nobody waits for an answer.
    """

    language: str
    zone: ZoneInfo
    brand: str
    reference: str
    by: str
    opened_at: datetime
    reason: str = ""
    had: str = ""
    subject: str = ""
    contact_name: str = ""
    waiting_since: datetime | None = None
    promises: tuple[PromiseLine, ...] = ()
    lines: tuple[TranscriptLine, ...] = ()
    answerable: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastFacts:
    """What we tell many who did not ask. `text`: what whoever made it wrote; `stop_link`: the page on which the contact says that they
    want no more of it, empty where a word in the chat does (`stop_word`)."""

    language: str
    zone: ZoneInfo
    brand: str
    subject: str
    text: str
    contact_name: str = ""
    contact_title: Title = ""
    stop_link: str = ""
    stop_word: str = ""
