"""The facts of the message templates: one frozen dataclass a template, and nothing that a template could reach through it.

A template sees plain values only: texts, instants, yes or no, tuples of these. What stands in no field here cannot be said.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

Told = Literal["answer", "update", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeutralFacts:
    """What an acknowledgement may say to an address that proved nothing: no subject, no body, no name of anybody.

    `promise_kind`: an answer by `due_at`, or news of how things stand by then, or no time at all (`due_at` None).
    `opens_at`: when work starts again, told while we are closed (`open_now` false) and it is known.
    """

    language: str
    zone: ZoneInfo
    brand: str
    reference: str
    promise_kind: Told = "none"
    due_at: datetime | None = None
    open_now: bool = True
    opens_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgementFacts(NeutralFacts):
    """What the automatic first answer may say. `subject` is the conversation's, plain; empty where there was none."""

    contact_name: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyFacts:
    """An agent's words and what stands round them.

    `quoted_text` is the question that is answered, empty where nothing is quoted; `quoted_at` is then its instant.
    """

    language: str
    zone: ZoneInfo
    brand: str
    reference: str
    text: str
    agent_name: str
    team: str = ""
    signature: str = ""
    contact_name: str = ""
    subject: str = ""
    quoted_text: str = ""
    quoted_name: str = ""
    quoted_at: datetime | None = None


Facts = NeutralFacts | ReplyFacts


def facts_of(template: str) -> type[Facts]:
    """The facts that a template of that name is given; its variant (`@...`) does not matter.

    `reply` and `reply-...` are an agent's words, `...-neutral` knows nobody, any other name is an acknowledgement, which a
    rule chooses by that name.
    """
    plain = template.split("@")[0]
    if plain.split("-")[0] == "reply":
        return ReplyFacts
    return NeutralFacts if plain.endswith("-neutral") else AcknowledgementFacts
