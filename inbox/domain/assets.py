"""Assets: things that our customers own and ask about, each found by its serial code; what is agreed about them, and until when."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from inbox.domain.ids import AgentId, AssetId, ContactId, OrganizationId

Cover = Literal["in", "out", "unknown"]
"""Whether a warranty or a service holds on a day: `unknown` where nobody has said until when."""
Whose = Literal["writer", "organization", "other", "none"]
"""Whose an asset is, seen from somebody: theirs, of an organization to which they belong, somebody else's, or nobody is known."""
Term = Literal["warranty", "service"]
TERMS: tuple[Term, ...] = ("warranty", "service")


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is known of an asset. `serial`: as people read it. The days are the last on which something holds."""

    serial: str
    product: str
    model: str = ""
    contact: ContactId | None = None
    organization: OrganizationId | None = None
    bought_on: date | None = None
    warranty_until: date | None = None
    warranty_terms: str = ""
    service_until: date | None = None
    service_terms: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Asset:
    """One asset. `code`: its serial as codes are compared. It is never removed: `retired_at` says since when nobody asks about it."""

    id: AssetId
    code: str
    about: About
    retired_at: datetime | None = None

    def until(self, term: Term) -> date | None:
        """The last day of its warranty, or of its service."""
        return self.about.warranty_until if term == "warranty" else self.about.service_until

    def cover(self, term: Term, day: date) -> Cover:
        """Whether its warranty, or its service, holds on a day."""
        return cover(self.until(term), day)


def cover(until: date | None, day: date) -> Cover:
    """Whether what holds until a day, that day included, holds on another."""
    if until is None:
        return "unknown"
    return "in" if day <= until else "out"


def whose(asset: Asset, contact: ContactId | None, organization: OrganizationId | None) -> Whose:
    """Whose it is, seen from a contact who belongs to that organization."""
    about = asset.about
    if about.contact is None and about.organization is None:
        return "none"
    if contact is not None and about.contact == contact:
        return "writer"
    if organization is not None and about.organization == organization:
        return "organization"
    return "other"


@dataclass(frozen=True, slots=True)
class Document:
    """A file that belongs to an asset: an invoice, a warranty card. Its bytes are a blob."""

    id: int
    name: str
    type: str
    digest: str
    size: int
    at: datetime
    agent: AgentId | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """One change of an asset: by whom and how, and of each field what it was and what it is. `agent` None: the owner of the site's
    files, or the house itself."""

    at: datetime
    agent: AgentId | None
    via: str
    what: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Warning:
    """That a warranty or a service of an asset ends on a day that is so many days ahead: told once."""

    asset: AssetId
    term: Term
    until: date
    days: int
