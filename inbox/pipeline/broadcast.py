"""Broadcasts: what we tell many who did not ask, each of them once, at a pace, and never those who declined.

Whom it is for is settled when it starts, a row a contact; whether each of them may be told is looked at once more when it is
their turn. A conversation begins with each, and is done: their answer opens it as any other.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from inbox.domain.acts import Act, By
from inbox.domain.broadcasts import STEPS, Audience, Broadcast, Stage, Text
from inbox.domain.conversations import State
from inbox.domain.events import HOUSE, Actor, Noticed, StateSet
from inbox.domain.facts import BroadcastFacts
from inbox.domain.ids import BroadcastId, ContactId, NetworkKey
from inbox.domain.outgoing import Purpose
from inbox.domain.people import Contact
from inbox.domain.problems import Misconfigured, Permanent
from inbox.pipeline.budget import UNOPENED, budget_before
from inbox.pipeline.opening import Beginning, begun_by_us, opened
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.reply import Refused
from inbox.pipeline.routes import Route, canonical
from inbox.pipeline.say import Answered, Words, say
from inbox.pipeline.stopping import link, word
from inbox.pipeline.turn import Turn
from inbox.pipeline.write import reachable
from inbox.render.messages import Rendered
from inbox.store import answering, audience, audit, blocking, broadcasts, conversations, declining, people
from inbox.store.audience import Chosen
from inbox.store.broadcasts import Addressee
from inbox.store.unit import Unit
from inbox.text.titles import title_of

MINUTE = timedelta(minutes=1)
AT_ONCE = 5
"""Contacts told in one unit: each opens a conversation, and other work waits for the unit to end."""
MOST = 20_000
"""Contacts for whom one broadcast is, with those who will be left out."""
LONGEST = 20_000
SHOWN = 20
"""So many of those who are left out are named."""
TEMPLATE = "broadcast"


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to tell many. `per_minute` 0: as the site has it."""

    name: str
    texts: Mapping[str, Text]
    audience: Audience
    channel: str = ""
    per_minute: int = 0


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A contact that would be left out, and why: a catalogue key."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen: how many are told, in which languages; who is left out; what nobody has; how it reads."""

    to_tell: int
    languages: Mapping[str, int]
    left_out: Mapping[str, int]
    named: tuple[LeftOut, ...]
    unknown: tuple[str, ...]
    samples: Mapping[str, Rendered]


class _LeftOut(Exception):
    """This contact is told nothing; why: a catalogue key."""


# -- made, started, stopped ------------------------------------------------------------------------------------------------
def draft(unit: Unit, wanted: Draft, by: By, playbook: Playbook, now: datetime) -> BroadcastId:
    """A draft; nobody is told anything yet. Raises Refused."""
    texts = {
        language: Text(one.subject.strip(), one.text.strip())
        for language, one in wanted.texts.items()
        if one.text.strip()
    }
    if not wanted.name.strip():
        raise Refused("broadcast.no_name")
    if not texts:
        raise Refused("broadcast.no_text")
    if any(not one.subject for one in texts.values()):
        raise Refused("broadcast.no_subject")
    if any(len(one.text) > LONGEST for one in texts.values()):
        raise Refused("broadcast.too_long", most=LONGEST)
    if wanted.audience.empty:
        raise Refused("broadcast.nobody_chosen")
    if wanted.channel and wanted.channel not in playbook.channels:
        raise Refused("write.no_channel", channel=wanted.channel, known=", ".join(map(str, playbook.channels)) or "-")
    pace = wanted.per_minute or playbook.following_up.per_minute
    blank = Broadcast(BroadcastId(0), wanted.name.strip(), Stage.DRAFT, by.agent, now, None, None, None, wanted.channel, wanted.audience, texts, pace)  # fmt: skip
    id = broadcasts.add(unit, blank, now)
    audit.record(unit, Act.BROADCAST_MADE, by, now, name=blank.name)
    return id


def preview(unit: Unit, id: BroadcastId, playbook: Playbook, now: datetime) -> Preview:
    """The dry run: nothing is stored, nobody is told. Raises Refused."""
    told = one(unit, id)
    found = _chosen(unit, told)
    judged = [(who, _why(unit, who.id, told, playbook, now)) for who in found.whom]
    telling = [who for who, why in judged if not why]
    left = [(who, why) for who, why in judged if why]
    return Preview(
        to_tell=len(telling),
        languages=Counter(told.said_in(playbook.speaks(who.language))[0] for who in telling),
        left_out=Counter(why for _, why in left),
        named=tuple(LeftOut(_called(who), why) for who, why in left[:SHOWN]),
        unknown=found.unknown,
        samples={language: _sample(told, language, playbook) for language in told.texts},
    )


