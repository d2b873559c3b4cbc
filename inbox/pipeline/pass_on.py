"""Passing on: an agent sends what a customer wrote to somebody outside, with words of their own above it and the files below.

Notes never go. Nothing is answered by it: no clock stops and no promise is kept. What the outsider answers comes back into
the conversation and is not taken for the customer's (`outside`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from inbox.domain.events import Actor, PassedOn
from inbox.domain.happenings import Address
from inbox.domain.ids import ConversationId, MessageId, NetworkKey
from inbox.domain.messages import Direction, Message
from inbox.domain.outgoing import File, Purpose
from inbox.domain.people import Agent
from inbox.pipeline.enclose import enclosed
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.proved import ours
from inbox.pipeline.reply import Refused
from inbox.pipeline.routes import canonical, carrier
from inbox.pipeline.say import Answered, Words, say
from inbox.pipeline.turn import Turn
from inbox.store import conversations, edits, messages, people
from inbox.store.unit import Unit
from inbox.text.dates import moment

MOST = 50
"""Messages of a conversation that go along, the newest."""


@dataclass(frozen=True, slots=True)
class Passing:
    """To whom, with which words, and what: these messages, or with none named all of it. `files`: whether theirs go along."""

    to: str
    text: str = ""
    messages: tuple[MessageId, ...] = ()
    files: bool = True
    channel: str = ""


def pass_on(
    unit: Unit, id: ConversationId, agent: Agent, passing: Passing, via: str, playbook: Playbook, now: datetime
) -> MessageId:
    """What was sent. Raises Refused, or Permanent where mail can never carry it."""
    turn = Turn.of(unit, id, via, playbook.terms, now)
    if agent.disabled:
        raise Refused("reply.agent_disabled", agent=agent.handle)
    speaker = _speaker(turn, passing, playbook)
    to = _outsider(turn, passing, speaker, playbook)
    chosen = _chosen(turn, passing)
    files = enclosed(unit, chosen, playbook) if passing.files else ()
    _fits(files, speaker)
    words = _words(turn, agent, passing, chosen, files, speaker, playbook)
    message = say(turn, words, Answered(NetworkKey(""), None, Address(to), ()), speaker)
    turn.tell(PassedOn("passed_on", message, to), Actor("agent", agent.id, agent.name))
    turn.close()
    return message


def _speaker(turn: Turn, passing: Passing, playbook: Playbook) -> Speaker:
    """By mail: from the conversation's own channel where that is one, else as those are reached who wrote on it."""
    home = playbook.channels.get(turn.conversation.channel)
    able = [one for one in playbook.channels.values() if one.codec.traits.subject]
    if passing.channel:
        able = [one for one in able if one.name == passing.channel]
        if not able:
            raise Refused("write.no_channel", channel=passing.channel, known=_known(playbook))
        return able[0]
    if home is not None and home.codec.traits.subject:
        return home
    found = carrier(playbook, home, able[0].kind if able else "")
    if found is None:
        raise Refused("write.which_channel", known=_known(playbook))
    return found


def _known(playbook: Playbook) -> str:
    return ", ".join(str(one.name) for one in playbook.channels.values() if one.codec.traits.subject) or "-"


def _outsider(turn: Turn, passing: Passing, speaker: Speaker, playbook: Playbook) -> str:
    """The address as mail compares it: neither one of ours, nor of somebody who takes part."""
    there = canonical(speaker, passing.to.strip().removeprefix(f"{speaker.kind}:"), turn.now)
    if there is None:
        raise Refused("link.impossible", address=passing.to)
    if ours(turn.unit, there, playbook):
        raise Refused("link.ours", address=there)
    known = people.known(turn.unit, speaker.kind, there)
    if known is not None and conversations.takes_part(turn.unit, turn.conversation.id, known[1].id):
        raise Refused("pass_on.takes_part", address=there)
    return there


def _chosen(turn: Turn, passing: Passing) -> Sequence[Message]:
    """What goes: never a note, and nothing that the house said by itself unless it is named."""
    said = messages.of(turn.unit, turn.conversation.id, notes=False)
    if passing.messages:
        found = [one for one in said if one.id in passing.messages]
        if len(found) != len(set(passing.messages)):
            raise Refused("split.no_such_message", reference=turn.conversation.reference)
        return found
    spoken = [one for one in said if one.direction is Direction.INBOUND or one.purpose == Purpose.REPLY]
    if not spoken:
        raise Refused("pass_on.nothing", reference=turn.conversation.reference)
    return spoken[-MOST:]


def _fits(files: Sequence[File], speaker: Speaker) -> None:
    size, limit = sum(len(one.content) for one in files), speaker.codec.traits.file_limit
    if limit is not None and size > limit:
        raise Refused("reply.files_too_large", channel=speaker.name, size=size, limit=limit)


def _words(
    turn: Turn,
    agent: Agent,
    passing: Passing,
    chosen: Sequence[Message],
    files: tuple[File, ...],
    speaker: Speaker,
    playbook: Playbook,
) -> Words:
    name = agent.called
    above = f"{passing.text.strip()}\n\n{name}\n{speaker.brand.name}".strip()
    below = "\n\n".join(_block(turn, one, agent.language, playbook) for one in chosen)
    subject = turn.conversation.subject or chosen[-1].subject
    return Words(
        purpose=Purpose.FORWARD,
        subject=f"Fwd: {subject}".strip(),
        text=f"{above}\n\n{below}\n",
        own=passing.text.strip() or above,
        language=agent.language,
        cause=f"forward {turn.conversation.id} {turn.conversation.version}",
        sender_name=f"{name} ({speaker.brand.name})",
        agent=agent.id,
        files=files,
    )


def _block(turn: Turn, said: Message, language: str, playbook: Playbook) -> str:
    """One message as mail programs repeat it: the header block that every one of them knows, then the words."""
    standing = edits.standing(turn.unit, said)
    who = f"{said.sender.name} <{said.sender.address}>" if said.sender.name else said.sender.address
    head = [
        "---------- Forwarded message ---------",
        f"From: {who}",
        f"Date: {moment(said.at, language, ZoneInfo(playbook.zone))}",
        f"Subject: {said.subject or turn.conversation.subject}",
    ]
    return "\n".join(head) + f"\n\n{(standing.reply_text or standing.text).strip()}"
