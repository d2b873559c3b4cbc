"""Opening a conversation: a turn in the one that a message belongs to, or in a new one under a name that nobody has yet."""

from dataclasses import dataclass
from datetime import datetime

from inbox.domain.arrivals import Arrival
from inbox.domain.conversations import Conversation
from inbox.domain.events import Actor, Opened, PolicySet, TeamSet
from inbox.domain.happenings import InboundMessage
from inbox.domain.ids import ConversationId
from inbox.domain.people import Contact, Identity
from inbox.pipeline.contract_terms import come_under
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.threading import Place
from inbox.pipeline.turn import Turn
from inbox.store import conversations, people
from inbox.store.unit import Unit
from inbox.text.references import reference


def turn_in(
    unit: Unit,
    arrival: Arrival,
    said: InboundMessage,
    contact: Contact,
    identity: Identity,
    at: Place,
    speaker: Speaker,
    playbook: Playbook,
    actor: Actor,
    now: datetime,
) -> Turn:
    """A turn in the conversation it belongs to, or in a new one with this contact, which `actor` opens."""
    if at.conversation is not None:
        return Turn(unit, at.conversation, speaker.name, playbook.terms, now)
    began = Beginning(
        said.subject,
        said.language or contact.language,
        follows=at.follows,
        related=at.related,
        history=arrival.history,
    )
    return opened(unit, began, contact, identity, speaker, playbook, actor, now)


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a conversation begins with, besides who it is with."""

    subject: str
    language: str | None
    follows: ConversationId | None = None
    related: ConversationId | None = None
    history: bool = False
    via: str = ""
    """The surface by which it was begun; empty: the channel."""


def opened(
    unit: Unit,
    began: Beginning,
    contact: Contact,
    identity: Identity,
    speaker: Speaker,
    playbook: Playbook,
    actor: Actor,
    now: datetime,
) -> Turn:
    """A turn in a new conversation with this contact, which `actor` opens."""
    tries = 0
    while True:
        name = reference(unit.entropy.draw(f"reference {tries}"), 4 + tries // 3)  # crowded: three tries, then longer
        id = conversations.draft(unit, name, speaker.name, contact.id)
        if id is not None:
            break
        tries += 1
    turn = Turn(unit, Conversation(id), began.via or speaker.name, playbook.terms, now)
    turn.tell(
        Opened(
            "opened",
            name,
            speaker.name,
            contact.id,
            contact.organization,
            began.subject,
            began.language,
            follows=began.follows,
            related=began.related,
            history=began.history,
        ),
        actor,
    )
    conversations.add_participant(unit, id, identity.id, now, opened=True)
    return turn


def begun_by_us(turn: Turn, speaker: Speaker, playbook: Playbook) -> None:
    """A conversation that we begin: under the contract that is in force, else by what the channel says; in its team's queue."""
    come_under(turn, playbook)
    if speaker.policy and turn.conversation.contract is None:
        turn.tell(PolicySet("policy_set", speaker.policy))
    team = people.roster(turn.unit).team(speaker.team) if speaker.team else None
    if team is not None:
        turn.tell(TeamSet("team_set", team.id))
