"""The facts of the message templates: one frozen dataclass a template, and nothing that a template could reach through it.

A template sees plain values only: texts, instants, yes or no, tuples of these. What stands in no field here cannot be said.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from inbox.domain.agent_facts import AgentDigestFacts as AgentDigestFacts
from inbox.domain.agent_facts import AgentNoticeFacts as AgentNoticeFacts
from inbox.domain.agent_facts import AgentPageFacts as AgentPageFacts
from inbox.domain.agent_facts import AgentReportFacts as AgentReportFacts
from inbox.domain.agent_facts import Called as Called
from inbox.domain.agent_facts import DigestLine as DigestLine
from inbox.domain.agent_facts import Happened as Happened
from inbox.domain.agent_facts import Standing as Standing
from inbox.domain.agent_facts import happened as happened
from inbox.domain.follow_up_facts import AgentHandedUpFacts as AgentHandedUpFacts
from inbox.domain.follow_up_facts import BroadcastFacts as BroadcastFacts
from inbox.domain.lines import PromiseLine as PromiseLine
from inbox.domain.lines import Title as Title
from inbox.domain.lines import TranscriptLine as TranscriptLine
from inbox.domain.statement_facts import StatementFacts

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
    known: str = ""
    """What we know of something that is down and that this is about, in our own words; then `due_at` is of news of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleLink:
    """An article that may be the answer, and the page on which it is read; empty where a button shows it."""

    title: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetTold:
    """What a customer is told of a thing that is theirs or their organization's, and of no other; whose it is does not stand here.

    `warranty_until`, `service_until`: noon of the last day; None where nobody has said. `in_warranty`, `in_service`: whether it holds today.
    """

    product: str
    serial: str
    model: str = ""
    in_warranty: bool = False
    warranty_until: datetime | None = None
    in_service: bool = False
    service_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownField:
    """Something that agents wrote down of the contact: its name in the config, what it is called, its value."""

    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgementFacts(NeutralFacts):
    """What the automatic first answer may say. `subject` is the conversation's, plain; empty where there was none.

    `ask`: what the buttons under it are for; empty where there are none. `contact_title`: as they wrote it themselves. `link`: of the
    page on which they see how it stands; empty where there is none. `articles`: those that are likely to be the answer, most often none.
    `asset`: what of theirs they wrote about.
    """

    contact_name: str = ""
    contact_title: Title = ""
    subject: str = ""
    ask: str = ""
    link: str = ""
    articles: tuple[ArticleLink, ...] = ()
    asset: AssetTold | None = None
    organization: str = ""
    contact_fields: tuple[KnownField, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFacts(AcknowledgementFacts):
    """What a template that a rule chooses may say at any time, as the first answer or as a later one.

    `promise_kind` and `due_at` are of the promise that is open. `assignee` and `team` have it now, empty for nobody.
    `waiting_since`: the oldest message that nobody has answered, `replied_at`: our latest answer; None where there is none.
    """

    assignee: str = ""
    team: str = ""
    waiting_since: datetime | None = None
    replied_at: datetime | None = None


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
    contact_title: Title = ""
    subject: str = ""
    quoted_text: str = ""
    quoted_name: str = ""
    quoted_at: datetime | None = None
    asset: AssetTold | None = None
    organization: str = ""
    contact_fields: tuple[KnownField, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofFacts:
    """A code for whoever reads what is sent to an address that somebody says is theirs: it may be anybody, so it tells nothing."""

    language: str
    zone: ZoneInfo
    brand: str
    code: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInFacts:
    """A link and a code for a customer who wants to come in on the portal; without an address of our own there is no link."""

    language: str
    zone: ZoneInfo
    brand: str
    code: str
    minutes: int
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedFacts:
    """An answer to the right code, where it was typed."""

    language: str
    zone: ZoneInfo
    brand: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptFacts:
    """What was said in a chat, for the one who said it: oldest first. `shortened`: there was more before it."""

    language: str
    zone: ZoneInfo
    brand: str
    reference: str
    lines: tuple[TranscriptLine, ...]
    shortened: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseNoticeFacts:
    """A new time in place of `earlier_at`, told before that passes. It may reach an address that proved nothing: it knows no name.

    `missed`: we could not tell before it passed. `earlier_kind` and `promise_kind`: an answer by that time, or news of how things stand. `in_hand`: one of us has it.
    `last`: no further notice will follow by itself.
    """

    language: str
    zone: ZoneInfo
    brand: str
    reference: str
    earlier_at: datetime
    earlier_kind: Told
    promise_kind: Told
    due_at: datetime
    missed: bool = False
    in_hand: bool = False
    last: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageNewsFacts:
    """News of something that was down, for those who were told that there would be some. `due_at`: when there is more; None
    once it is over."""

    language: str
    zone: ZoneInfo
    brand: str
    reference: str
    known: str
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreLink:
    """One answer to a survey: its score, and the page on which it is chosen already."""

    score: int
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyFacts:
    """A question to a customer whose matter is done.

    `scores`: each answer with its link, the worst first; none where nobody can find our pages. `link`: of the same page with nothing
    chosen. `buttons`: the answers stand as buttons under it. `until`: how long an answer is taken.
    """

    language: str
    zone: ZoneInfo
    brand: str
    reference: str
    until: datetime
    contact_name: str = ""
    contact_title: Title = ""
    subject: str = ""
    scores: tuple[ScoreLink, ...] = ()
    link: str = ""
    buttons: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisedFacts:
    """A sentence below an agent's words: the time by which they will answer."""

    language: str
    zone: ZoneInfo
    brand: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtesyFacts:
    """An agent asks for courtesy; the words go out as any answer of theirs, in its form. `warned`: how often this was asked before."""

    language: str
    zone: ZoneInfo
    brand: str
    warned: int = 0


Facts = (
    NeutralFacts
    | ReplyFacts
    | ProofFacts
    | ProvedFacts
    | SignInFacts
    | TranscriptFacts
    | PromiseNoticeFacts
    | PromisedFacts
    | CourtesyFacts
    | OutageNewsFacts
    | SurveyFacts
    | StatementFacts
    | AgentNoticeFacts
    | AgentPageFacts
    | AgentHandedUpFacts
    | BroadcastFacts
    | AgentDigestFacts
    | AgentReportFacts
)
OWN: dict[str, type[Facts]] = {
    "proof": ProofFacts,
    "proved": ProvedFacts,
    "sign-in": SignInFacts,
    "transcript": TranscriptFacts,
    "promise-notice": PromiseNoticeFacts,
    "promised": PromisedFacts,
    "courtesy": CourtesyFacts,
    "outage-news": OutageNewsFacts,
    "survey": SurveyFacts,
    "survey-nps": SurveyFacts,
    "statement": StatementFacts,
    "agent-notice": AgentNoticeFacts,
    "agent-page": AgentPageFacts,
    "agent-handed-up": AgentHandedUpFacts,
    "broadcast": BroadcastFacts,
    "agent-digest": AgentDigestFacts,
    "agent-report": AgentReportFacts,
}
"""The templates of the house's own notices: no rule can choose one."""


def facts_of(template: str) -> type[Facts]:
    """The facts that a template of that name is given; its variant (`@...`) does not matter.

    `reply` and `reply-...` are an agent's words, the names in OWN notices, `...-neutral` knows nobody, `acknowledgement` and
    `acknowledgement-...` are first answers; any other name is an answer that a rule chooses by that name, the first or a later one.
    """
    plain = template.split("@")[0]
    if plain in OWN:
        return OWN[plain]
    if plain.split("-")[0] == "reply":
        return ReplyFacts
    if plain.endswith("-neutral"):
        return NeutralFacts
    return AcknowledgementFacts if plain.split("-")[0] == "acknowledgement" else AnswerFacts


def chosen_by_rules(template: str) -> bool:
    """Whether a rule may answer a customer with it: no agent's words, no form for nobody in particular, no variant."""
    return "@" not in template and issubclass(facts_of(template), AcknowledgementFacts)