def start(unit: Unit, id: BroadcastId, count: int, by: By, playbook: Playbook, now: datetime) -> Broadcast:
    """Whom it is for is settled, and the first ones are told. `count`: how many that are, as whoever starts it read: where it is
    another number by now, they look again. Raises Refused."""
    told = one(unit, id)
    _step(told, Stage.RUNNING)
    if told.stage is Stage.PAUSED:
        return _moved(unit, told, Stage.RUNNING, by, now, next_at=now)
    found = _chosen(unit, told)
    judged = [(who.id, _why(unit, who.id, told, playbook, now)) for who in found.whom]
    telling = sum(not why for _, why in judged)
    if not telling:
        raise Refused("broadcast.nobody", name=told.name)
    if count != telling:
        raise Refused("broadcast.other_count", typed=count, count=telling)
    broadcasts.enlist(unit, id, judged, now)
    return _moved(unit, told, Stage.RUNNING, by, now, started_at=now, next_at=now)


def _chosen(unit: Unit, told: Broadcast) -> audience.Found:
    """Each of them is judged in the unit that asks: more of them than one broadcast may tell are refused before that. Raises Refused."""
    found = audience.chosen(unit, told.audience)
    if len(found.whom) > MOST:
        raise Refused("broadcast.too_many", count=len(found.whom), most=MOST)
    return found


def pause(unit: Unit, id: BroadcastId, by: By, now: datetime) -> Broadcast:
    """Nobody more is told until it goes on. Raises Refused."""
    return _moved(unit, one(unit, id), Stage.PAUSED, by, now, next_at=None)


def stop(unit: Unit, id: BroadcastId, by: By, now: datetime) -> Broadcast:
    """Nobody more is told, for good; who was told was. Raises Refused."""
    return _moved(unit, one(unit, id), Stage.STOPPED, by, now, next_at=None, ended_at=now)


def one(unit: Unit, id: BroadcastId) -> Broadcast:
    """Raises Refused for one that there is not."""
    found = broadcasts.one(unit, id)
    if found is None:
        raise Refused("broadcast.no_such", id=str(id))
    return found


_ACTS = {Stage.RUNNING: Act.BROADCAST_STARTED, Stage.PAUSED: Act.BROADCAST_PAUSED, Stage.STOPPED: Act.BROADCAST_STOPPED}


def _moved(unit: Unit, told: Broadcast, stage: Stage, by: By, now: datetime, **values: datetime | None) -> Broadcast:
    _step(told, stage)
    if not broadcasts.put(unit, told.id, told.stage, stage, **values):
        raise Refused("broadcast.not_now", name=told.name)
    audit.record(unit, _ACTS[stage], by, now, name=told.name)
    return one(unit, told.id)


def _step(told: Broadcast, stage: Stage) -> None:
    if stage not in STEPS[told.stage]:
        raise Refused("broadcast.not_now", name=told.name)


# -- telling -----------------------------------------------------------------------------------------------------------------
def broadcast_due(unit: Unit, playbook: Playbook, now: datetime) -> int:
    """Tell the next ones of each that runs, at its pace; how many were looked at. Run again at once, it finds nothing more."""
    return sum(_next_ones(unit, told, playbook, now) for told in broadcasts.due(unit, now))


def _next_ones(unit: Unit, told: Broadcast, playbook: Playbook, now: datetime) -> int:
    if not broadcasts.waiting(unit, told.id, 1):
        broadcasts.put(unit, told.id, Stage.RUNNING, Stage.DONE, next_at=None, ended_at=now)
        return 1
    lately = broadcasts.told_since(unit, told.id, now - MINUTE)
    room = told.per_minute - len(lately)
    if room <= 0:
        broadcasts.put_off(unit, told.id, lately[0] + MINUTE)
        return 1
    coming = broadcasts.waiting(unit, told.id, min(room, AT_ONCE))
    for who in coming:
        until = _one(unit, told, who, playbook, now)
        if until is not None:
            broadcasts.put_off(unit, told.id, until)
            return 1
    return len(coming)


def _one(unit: Unit, told: Broadcast, who: Addressee, playbook: Playbook, now: datetime) -> datetime | None:
    """Tell one, or keep why not; until when all wait, where the house may say nothing more by itself just now."""
    try:
        return _tell(unit, told, who, playbook, now)
    except _LeftOut as why:
        broadcasts.leave(unit, who.id, str(why), now)
    except Permanent:
        broadcasts.leave(unit, who.id, "silent.impossible", now)
    except Misconfigured:  # checked at load; a command may act while files are being written
        broadcasts.leave(unit, who.id, "silent.template", now)
    return None


