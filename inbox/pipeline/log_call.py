"""Logging a call: what an agent tells of one comes in as what a telephone system tells does, and what they write about it is a note."""

from dataclasses import dataclass
from datetime import datetime

from inbox.domain.arrivals import Arrival, Verdict
from inbox.domain.conversations import Conversation
from inbox.domain.happenings import InboundMessage
from inbox.domain.ids import ConversationId
from inbox.domain.outgoing import File
from inbox.domain.people import Agent
from inbox.domain.phone_calls import CallOutcome, PhoneCall, Way
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.receive import judge
from inbox.pipeline.reply import Refused, note
from inbox.pipeline.telephones import phones
from inbox.ports.calls import Numbering, Recording, framed, key_of
from inbox.store import arrivals, blocking, channels, conversations, messages, people
from inbox.store.arrivals import Landing
from inbox.store.unit import Unit

SMALL = 64 * 1024
"""Bytes up to which a raw is a row."""


@dataclass(frozen=True, slots=True)
class Logged:
    """What an agent tells. `number`: theirs, as people type it; empty: the one at which the customer is known. `channel`: empty: the only
    one that takes calls. `words`: for the other agents."""

    way: Way
    outcome: CallOutcome
    number: str = ""
    name: str = ""
    channel: str = ""
    seconds: int | None = None
    at: datetime | None = None
    words: str = ""
    recording: File | None = None


def log_call(
    unit: Unit,
    agent: Agent,
    told: Logged,
    matter: ConversationId | None,
    via: str,
    playbook: Playbook,
    now: datetime,
) -> Conversation:
    """The conversation that it is in: `matter`, or the one to which the number belongs. Raises Refused."""
    if told.at is not None and told.at > now:
        raise Refused("call.not_yet")
    speaker = _speaker(told, playbook)
    here = None if matter is None else conversations.present(unit, matter)
    number = _number(unit, told, here, speaker)
    _known(unit, number, here, speaker, now)
    handle = agent.handle if told.way == "out" or told.outcome is CallOutcome.ANSWERED else ""
    id, reference = unit.entropy.token("call"), here.reference if here else ""
    call = PhoneCall(told.way, told.outcome, number, id, told.at or now, told.seconds, handle, reference)
    message = _received(unit, call, told, speaker, playbook, now)
    conversation = conversations.peek(unit, message)
    if told.words.strip():
        note(unit, conversation.id, agent, told.words, via, playbook, now)
    return conversations.peek(unit, conversation.id)


def _speaker(told: Logged, playbook: Playbook) -> Speaker:
    able = phones(playbook)
    if not able:
        raise Refused("call.no_channel")
    named = [one for one in able if one.name == told.channel] if told.channel else list(able)
    if len(named) != 1:
        raise Refused("call.which_channel", known=", ".join(str(one.name) for one in able))
    return named[0]


def _number(unit: Unit, told: Logged, here: Conversation | None, speaker: Speaker) -> str:
    """As the network compares it."""
    assert isinstance(speaker.codec, Numbering)
    if told.number.strip():
        number = speaker.codec.number(told.number)
        if not number:
            raise Refused("call.bad_number", number=told.number.strip())
        return number
    theirs = people.identities(unit, here.contact) if here else ()
    found = next((one.address for one in theirs if one.kind == speaker.kind), "")
    if not found:
        raise Refused("call.no_number")
    return found


def _known(unit: Unit, number: str, here: Conversation | None, speaker: Speaker, now: datetime) -> None:
    """A number that is nobody's is that of the customer about whom it is logged, the agent says. Raises Refused where it is blocked."""
    known = people.known(unit, speaker.kind, number)
    if known is None and here is not None:
        people.claim(unit, here.contact, speaker.kind, number, "", now)
    if known is not None and blocking.is_blocked(unit, known[1].id):
        raise Refused("write.blocked", address=number)


def _received(
    unit: Unit, call: PhoneCall, told: Logged, speaker: Speaker, playbook: Playbook, now: datetime
) -> ConversationId:
    """It comes in, in this unit."""
    sound = told.recording
    sounds = [Recording(sound.filename, sound.content_type, sound.content)] if sound else []
    raw = framed(call, told.name.strip(), "", sounds)
    if len(raw) > SMALL and playbook.blobs is None:
        raise Refused("call.no_room")
    blob = playbook.blobs.put(raw) if playbook.blobs is not None and len(raw) > SMALL else None
    landing = Landing(key_of(call), len(raw), None if blob else raw, blob)
    channels.ensure(unit, speaker.name, speaker.kind)  # a command may be the first to speak of it
    id = arrivals.land_one(unit, speaker.name, landing, now)
    assert id is not None, "its id is drawn for it"
    said = speaker.codec.parse(raw)
    judged = judge(unit, Arrival(id, speaker.name, landing.key, now, raw), said, playbook, now)
    assert judged.verdict is Verdict.ACCEPTED, judged.reason
    (message,) = (one for one in said if isinstance(one, InboundMessage))
    stored = messages.seen(unit, speaker.name, message.fingerprint)
    assert stored is not None
    return messages.one(unit, stored).conversation
