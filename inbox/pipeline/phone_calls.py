"""Telephone calls on their way in: one that was missed is a message that waits; one that was taken is a message and its answer, told
where it ended; one that we made is an answer where two people spoke, and else an attempt."""

from dataclasses import replace
from datetime import datetime

from inbox.domain import events as ev
from inbox.domain.arrivals import Arrival, Judged, Verdict
from inbox.domain.call_events import CallUnanswered
from inbox.domain.conversations import MOVES, State
from inbox.domain.events import HOUSE, Actor
from inbox.domain.happenings import Address, InboundMessage
from inbox.domain.ids import MessageId
from inbox.domain.outgoing import Purpose
from inbox.domain.people import Agent
from inbox.domain.phone_calls import CallOutcome, PhoneCall
from inbox.pipeline.opening import begun_by_us, turn_in
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.promising import keep, withdraw_told
from inbox.pipeline.react import react
from inbox.pipeline.threading import Place, place
from inbox.pipeline.turn import Turn
from inbox.pipeline.unsay import unsay
from inbox.store import conversations, messages, people, phone_calls
from inbox.store.messages import CALL
from inbox.store.unit import Unit
from inbox.text import dates
from inbox.text.excerpts import LISTED, excerpt
from inbox.text.numbers import readable

LOGGED = "logged"
"""The evidence of a call that an agent logged in a conversation."""


def worded(said: InboundMessage, call: PhoneCall, playbook: Playbook) -> InboundMessage:
    """With a sentence that tells of the call, in the site's language, above whatever was said: lists, cards and letters show texts."""
    sentence = _sentence(call, playbook)
    subject = said.subject or sentence
    whole = "\n\n".join(part for part in (sentence, said.text) if part)
    return replace(said, subject=subject, text=whole, reply_text=said.reply_text or sentence)


def _sentence(call: PhoneCall, playbook: Playbook) -> str:
    language = playbook.language
    say = playbook.wording.say
    who = readable(call.number) if call.number else say(language, "call.hidden")
    told = say(language, f"call.told.{call.way}.{call.outcome.value}", number=who)
    return f"{told} · {dates.duration(call.seconds, language)}" if call.seconds else told


def logged_in(unit: Unit, call: PhoneCall) -> Place | None:
    """Where an agent logged it; None: wherever it belongs."""
    id = conversations.by_reference(unit, call.matter) if call.matter else None
    if id is None:
        return None
    return Place(conversations.load(unit, conversations.present(unit, id).id), LOGGED)


def take_note(turn: Turn, call: PhoneCall, message: MessageId) -> None:
    """What is known of a call that came in; a voicemail is marked as one."""
    agent = _agent(turn.unit, call)
    phone_calls.add(turn.unit, message, call, agent.id if agent else None)
    if call.outcome is CallOutcome.VOICEMAIL and "voicemail" not in turn.conversation.tags:
        turn.tell(ev.Tagged("tagged", added=("voicemail",)))


def talked(turn: Turn, call: PhoneCall, message: MessageId, words: str, playbook: Playbook) -> None:
    """Two people spoke: whoever waited was answered, at the end of the call."""
    agent = _agent(turn.unit, call)
    actor = Actor("agent", agent.id, agent.name) if agent else HOUSE
    for never in unsay(turn, "overtaken by the answer", Purpose.ACKNOWLEDGEMENT, Purpose.RENEWAL, Purpose.ANSWER):
        withdraw_told(turn, never)
    spoke = agent.id if agent else None
    turn.tell(ev.Replied("replied", message, spoke, excerpt(words, LISTED), spoken=call.way), actor)
    keep(turn, message)
    _hand_over(turn, agent, actor, playbook)


def call_out(
    unit: Unit,
    arrival: Arrival,
    said: InboundMessage,
    call: PhoneCall,
    speaker: Speaker,
    playbook: Playbook,
    now: datetime,
) -> Judged:
    """One of us called somebody: in the conversation that it is about, or in a new one with them."""
    known = people.known(unit, speaker.kind, said.sender.address)
    at = logged_in(unit, call) or place(unit, said, (), speaker, known[1].id if known else None, now)
    contact, identity = people.meet(unit, speaker.kind, said.sender, known, None, now)
    agent = _agent(unit, call)
    actor = Actor("agent", agent.id, agent.name) if agent else HOUSE
    turn = turn_in(unit, arrival, said, contact, identity, at, speaker, playbook, actor, now)
    if not turn.before.version:
        _begun(turn, speaker, agent, actor, playbook)
    conversations.add_participant(unit, turn.conversation.id, identity.id, now)
    thread = conversations.put_thread(unit, speaker.name, said.thread, turn.conversation.id)
    ours = replace(said, sender=Address(speaker.address, speaker.brand.name), to=(said.sender,))
    whose = agent.id if agent else None
    message = messages.add_old(
        unit, turn.conversation.id, thread, speaker.name, arrival.id, ours, CALL, now, agent=whose
    )
    phone_calls.add(unit, message, call, whose)
    if call.spoken:
        talked(turn, call, message, said.reply_text, playbook)
    else:
        told = (message, whose, excerpt(said.reply_text, LISTED), call.outcome.value)
        turn.tell(CallUnanswered("call_unanswered", *told), actor)
    react(turn, playbook)
    turn.close()
    return Judged(Verdict.ACCEPTED)


def _begun(turn: Turn, speaker: Speaker, agent: Agent | None, actor: Actor, playbook: Playbook) -> None:
    """As where one of us writes first."""
    begun_by_us(turn, speaker, playbook)
    if agent is not None:
        turn.tell(ev.Assigned("assigned", agent.id), actor)


def _agent(unit: Unit, call: PhoneCall) -> Agent | None:
    return people.roster(unit).agent(call.agent) if call.agent else None


def _hand_over(turn: Turn, agent: Agent | None, actor: Actor, playbook: Playbook) -> None:
    """Whoever spoke has it, where nobody had; and what was said is for the customer to think about, as after any answer."""
    if playbook.sticky and agent is not None and turn.conversation.assignee is None:
        turn.tell(ev.Assigned("assigned", agent.id, "answered it"), actor)
    state = turn.conversation.state
    if state is not State.SPAM and state is not State.WAITING and State.WAITING in MOVES[state]:
        turn.tell(ev.StateSet("state_set", State.WAITING.value), actor)