def _tell(unit: Unit, told: Broadcast, who: Addressee, playbook: Playbook, now: datetime) -> datetime | None:
    """Raises _LeftOut, Permanent or Misconfigured, before anything is stored."""
    contact = people.contact(unit, who.contact)
    speaker, way = _way(unit, contact.id, told, playbook, now)
    # A network that can never carry it is found out before a conversation begins.
    if speaker.codec.traits.subject and canonical(speaker, way.to.address, now) is None:
        raise _LeftOut("broadcast.unreachable")
    left = budget_before(unit, way.to, UNOPENED, speaker, playbook, now)
    if left.passing:
        return now + MINUTE
    if left.reason:
        raise _LeftOut(left.reason)
    language, text = told.said_in(playbook.speaks(contact.language))
    stop_link = link(told.id, contact.id, playbook)
    rendered = _rendered(text, language, contact.name, stop_link, speaker, playbook)
    turn = _opened(unit, told, text, language, contact, (speaker, way), playbook, now)
    words = Words(
        purpose=Purpose.BROADCAST,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        chat=rendered.chat,
        language=language,
        cause=f"broadcast {told.id} {contact.id}",
        own=text.text,
        wait=left.wait,
        stop=stop_link,
    )
    message = say(turn, words, Answered(NetworkKey(""), way.thread, way.to, ()), speaker)
    turn.tell(Noticed("noticed", message, "broadcast", way.to.address))
    turn.tell(StateSet("state_set", State.DONE.value))
    turn.close()
    broadcasts.tell(unit, who.id, way.to.address, turn.conversation.id, message, now)
    return None


def _opened(
    unit: Unit,
    told: Broadcast,
    text: Text,
    language: str,
    contact: Contact,
    by: tuple[Speaker, Route],
    playbook: Playbook,
    now: datetime,
) -> Turn:
    """The conversation of this one. A chat in which something else goes on stays with that: what they write next belongs there."""
    speaker, way = by
    roster = people.roster(unit)
    agent = roster.agent_by_id(told.agent) if told.agent is not None else None
    actor = HOUSE if agent is None else Actor("agent", agent.id, agent.name)
    turn = opened(
        unit, Beginning(text.subject, language, via="house"), contact, way.identity, speaker, playbook, actor, now
    )
    begun_by_us(turn, speaker, playbook)
    if way.thread is not None:
        key = conversations.thread_key(unit, way.thread)
        last = conversations.of_thread(unit, speaker.name, key)
        if last is None or conversations.peek(unit, last).state is State.DONE:
            conversations.put_thread(unit, speaker.name, key, turn.conversation.id)
    return turn


def _why(unit: Unit, contact: ContactId, told: Broadcast, playbook: Playbook, now: datetime) -> str:
    """Why this contact would be left out now; empty: they would be told."""
    try:
        _way(unit, contact, told, playbook, now)
    except _LeftOut as why:
        return str(why)
    return ""


def _way(unit: Unit, contact: ContactId, told: Broadcast, playbook: Playbook, now: datetime) -> tuple[Speaker, Route]:
    """Where they are told: where they want to be answered, else at a proved address before others. Raises _LeftOut."""
    if declining.of(unit, contact) is not None:
        raise _LeftOut("broadcast.declined")
    mine = people.identities(unit, contact)
    if any(blocking.is_blocked(unit, one.id) for one in mine):
        raise _LeftOut("broadcast.blocked")
    last = broadcasts.last_told(unit, contact)
    if last is not None and last > now - playbook.following_up.rest:
        raise _LeftOut("broadcast.told_lately")
    wish = answering.of(unit, contact)
    if wish is not None and wish.identity is None:
        raise _LeftOut("broadcast.portal_alone")
    traits = {name: one.codec.traits for name, one in playbook.channels.items()}
    ways = [
        (speaker, way)
        for speaker, way in reachable(unit, contact, told.channel, playbook)
        if not traits[speaker.name].live and not traits[speaker.name].portal
    ]
    if not ways:
        shut = any(one.unreachable for one in mine)
        raise _LeftOut("broadcast.unreachable" if shut else "broadcast.no_address")
    wished = [one for one in ways if wish is not None and one[1].identity.id == wish.identity]
    chosen = (wished or ways)[0]
    if chosen[0].codec.traits.subject and not link(told.id, contact, playbook):
        raise _LeftOut("broadcast.no_pages")
    return chosen


def _rendered(text: Text, language: str, name: str, stop_link: str, speaker: Speaker, playbook: Playbook) -> Rendered:
    """Raises Misconfigured."""
    traits = speaker.codec.traits
    facts = BroadcastFacts(
        language=language,
        zone=ZoneInfo(playbook.zone),
        brand=speaker.brand.name,
        subject=text.subject,
        text=text.text,
        contact_name=name,
        contact_title=title_of(name),
        stop_link=stop_link if traits.subject else "",
        stop_word="" if traits.subject else word(language, playbook),
    )
    return playbook.templates.message(
        TEMPLATE, language, facts, variants=(speaker.name,), html=traits.html, chat=not traits.subject
    )


def _sample(told: Broadcast, language: str, playbook: Playbook) -> Rendered:
    """How it reads to somebody without a name, by mail where there is any."""
    speakers = [one for one in playbook.channels.values() if not told.channel or one.name == told.channel]
    speakers.sort(key=lambda one: not one.codec.traits.subject)
    if not speakers:
        raise Refused("broadcast.no_channel")
    example = link(told.id, ContactId(0), playbook)
    return _rendered(told.texts[language], language, "", example, speakers[0], playbook)


def _called(who: Chosen) -> str:
    return who.name or f"#{who.id}"
