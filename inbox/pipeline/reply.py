"""The way out, from top to bottom: an agent's words become a message and frozen deliveries, in one unit."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from inbox.domain import events as ev
from inbox.domain.conversations import MOVES, State
from inbox.domain.facts import PromisedFacts, ReplyFacts
from inbox.domain.happenings import Address
from inbox.domain.ids import ConversationId, MessageId
from inbox.domain.messages import Direction, Message
from inbox.domain.outgoing import File, Purpose
from inbox.domain.people import Agent
from inbox.domain.problems import Problem
from inbox.pipeline import assets_named
from inbox.pipeline.articles_offered import linked
from inbox.pipeline.going_on import copy_for_later, copy_to_asker, references, take_part
from inbox.pipeline.heed import mentioned
from inbox.pipeline.known_facts import known_facts
from inbox.pipeline.notify import tell_watchers
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.promising import keep, promise_by_hand, withdraw_told
from inbox.pipeline.react import react
from inbox.pipeline.routes import Route, canonical, routes
from inbox.pipeline.say import Answered, Words, say
from inbox.pipeline.turn import Turn
from inbox.pipeline.unsay import unsay
from inbox.store import edits, events, messages, people, sights
from inbox.store.unit import Unit
from inbox.text.dates import moment
from inbox.text.excerpts import LISTED, excerpt
from inbox.text.subjects import reply_subject
from inbox.text.titles import title_of

FARTHEST = timedelta(days=366)
"""How far ahead a time may lie that an agent promises."""


class Refused(Problem):
    """An agent's act that is not done; the words are theirs to change or to send again."""


class Stale(Refused):
    """Something was said that the author had not seen. Nothing was sent; they may look, and say it anyway."""


@dataclass(frozen=True, slots=True)
class Said:
    """An agent's words for the customer. `seen`: the version that they had before them; None: whatever there is.

    `anyway`: they know that something newer was said. `then`: the state that the conversation goes into.
    """

    text: str
    seen: int | None = None
    anyway: bool = False
    then: State = State.WAITING
    files: tuple[File, ...] = ()
    over: str = ""
    """The route that it takes: `kind:address`, an address, a channel or a kind; empty: as `routes` says."""
    cc: tuple[Address, ...] = ()
    """Who gets a copy, on networks that have such a thing."""
    held: bool = False
    """Whether it waits a moment, so that its author can take it back."""
    way: Route | None = None
    """The very way that it takes, whatever speaks against it: the author chose the address."""
    answer_by: datetime | None = None
    """By when the customer hears more: a promise, told below the words, which may then be empty."""


def reply(
    unit: Unit, id: ConversationId, agent: Agent, said: Said, via: str, playbook: Playbook, now: datetime
) -> MessageId:
    """Answer the customer. Raises Refused, Stale, or Permanent where the network can never carry it.

    With `answer_by` the answer is one by which the customer still waits: what was promised is kept, and that is promised.
    """
    return speak(Turn.of(unit, id, via, playbook.terms, now), agent, said, playbook)


def speak(turn: Turn, agent: Agent, said: Said, playbook: Playbook) -> MessageId:
    """As `reply`, in a turn that is open; closes it."""
    _authorise(turn, agent, said)
    _guard(turn, agent, said)
    question = messages.last_inbound(turn.unit, turn.conversation.id)
    route = said.way or route_for(turn, question, said, playbook)
    speaker = speaker_of(route, playbook, turn)
    _fits(said, speaker)
    copies = _copies(said, speaker, route, turn.now)
    words = words_of(turn, agent, said, quotable(turn, question, route), speaker, playbook)
    for never_told in unsay(turn, "overtaken by the answer", Purpose.ACKNOWLEDGEMENT, Purpose.RENEWAL, Purpose.ANSWER):
        withdraw_told(turn, never_told)
    answered = Answered(route.key, route.thread, route.to, references(turn, speaker.kind), copies)
    message = say(turn, words, answered, speaker)
    copy_for_later(turn, words, message, route, speaker, playbook)
    copy_to_asker(turn, words, message, route, playbook)
    actor = ev.Actor("agent", agent.id, agent.name)
    turn.tell(ev.Replied("replied", message, agent.id, excerpt(words.own, LISTED)), actor)
    keep(turn, message)
    linked(turn, words.own, playbook)
    if said.answer_by is not None:
        told = moment(said.answer_by, words.language, ZoneInfo(playbook.zone))
        promise_by_hand(turn, said.answer_by, told, message, speaker.hours or playbook.promising.hours)
    _hand_over(turn, agent, said, actor, playbook)
    take_part(turn, route)
    react(turn, playbook)
    turn.close()
    return message


