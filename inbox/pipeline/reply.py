"""The way out, from top to bottom: an agent's words become a message and frozen deliveries, in one unit."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from inbox.domain import events as ev
from inbox.domain.conversations import MOVES, State
from inbox.domain.deliveries import DeliveryState
from inbox.domain.facts import ReplyFacts
from inbox.domain.ids import ConversationId, MessageId
from inbox.domain.messages import Direction, Message
from inbox.domain.outgoing import File, Purpose
from inbox.domain.people import Agent
from inbox.domain.problems import Problem
from inbox.pipeline.going_on import copy_for_later, references, take_part
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.promising import keep, withdraw_told
from inbox.pipeline.react import react
from inbox.pipeline.routes import Route, routes
from inbox.pipeline.say import Answered, Words, say
from inbox.pipeline.turn import Turn
from inbox.store import deliveries, edits, events, messages, people
from inbox.store.unit import Unit
from inbox.text.excerpts import LISTED, excerpt
from inbox.text.subjects import reply_subject


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


def reply(
    unit: Unit, id: ConversationId, agent: Agent, said: Said, via: str, playbook: Playbook, now: datetime
) -> MessageId:
    """Answer the customer. Raises Refused, Stale, or Permanent where the network can never carry it."""
    turn = Turn.of(unit, id, via, playbook.terms, now)
    _authorise(turn, agent, said)
    _guard(turn, agent, said)
    question = messages.last_inbound(unit, id)
    route = _route(turn, question, said, playbook)
    speaker = _speaker(route, playbook, turn)
    _fits(said, speaker)
    words = _render(turn, agent, said, question, speaker, playbook)
    drop_overtaken(turn)
    answered = Answered(route.key, route.thread, route.to, references(turn, speaker.kind))
    message = say(turn, words, answered, speaker)
    copy_for_later(turn, words, message, route, speaker, playbook)
    actor = ev.Actor("agent", agent.id, agent.name)
    turn.tell(ev.Replied("replied", message, agent.id, excerpt(said.text, LISTED)), actor)
    keep(turn, message)
    _hand_over(turn, agent, said, actor)
    take_part(turn, route)
    react(turn, playbook)
    turn.close()
    return message


def note(
    unit: Unit, id: ConversationId, agent: Agent, text: str, via: str, playbook: Playbook, now: datetime
) -> MessageId:
    """Tell the other agents something; it never leaves the house."""
    if not text.strip():
        raise Refused("reply.empty")
    turn = Turn.of(unit, id, via, playbook.terms, now)
    message = messages.add_ours(unit, id, messages.Said(Direction.NOTE, text, agent=agent.id), now)
    turn.tell(ev.Noted("noted", message, excerpt(text, LISTED)), ev.Actor("agent", agent.id, agent.name))
    turn.close()
    return message


def _authorise(turn: Turn, agent: Agent, said: Said) -> None:
    if agent.disabled:
        raise Refused("reply.agent_disabled", agent=agent.handle)
    if not said.text.strip():
        raise Refused("reply.empty")
    merged = turn.conversation.merged_into
    if merged is not None:
        raise Refused("reply.merged", reference=turn.conversation.reference)


def _guard(turn: Turn, agent: Agent, said: Said) -> None:
    """The same everywhere: whoever has not seen what was said last is told so, before anything is sent.

    With a seen version, whatever was said after it counts. Without one, another agent's answer to what waits does. Old
    mail that was brought in says nothing new.
    """
    if said.anyway:
        return
    log = events.of(turn.unit, turn.conversation.id, after=said.seen or 0)
    spoken = [e for e in log if isinstance(e.payload, ev.Received | ev.Edited | ev.Replied) and not e.payload.history]
    if said.seen is None:
        written = [e for e in spoken if not isinstance(e.payload, ev.Edited)]
        spoken = [e for e in written[-1:] if isinstance(e.payload, ev.Replied)]
    newer = [e for e in spoken if not (e.actor.kind == "agent" and e.actor.id == agent.id)]
    if newer:
        last = newer[-1]
        raise Stale(
            "reply.stale",
            reference=turn.conversation.reference,
            who=last.actor.name or last.actor.kind,
            version=turn.conversation.version,
        )


def _route(turn: Turn, question: Message | None, said: Said, playbook: Playbook) -> Route:
    """The way that was chosen, or the one that an answer takes by itself."""
    reference = turn.conversation.reference
    if question is None:
        raise Refused("reply.nobody_to_answer", reference=reference)
    found = routes(turn.unit, turn.conversation, playbook)
    meant = [one for one in found if (one.known_as(said.over) if said.over else one.default)]
    free = [one for one in meant if not one.barred] or meant
    if not meant and said.over:
        known = ", ".join(one.name for one in found if not one.barred) or "-"
        raise Refused("reply.no_such_route", reference=reference, over=said.over, known=known)
    if len({one.name for one in free}) > 1:
        known = ", ".join(one.name for one in free)
        raise Refused("reply.several_routes", reference=reference, over=said.over, known=known)
    chosen = free[0] if free else found[0]
    if chosen.barred:
        channel = (chosen.answers.channel if chosen.answers else None) or question.channel
        facts = {"reference": reference, "address": chosen.to.address, "channel": channel}
        raise Refused(f"reply.{chosen.why}", **facts)
    return chosen


def _speaker(route: Route, playbook: Playbook, turn: Turn) -> Speaker:
    speaker = playbook.channels.get(route.channel) if route.channel else None
    if speaker is None:
        raise Refused("reply.nobody_to_answer", reference=turn.conversation.reference)
    return speaker


def _fits(said: Said, speaker: Speaker) -> None:
    size, limit = sum(len(file.content) for file in said.files), speaker.codec.traits.file_limit
    if limit is not None and size > limit:
        raise Refused("reply.files_too_large", channel=speaker.name, size=size, limit=limit)


def _render(
    turn: Turn, agent: Agent, said: Said, question: Message | None, speaker: Speaker, playbook: Playbook
) -> Words:
    assert question is not None
    question = edits.standing(turn.unit, question)
    contact = people.contact(turn.unit, turn.conversation.contact)
    language = playbook.speaks(question.language or contact.language)
    roster = people.roster(turn.unit)
    team = roster.team_by_id(turn.conversation.team) if turn.conversation.team else None
    facts = ReplyFacts(
        language=language,
        zone=ZoneInfo(playbook.zone),
        brand=speaker.brand.name,
        reference=turn.conversation.reference,
        text=said.text.strip(),
        agent_name=agent.name or agent.handle,
        team=(team.title or team.name) if team else "",
        signature=speaker.brand.signature,
        contact_name=contact.name,
        subject=turn.conversation.subject,
        quoted_text=question.reply_text or question.text,
        quoted_name=question.sender.name or question.sender.address,
        quoted_at=question.at,
    )
    variants = (speaker.name, team.name if team else "", turn.conversation.policy)
    rendered = playbook.templates.message("reply", language, facts, variants=tuple(v for v in variants if v))
    return Words(
        purpose=Purpose.REPLY,
        subject=reply_subject(turn.conversation.subject) if turn.conversation.subject else rendered.subject,
        text=rendered.text,
        html=rendered.html,
        chat=rendered.chat,
        own=said.text.strip(),
        language=language,
        cause=f"reply {turn.conversation.id} {turn.conversation.version}",
        sender_name=f"{agent.name or agent.handle} ({speaker.brand.name})",
        agent=agent.id,
        files=said.files,
    )


def drop_overtaken(turn: Turn) -> None:
    """The answer itself is here: what was to tell when it would come, and has not left yet, has nothing more to say."""
    for delivery, message in deliveries.drop_overtaken(turn.unit, turn.conversation.id, turn.now):
        state = DeliveryState.DROPPED.value
        turn.tell(ev.DeliverySettled("delivery_settled", delivery, message, state, "overtaken by the answer"))
        withdraw_told(turn, message)


def _hand_over(turn: Turn, agent: Agent, said: Said, actor: ev.Actor) -> None:
    """Who answers a conversation that nobody has takes it; and it goes into the state that they chose."""
    if turn.conversation.assignee is None:
        turn.tell(ev.Assigned("assigned", agent.id, "answered it"), actor)
    if said.then is turn.conversation.state:
        return
    if said.then not in MOVES[turn.conversation.state]:  # out of `spam` the way leads through `open`
        turn.tell(ev.StateSet("state_set", State.OPEN.value), actor)
    turn.tell(ev.StateSet("state_set", said.then.value), actor)
