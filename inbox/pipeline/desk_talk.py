"""An agent does something at a desk: who that is, and by which conversation it stands. What it means, the actions' reader says.

Whoever is not linked, or speaks in the name of the group, is talking to the others there: it is nobody's affair here.
"""

import re
from datetime import datetime, timedelta

from inbox.domain.arrivals import Arrival, Judged, Verdict
from inbox.domain.desks import Card, Desk, DeskPlan
from inbox.domain.happenings import Button, Edit, Fragment, Happening, InboundMessage
from inbox.domain.ids import ChannelName, NetworkKey
from inbox.domain.people import Agent
from inbox.domain.turns import DeskTurn
from inbox.pipeline.agent_chats import linked
from inbox.pipeline.desk_feedback import word
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.store import agent_links, cards, conversations, desks, people, posts
from inbox.store.unit import Unit
from inbox.text.references import normalise

CODE = re.compile(r"(?P<sign>/(?:start|link)(?:@\w+)?\s+)?(?P<code>[a-z2-7]{5}-?[a-z2-7]{5})\s*", re.IGNORECASE)
NAMED = re.compile(r"#([^\s#]{2,20})\s*")
"""How a message may begin that stands under no card: the conversation by its reference."""
STRANGER = Judged(Verdict.IGNORED, "ignored.desk_stranger")
DISABLED = Judged(Verdict.IGNORED, "ignored.desk_disabled")
EMPTY = Judged(Verdict.IGNORED, "ignored.desk_empty")
LINKED = Judged(Verdict.ACCEPTED, "heard.linked")
NOT_LINKED = Judged(Verdict.IGNORED, "ignored.desk_code")
JUST_NOW = timedelta(seconds=1)
"""Networks tell in whole seconds when something was said."""
GLANCE = timedelta(seconds=3)
"""What appeared later than this before somebody spoke, they spoke over without having read it."""
Said = InboundMessage | Button | Edit


def at_desk(
    unit: Unit, arrival: Arrival, happening: Happening, speaker: Speaker, playbook: Playbook, now: datetime
) -> DeskTurn | Judged | None:
    """An agent's turn at a desk, or the verdict on what is none; None: it is not at a desk."""
    plans = [plan for plan in playbook.desks if plan.channel == speaker.name]
    said = happening.message if isinstance(happening, Fragment) else happening
    if not plans or not isinstance(said, InboundMessage | Button | Edit):
        return None
    chat = said.thread.partition("/")[0]
    plan = next((one for one in plans if chat and one.chat == chat), None)
    if plan is not None:
        return _in_group(unit, arrival, said, plan, speaker, now)
    if said.thread != said.sender.address:
        return None  # neither a desk nor somebody alone with the bot
    typed = _typed(unit, said, plans[0], speaker, now) if isinstance(said, InboundMessage) else None
    return typed or _in_private(unit, arrival, said, plans, speaker, now)


def _in_group(
    unit: Unit, arrival: Arrival, said: Said, plan: DeskPlan, speaker: Speaker, now: datetime
) -> DeskTurn | Judged:
    desk, agent = desks.of_plan(unit, plan), _agent(unit, speaker, said)
    _spoil(unit, said, now)
    if agent is None:
        _hint(unit, desk, said, now)
        return STRANGER
    return DISABLED if agent.disabled else _turn(unit, arrival, said, desk, agent, now)


def _spoil(unit: Unit, said: Said, now: datetime) -> None:
    """A code that was typed before everybody is worth nothing any more: another of them could be its agent."""
    found = CODE.fullmatch(said.reply_text.strip()) if isinstance(said, InboundMessage) else None
    if found is not None:
        agent_links.typed(unit, found["code"], now)


def _in_private(
    unit: Unit, arrival: Arrival, said: Said, plans: list[DeskPlan], speaker: Speaker, now: datetime
) -> DeskTurn | Judged | None:
    """A linked agent's own desk; whoever is not one of us is a customer."""
    plan = next((one for one in plans if one.private), None)
    agent = _agent(unit, speaker, said)
    if agent is None:
        return None
    if agent.disabled:
        return DISABLED
    if plan is not None:
        desk = desks.of_agent(unit, plan, agent, said.thread)
    elif isinstance(said, Button) and said.data.startswith("desk:"):
        desk = desks.of_plan(unit, plans[0])  # a notice to them, and nothing else is ours there
    else:
        return None
    return _turn(unit, arrival, said, desk, agent, now)


def _agent(unit: Unit, speaker: Speaker, said: Said) -> Agent | None:
    known = agent_links.of(unit, speaker.kind, said.sender.address)
    return None if known is None else people.roster(unit).agent_by_id(known.agent)