def note(
    unit: Unit, id: ConversationId, agent: Agent, text: str, via: str, playbook: Playbook, now: datetime
) -> MessageId:
    """Tell the other agents something; it never leaves the house. Whom it names by `@handle` is told of it."""
    if not text.strip():
        raise Refused("reply.empty")
    turn = Turn.of(unit, id, via, playbook.terms, now)
    message = messages.add_ours(unit, id, messages.Said(Direction.NOTE, text, agent=agent.id), now)
    turn.tell(ev.Noted("noted", message, excerpt(text, LISTED)), ev.Actor("agent", agent.id, agent.name))
    named = mentioned(unit, turn.conversation, text, agent.id, now)
    tell_watchers(turn, "note-written", people.roster(unit), but=named)
    turn.close()
    return message


def _authorise(turn: Turn, agent: Agent, said: Said) -> None:
    if agent.disabled:
        raise Refused("reply.agent_disabled", agent=agent.handle)
    if not said.text.strip() and said.answer_by is None:
        raise Refused("reply.empty")
    if said.answer_by is not None and not turn.now < said.answer_by <= turn.now + FARTHEST:
        raise Refused("promise.not_ahead", days=FARTHEST.days)
    merged = turn.conversation.merged_into
    if merged is not None:
        raise Refused("reply.merged", reference=turn.conversation.reference)


def _guard(turn: Turn, agent: Agent, said: Said) -> None:
    """The same everywhere: whoever has not seen what was said last is told so, before anything is sent.

    With a seen version, whatever was said after it counts; of one's own answers only the very same words, as a page that is
    open twice sends them. Without one, another agent's answer to what waits does. Old mail that was brought in says nothing new.
    """
    if said.anyway:
        return
    log = events.of(turn.unit, turn.conversation.id, after=said.seen or 0)
    spoken = [e for e in log if isinstance(e.payload, ev.Received | ev.Edited | ev.Replied) and not e.payload.history]
    if said.seen is None:
        written = [e for e in spoken if not isinstance(e.payload, ev.Edited)]
        spoken = [e for e in written[-1:] if isinstance(e.payload, ev.Replied)]
    own = [e for e in spoken if e.actor.kind == "agent" and e.actor.id == agent.id]
    if said.seen is not None and any(_the_same(turn, e.payload, said) for e in own):
        raise Stale("reply.twice", reference=turn.conversation.reference, version=turn.conversation.version)
    newer = [e for e in spoken if e not in own]
    if newer:
        raise Stale(
            "reply.stale",
            reference=turn.conversation.reference,
            who=_who(turn, newer[-1]),
            version=turn.conversation.version,
        )


def _who(turn: Turn, told: ev.Event) -> str:
    """Whoever said something: by name or, where nobody proved one, by the address."""
    if told.actor.name or not isinstance(told.payload, ev.Received | ev.Edited):
        return told.actor.name or told.actor.kind
    return messages.one(turn.unit, told.payload.message).sender.address


def _the_same(turn: Turn, told: ev.Payload, said: Said) -> bool:
    return (
        isinstance(told, ev.Replied) and messages.one(turn.unit, told.message).reply_text.strip() == said.text.strip()
    )


def route_for(turn: Turn, question: Message | None, said: Said, playbook: Playbook) -> Route:
    """The way that was chosen, or the one that an answer takes by itself."""
    reference = turn.conversation.reference
    found = routes(turn.unit, turn.conversation, playbook)
    if not found:
        raise Refused("reply.nobody_to_answer", reference=reference)
    named = [one for one in found if said.over and one.name == said.over]
    meant = named or [one for one in found if (one.known_as(said.over) if said.over else one.default)]
    free = [one for one in meant if not one.barred] or meant
    if not meant and said.over:
        known = ", ".join(one.name for one in found if not one.barred) or "-"
        raise Refused("reply.no_such_route", reference=reference, over=said.over, known=known)
    if len({one.name for one in free}) > 1:
        known = ", ".join(one.name for one in free)
        raise Refused("reply.several_routes", reference=reference, over=said.over, known=known)
    chosen = free[0] if free else found[0]
    if chosen.barred:
        channel = (chosen.answers or question or turn.conversation).channel
        facts = {"reference": reference, "address": chosen.to.address, "channel": channel}
        raise Refused(f"reply.{chosen.why}", **facts)
    return chosen


def quotable(turn: Turn, question: Message | None, route: Route) -> Message | None:
    """The message that is answered, where whoever gets the answer wrote it, or may read it. What anybody else wrote into the conversation
    is not quoted to them: it may be what proves an account elsewhere, which they had sent to an address of ours."""
    if question is None or question.contact in (None, turn.conversation.contact):
        return question
    if question.sender.address == route.to.address or sights.speaks(turn.unit, question.contact, turn.conversation.id):
        return question
    return None


def speaker_of(route: Route, playbook: Playbook, turn: Turn) -> Speaker:
    """Its channel. Raises Refused."""
    speaker = playbook.channels.get(route.channel) if route.channel else None
    if speaker is None:
        raise Refused("reply.nobody_to_answer", reference=turn.conversation.reference)
    return speaker


