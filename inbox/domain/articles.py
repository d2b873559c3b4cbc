"""An article: one text of the knowledge base in its languages and versions.

It lies in a folder (`billing/refunds`) under an address of its own, and is for everybody, for the customers of one organization or
for agents alone. Each language has versions that never change, numbered from 1; readers see the one that is published.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from inbox.domain.ids import AgentId, ArticleId, OrganizationId

LANGUAGES = ("en", "fa")
"""The languages that an article can have, in the order in which they are shown."""


class Audience(StrEnum):
    """Who may read an article once it is published. Agents read all of them."""

    PUBLIC = "public"
    ORGANIZATION = "organization"
    AGENTS = "agents"


class Standing(StrEnum):
    """Where the newest version of a language stands: being written, waiting for somebody who leads, read."""

    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Words:
    """What one language of an article says. `keywords`: words that people look for and the text does not say."""

    title: str
    body: str
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class About:
    """What the languages of an article share. `organization` is a name, for the audience of one; `owner` the handle of the agent
    who answers for it; `review_on` the day by which somebody should have looked at it again."""

    slug: str
    folder: str = ""
    audience: Audience = Audience.PUBLIC
    organization: str = ""
    tags: tuple[str, ...] = ()
    owner: str = ""
    review_on: date | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """One language of an article: its newest version, and the one that readers see, None while there is none."""

    language: str
    title: str
    latest: int
    published: int | None = None
    published_at: datetime | None = None
    asked_at: datetime | None = None
    """Since when it waits for a review."""

    @property
    def standing(self) -> Standing:
        """Where its newest version stands."""
        if self.asked_at is not None:
            return Standing.REVIEW
        return Standing.PUBLISHED if self.published == self.latest else Standing.DRAFT


@dataclass(frozen=True, slots=True)
class Article:
    """An article as it is kept; `former`: addresses that it had, which lead to it."""

    id: ArticleId
    about: About
    created_at: datetime
    changed_at: datetime
    texts: tuple[Text, ...] = ()
    former: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """Its address."""
        return self.about.slug

    def text(self, language: str) -> Text | None:
        """Its text in a language."""
        return next((one for one in self.texts if one.language == language), None)

    def best(self, language: str) -> Text:
        """Its text in a language, else in the first that it has."""
        return self.text(language) or self.texts[0]

    def overdue(self, today: date) -> bool:
        """Whether the day of its review has passed."""
        return self.about.review_on is not None and self.about.review_on < today


@dataclass(frozen=True, slots=True)
class Version:
    """What an article said in one language at one time. `as_number`: it says what an older one said, which was rolled back to."""

    language: str
    number: int
    words: Words
    at: datetime
    by: AgentId | None
    """Who wrote it; None: the owner of the site."""
    as_number: int | None = None


Deed = Literal["asked", "published", "rolled_back", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Happened:
    """What was done with a version, besides writing it."""

    language: str
    number: int
    deed: Deed
    at: datetime
    by: AgentId | None


@dataclass(frozen=True, slots=True)
class File:
    """A file or picture of an article; its bytes are the blob `digest`."""

    name: str
    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder with what it is called in each language; folders stand in the order of `position`, then of their paths."""

    path: str
    titles: Mapping[str, str] = field(default_factory=dict)
    position: int = 0

    def called(self, language: str) -> str:
        """What people read: its title in their language, else in another, else the last part of its path."""
        titles = [self.titles.get(language), *(self.titles.get(one) for one in LANGUAGES)]
        return next((one for one in titles if one), self.path.rpartition("/")[2])


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: an agent, or a stranger, or a customer of some organization."""

    agent: bool = False
    organization: OrganizationId | None = None


STRANGER = Reader()
AGENT = Reader(agent=True)

Counted = Literal["shown", "opened", "solved", "left", "helpful", "unhelpful"]
"""What is counted of an article: it was offered, it was read, a customer needed nobody after it or wrote to us all the same, what readers
said of it."""

Part = Literal["offered", "read", "linked", "solved"]
"""What an article had to do with a conversation: it was offered to the customer, they had read it before they wrote, an answer of ours
led to it, or they said that it was the answer."""