def _hint(unit: Unit, desk: Desk, said: Said, now: datetime) -> None:
    """Whoever is not linked is told once how that is done; an anonymous administrator as well."""
    if isinstance(said, Edit) or posts.hinted(unit, desk.id, said.sender.address):
        return
    about = said.key if isinstance(said, InboundMessage) else NetworkKey("")
    word(unit, desk, (about, said.thread), posts.STRANGER, now, held=said.sender.address)


def _turn(unit: Unit, arrival: Arrival, said: Said, desk: Desk, agent: Agent, now: datetime) -> DeskTurn | Judged:
    about = _about(said)
    card, words = _card(unit, desk, said, about)
    at = _said_at(arrival, said, now)
    seen = _seen(unit, desk, card, about, at) if card is not None else None
    mine = card.id if card is not None else None
    common = (arrival.id, agent.id, desk.id)
    match said:
        case Button():
            return DeskTurn(
                *common, "press", said.key, said.thread, at, mine, about, seen=seen, data=said.data, query=said.query
            )
        case Edit():
            return DeskTurn(*common, "edit", said.key, said.thread, at, mine, about, said.text, seen=seen)
    if said.automatic is not None or not (words.strip() or said.attachments):
        return EMPTY
    forwarded = any(name == "forwarded-from" for name, _ in said.headers)
    return DeskTurn(
        *common, "words", said.key, said.thread, at, mine, about, words, said.attachments, seen, forwarded=forwarded
    )


def _seen(unit: Unit, desk: Desk, card: Card, about: NetworkKey, at: datetime) -> int | None:
    """How far they had read: what they answer they have seen, and what stood there for a moment when they wrote. Of a
    conversation that has gone into another nobody can tell."""
    if conversations.peek(unit, card.conversation).merged_into is not None:
        return None
    answered = cards.named(unit, desk.channel, about)[1] if about else None
    post = None if answered is None else posts.one(unit, answered)
    known = post.version if post is not None and post.card == card.id else 0
    return max(known, posts.caught_up(unit, card, at - GLANCE))


def _said_at(arrival: Arrival, said: Said, now: datetime) -> datetime:
    """When they said it: what was shown later, they had not before them. The network's own time, where that is the earlier."""
    told = said.sent_at if isinstance(said, InboundMessage) else None
    at = min(arrival.received_at, now)
    return at if told is None else min(at, told + JUST_NOW)


def _about(said: Said) -> NetworkKey:
    match said:
        case Button():
            return said.about
        case Edit():
            return said.key
        case _:
            return said.references[0] if said.references else NetworkKey("")


def _card(unit: Unit, desk: Desk, said: Said, about: NetworkKey) -> tuple[Card | None, str]:
    """The card of the topic that it stands in, of what it answers, or of the reference that it begins with; and the words
    without that."""
    words = said.reply_text if isinstance(said, InboundMessage) else ""
    card = cards.at_thread(unit, desk.channel, said.thread) if "/" in said.thread else None
    if card is None and about:
        card = _shown_as(unit, desk.channel, about)
    named = NAMED.match(words.lstrip())
    reference = normalise(named[1]) if card is None and named else None
    if named and reference:
        card = cards.of_reference(unit, desk.id, reference)
        words = words.lstrip()[named.end() :] if card is not None else words
    at_home = card is not None and card.desk == desk.id
    return (card if at_home else None), words


def _shown_as(unit: Unit, channel: ChannelName, key: NetworkKey) -> Card | None:
    id = cards.named(unit, channel, key)[0]
    return None if id is None else cards.one(unit, id)


def _typed(unit: Unit, said: InboundMessage, plan: DeskPlan, speaker: Speaker, now: datetime) -> Judged | None:
    """Somebody types the code that an agent was shown: the network's id of them is that agent's from now on."""
    found = CODE.fullmatch(said.reply_text.strip())
    if found is None or said.automatic is not None:
        return None
    whose = agent_links.typed(unit, found["code"], now)
    agent = None if whose is None else people.roster(unit).agent_by_id(whose)
    desk = desks.of_plan(unit, plan)
    if agent is None or agent.disabled:
        if not found["sign"]:
            return None  # words of a customer that look like a code
        _answer(unit, desk, said, "desk.code_wrong", now)
        return NOT_LINKED
    if not linked(unit, agent, speaker.kind, said.sender.address, said.sender.name, now):
        _answer(unit, desk, said, "desk.code_taken", now)
        return NOT_LINKED
    _answer(unit, desk, said, "desk.linked", now, agent=agent.name or agent.handle)
    return LINKED


def _answer(unit: Unit, desk: Desk, said: InboundMessage, key: str, now: datetime, **facts: object) -> None:
    word(unit, desk, (said.key, said.thread), key, now, facts=facts)