def _fits(said: Said, speaker: Speaker) -> None:
    size, limit = sum(len(file.content) for file in said.files), speaker.codec.traits.file_limit
    if limit is not None and size > limit:
        raise Refused("reply.files_too_large", channel=speaker.name, size=size, limit=limit)


def _copies(said: Said, speaker: Speaker, route: Route, now: datetime) -> tuple[Address, ...]:
    """Who gets a copy, each once and nobody of us. Raises Refused for an address that cannot exist there, and on a network that
    knows no copies."""
    if said.cc and not speaker.codec.traits.subject:
        raise Refused("reply.no_copies", channel=speaker.name)
    found: dict[str, Address] = {}
    for one in said.cc:
        address = canonical(speaker, one.address, now)
        if address is None:
            raise Refused("reply.bad_copy", address=one.address)
        if address != canonical(speaker, route.to.address, now) and address not in speaker.addresses:
            found.setdefault(address, Address(address, one.name))
    return tuple(found.values())


def language_of(turn: Turn, question: Message | None, playbook: Playbook) -> str:
    """The one in which the customer is answered."""
    contact = people.contact(turn.unit, turn.conversation.contact)
    return playbook.speaks((question.language if question else turn.conversation.language) or contact.language)


def words_of(
    turn: Turn, agent: Agent, said: Said, question: Message | None, speaker: Speaker, playbook: Playbook
) -> Words:
    """Rendered in the reply template of the customer's language."""
    question = None if question is None else edits.standing(turn.unit, question)
    contact = people.contact(turn.unit, turn.conversation.contact)
    reader = contact if question is None or question.contact is None else people.contact(turn.unit, question.contact)
    language = language_of(turn, question, playbook)
    roster = people.roster(turn.unit)
    team = roster.team_by_id(turn.conversation.team) if turn.conversation.team else None
    text = "\n\n".join(part for part in (said.text.strip(), _promised(said, language, speaker, playbook)) if part)
    facts = ReplyFacts(
        language=language,
        zone=ZoneInfo(playbook.zone),
        brand=speaker.brand.name,
        reference=turn.conversation.reference,
        text=text,
        agent_name=agent.called,
        team=team.called if team else "",
        signature=speaker.brand.signature,
        contact_name=contact.name,
        contact_title=title_of(contact.name),
        subject=turn.conversation.subject,
        quoted_text=(question.reply_text or question.text) if question else "",
        quoted_name=(question.sender.name or question.sender.address) if question else "",
        quoted_at=question.at if question else None,
        asset=assets_named.told_of(turn.unit, turn.conversation.id, reader, playbook, turn.now),
        **known_facts(turn.unit, contact, playbook, language),
    )
    variants = (speaker.name, team.name if team else "", turn.conversation.policy)
    rendered = playbook.templates.message("reply", language, facts, variants=tuple(v for v in variants if v))
    return Words(
        purpose=Purpose.REPLY,
        subject=_subject(turn) or rendered.subject,
        text=rendered.text,
        html=rendered.html,
        chat=rendered.chat,
        own=text,
        language=language,
        cause=f"reply {turn.conversation.id} {turn.conversation.version}",
        sender_name=f"{agent.called} ({speaker.brand.name})",
        agent=agent.id,
        files=said.files,
        wait=speaker.send_after if said.held else timedelta(0),
    )


def _subject(turn: Turn) -> str:
    """The first words of a conversation answer nothing."""
    subject = turn.conversation.subject
    return reply_subject(subject) if subject and turn.before.version else subject


def _promised(said: Said, language: str, speaker: Speaker, playbook: Playbook) -> str:
    """The sentence that tells the time. It stands among the words, so that no site's own form of an answer can leave it out."""
    if said.answer_by is None:
        return ""
    zone = ZoneInfo(playbook.zone)
    facts = PromisedFacts(language=language, zone=zone, brand=speaker.brand.name, due_at=said.answer_by)
    return playbook.templates.message("promised", language, facts, variants=(speaker.name,)).text


def _hand_over(turn: Turn, agent: Agent, said: Said, actor: ev.Actor, playbook: Playbook) -> None:
    """Who answers a conversation that nobody has takes it, unless ops want otherwise; and it goes into the chosen state."""
    if playbook.sticky and turn.conversation.assignee is None:
        turn.tell(ev.Assigned("assigned", agent.id, "answered it"), actor)
    if said.then is turn.conversation.state:
        return
    if said.then not in MOVES[turn.conversation.state]:  # out of `spam` the way leads through `open`
        turn.tell(ev.StateSet("state_set", State.OPEN.value), actor)
    turn.tell(ev.StateSet("state_set", said.then.value), actor)
