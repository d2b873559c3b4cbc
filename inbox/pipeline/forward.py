"""An agent passes on what a customer wrote to them: the customer's words begin the conversation, the agent's are a note."""

from dataclasses import dataclass, replace

from inbox.domain.arrivals import Judged, Verdict
from inbox.domain.events import Actor, Noted
from inbox.domain.happenings import InboundMessage
from inbox.domain.messages import Direction
from inbox.domain.people import Agent
from inbox.pipeline.turn import Turn
from inbox.store import messages, people
from inbox.store.unit import Unit
from inbox.text.excerpts import LISTED, excerpt


@dataclass(frozen=True, slots=True)
class PassedOn:
    """What the customer said, and the agent's own words above it."""

    agent: Agent
    said: InboundMessage
    words: str


def passed_on(unit: Unit, said: InboundMessage) -> PassedOn | None:
    """What an agent forwarded; None for all else, and where no server that we trust says that the agent wrote it: anybody
    could put words into a customer's mouth."""
    told = said.forwarded
    if told is None or said.authentication != "pass" or not told.sender.address or said.tokens:
        return None
    agent = people.roster(unit).agent(said.sender.address)
    if agent is None or agent.disabled or told.sender.address == said.sender.address:
        return None
    customers = replace(
        said,
        key=told.key,
        sender=told.sender,
        reply_to=(),
        subject=told.subject or said.subject,
        text=told.text,
        reply_text=told.text,
        html=None,
        sent_at=told.sent_at,
        references=told.references,
        automatic=None,
        authentication="none",
        language=told.language,
        forwarded=None,
    )
    return PassedOn(agent, customers, told.words)


def note_of(turn: Turn, passed: PassedOn) -> None:
    """The agent's words beside the customer's, for the other agents."""
    if not passed.words:
        return
    said = messages.Said(Direction.NOTE, passed.words, agent=passed.agent.id)
    message = messages.add_ours(turn.unit, turn.conversation.id, said, turn.now)
    actor = Actor("agent", passed.agent.id, passed.agent.name)
    turn.tell(Noted("noted", message, excerpt(passed.words, LISTED)), actor)


def only_note_of(turn: Turn, passed: PassedOn) -> Judged:
    """What the customer wrote is here already: it is neither said again nor does anybody wait for it again."""
    note_of(turn, passed)
    turn.close()
    return Judged(Verdict.ACCEPTED)
