"""The one door out: whatever we say becomes a message and frozen deliveries in the same unit."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from inbox.domain.choices import Offer
from inbox.domain.happenings import Address, Attachment
from inbox.domain.ids import AgentId, MessageId, NetworkKey, ThreadId
from inbox.domain.messages import Direction
from inbox.domain.outgoing import File, FrozenPart, Outgoing, Purpose
from inbox.pipeline.playbook import Speaker
from inbox.pipeline.turn import Turn
from inbox.store import conversations, deliveries, messages
from inbox.text.bidi import direction
from inbox.text.filenames import safe_filename


@dataclass(frozen=True, slots=True)
class Words:
    """What to say: rendered, in one language. `cause` names what made us say it; the same cause speaks only once."""

    purpose: Purpose
    subject: str
    text: str
    language: str
    cause: str
    html: str | None = None
    chat: str = ""
    """The form for networks without subjects; `text` where it is empty."""
    sender_name: str = ""
    agent: AgentId | None = None
    files: tuple[File, ...] = ()
    offers: tuple[Offer, ...] = ()
    own: str = ""
    """What of it somebody wrote now, without what the template puts around it; all of it where empty."""
    wait: timedelta = timedelta(0)
    """How long it is held back before it may go."""
    kept: str = ""
    """What we keep of it where others must not read what goes out; all of it where empty."""
    among_us: bool = False
    """To one of us and no customer: it is kept as a note, which no customer is ever shown."""
    leads_back: bool = True
    """Whether an answer to it is one to this conversation, whoever gives it."""
    token: str = ""
    """The one that an answer brings back; empty: one of its own."""
    stop: str = ""
    """Where whoever gets it says that they want no more of the kind."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The message that we answer: its network key, its container there, and where the answer goes."""

    key: NetworkKey
    thread: ThreadId | None
    to: Address
    references: tuple[NetworkKey, ...]
    """The thread so far, oldest first."""
    cc: tuple[Address, ...] = ()
    """Who gets a copy."""


def say(turn: Turn, words: Words, answered: Answered, speaker: Speaker) -> MessageId:
    """Store the message, freeze its bytes and queue them. Raises Permanent where the network could never carry it."""
    token = words.token or turn.unit.entropy.token(f"{turn.conversation.id} {words.cause}")
    outgoing = _outgoing(turn, words, answered, speaker, token)
    parts = speaker.codec.compose(outgoing)
    message = _store(turn, words, outgoing, speaker, answered.thread, parts)
    _name(turn, words, message, speaker, token, parts)
    _queue(turn, words, message, speaker, parts)
    return message


def also(turn: Turn, words: Words, message: MessageId, answered: Answered, speaker: Speaker) -> None:
    """The same message as a copy over another channel, held back for `words.wait`. It is numbered behind all parts that the
    message has, and leads back as that does. Raises Permanent."""
    token = turn.unit.entropy.token(f"{turn.conversation.id} {words.cause} copy")
    first = len(deliveries.of_messages(turn.unit, [message]))
    composed = speaker.codec.compose(_outgoing(turn, words, answered, speaker, token))
    parts = [replace(part, number=first + part.number) for part in composed]
    _name(turn, words, message, speaker, token, parts)
    _queue(turn, words, message, speaker, parts, copy=True)


def _outgoing(turn: Turn, words: Words, answered: Answered, speaker: Speaker, token: str) -> Outgoing:
    traits, thread = speaker.codec.traits, answered.thread
    text = words.text if traits.subject or not words.chat else words.chat
    return Outgoing(
        purpose=words.purpose,
        token=token,
        sender=Address(speaker.address, words.sender_name or speaker.brand.name),
        to=(answered.to,),
        cc=answered.cc,
        subject=words.subject,
        text=text,
        html=words.html if traits.html else None,
        date=turn.now,
        language=words.language,
        direction=direction(text),
        answers=answered.key,
        references=answered.references,
        thread=conversations.thread_key(turn.unit, thread) if thread else "",
        files=words.files,
        offers=words.offers if traits.buttons else (),
        stop=words.stop,
    )


def _name(
    turn: Turn, words: Words, message: MessageId, speaker: Speaker, token: str, parts: Sequence[FrozenPart]
) -> None:
    """Under its network keys, as ours, and under the reply address that leads back."""
    names = [(speaker.kind, part.key) for part in parts]
    if words.leads_back:
        names.append((messages.REPLY_ADDRESS, NetworkKey(token)))
    messages.name(turn.unit, names, message, turn.conversation.id, ours=True)


def _queue(
    turn: Turn, words: Words, message: MessageId, speaker: Speaker, parts: Sequence[FrozenPart], *, copy: bool = False
) -> None:
    deliveries.queue(
        turn.unit,
        message,
        turn.conversation.id,
        speaker.name,
        words.purpose,
        parts,
        [hashlib.sha256(part.body).hexdigest() for part in parts],
        words.cause,
        turn.now,
        not_before=turn.now + words.wait,
        copy=copy,
    )


def _store(
    turn: Turn,
    words: Words,
    outgoing: Outgoing,
    speaker: Speaker,
    thread: ThreadId | None,
    parts: Sequence[FrozenPart],
) -> MessageId:
    said = messages.Said(
        direction=Direction.NOTE if words.among_us else Direction.OUTBOUND,
        purpose=words.purpose.value,
        channel=speaker.name,
        thread=thread,
        agent=words.agent,
        key=parts[0].key if parts and words.leads_back else NetworkKey(""),
        subject=outgoing.subject,
        text=words.kept or outgoing.text,
        reply_text=words.own,
        html=None if words.kept else outgoing.html,
        language=words.language,
        sender=outgoing.sender,
        to=outgoing.to,
        cc=outgoing.cc,
        files=_files(words.files, parts),
        offers=outgoing.offers,
    )
    return messages.add_ours(turn.unit, turn.conversation.id, said, turn.now)


def _files(sent: Sequence[File], parts: Sequence[FrozenPart]) -> tuple[Attachment, ...]:
    """The files with their places in the frozen bytes. A codec that tells none has given them away: `gone`."""
    placed = tuple(file for part in parts for file in part.files)
    return placed or tuple(
        Attachment(safe_filename(file.filename), file.content_type, len(file.content), state="gone") for file in sent
    )
