"""Who is looking: every read takes a scope first, and what lies outside it looks as if it did not exist."""

from dataclasses import dataclass
from typing import Literal

from inbox.domain.ids import AgentId, ContactId, ConversationId, OrganizationId, TeamId


@dataclass(frozen=True, slots=True)
class Scope:
    """What may be read. None means "no limit of this sort"; an empty set means "nothing"."""

    kind: Literal["house", "agent", "contact", "token"]
    agent: AgentId | None = None
    contact: ContactId | None = None
    teams: frozenset[TeamId] | None = None
    organizations: frozenset[OrganizationId] | None = None
    conversations: frozenset[ConversationId] | None = None
    colleagues: bool = False
    """Of a customer: besides their own what others of their organization asked, where they were given that right."""
    notes: bool = True
    """May read what agents tell one another."""
    hides: frozenset[str] = frozenset()
    """What is kept from them of all that they see: `addresses`, `organization`, `fields` or `fields.<name>`."""

    @classmethod
    def house(cls, teams: frozenset[TeamId] | None = None) -> "Scope":
        """The daemon itself, and the owner of the site's files at the command line; with `teams` a program of theirs that sees the
        conversations of these alone."""
        return cls("house", teams=teams)

    @classmethod
    def of_agent(
        cls, agent: AgentId, teams: frozenset[TeamId] | None = None, hides: frozenset[str] = frozenset()
    ) -> "Scope":
        """An agent; with `teams` limited to those teams' conversations and their own."""
        return cls("agent", agent=agent, teams=teams, hides=hides)

    @classmethod
    def of_contact(cls, contact: ContactId, *, colleagues: bool = False) -> "Scope":
        """A customer: their own conversations, never a note; with `colleagues` those of their organization, if that was given to them."""
        return cls("contact", contact=contact, colleagues=colleagues, notes=False)

    @classmethod
    def of_token(cls, *conversations: ConversationId) -> "Scope":
        """A link that opens just these conversations to a customer."""
        return cls("token", conversations=frozenset(conversations), notes=False)
