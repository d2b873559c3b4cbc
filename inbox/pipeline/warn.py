"""Warning: an agent asks a customer for courtesy. It is said as any answer, answers nothing, and what is owed stays owed; nobody is ever
warned but by a person."""

from datetime import datetime
from zoneinfo import ZoneInfo

from inbox.domain.call_events import Warned
from inbox.domain.events import Actor
from inbox.domain.facts import CourtesyFacts
from inbox.domain.ids import ConversationId, MessageId
from inbox.domain.people import Agent
from inbox.pipeline.going_on import references
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.reply import Refused, Said, language_of, quotable, route_for, speaker_of, words_of
from inbox.pipeline.say import Answered, say
from inbox.pipeline.turn import Turn
from inbox.store import messages, warnings
from inbox.store.unit import Unit


def warn(unit: Unit, id: ConversationId, agent: Agent, via: str, playbook: Playbook, now: datetime) -> MessageId:
    """Say it by the way that an answer would take. Raises Refused, or Permanent where the network can never carry it."""
    turn = Turn.of(unit, id, via, playbook.terms, now)
    if turn.conversation.merged_into is not None:
        raise Refused("reply.merged", reference=turn.conversation.reference)
    question = messages.last_inbound(unit, turn.conversation.id)
    if question is None:
        raise Refused("warn.nothing", reference=turn.conversation.reference)
    if warnings.since(unit, turn.conversation.id, question.at):
        raise Refused("warn.again", reference=turn.conversation.reference)
    route = route_for(turn, question, Said(""), playbook)
    speaker, language = speaker_of(route, playbook, turn), language_of(turn, question, playbook)
    facts = CourtesyFacts(
        language=language,
        zone=ZoneInfo(playbook.zone),
        brand=speaker.brand.name,
        warned=len(warnings.of_contact(unit, turn.conversation.contact)),
    )
    text = playbook.templates.message("courtesy", language, facts, variants=(speaker.name,)).text
    words = words_of(turn, agent, Said(text), quotable(turn, question, route), speaker, playbook)
    answered = Answered(route.key, route.thread, route.to, references(turn, speaker.kind))
    message = say(turn, words, answered, speaker)
    turn.tell(Warned("warned", message, agent.id, route.to.address), Actor("agent", agent.id, agent.name))
    turn.close()
    return message
