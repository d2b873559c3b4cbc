"""What a post says: a message of the conversation with who wrote it and where, or what a customer made of one later."""

from dataclasses import dataclass, replace
from datetime import timedelta

from inbox.domain.desks import Post
from inbox.domain.ids import ConversationId, MessageId
from inbox.domain.messages import Direction, Message
from inbox.domain.outgoing import File, Purpose
from inbox.pipeline.enclose import enclosed
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.reply import Refused
from inbox.store import conversations, edits, events, messages, people
from inbox.store.unit import Unit
from inbox.text.filenames import safe_filename

PATIENCE = timedelta(minutes=10)
"""So long a post waits for the files of its message; then it says their names."""
LARGEST = 45_000_000
"""Bytes of the files of one post."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One message for agents. `kind`: `customer`, `edited`, `reply`, `note`, `forward` or `automatic`; `via`: the surface."""

    kind: str
    reference: str
    who: str
    via: str
    text: str
    files: tuple[File, ...] = ()
    lacking: tuple[str, ...] = ()
    """Files that are not shown here, by their names."""
    waits: bool = False
    """A file of it is on its way."""


def spoken(unit: Unit, post: Post, playbook: Playbook) -> Spoken:
    """What a post of a message says now."""
    if post.kind == "edit":
        said = messages.one(unit, MessageId(int(str(post.facts["message"]))))
        return replace(_spoken(unit, post, edits.standing(unit, said)), kind="edited")
    assert post.message is not None
    said = messages.one(unit, post.message)
    return _with_files(unit, _spoken(unit, post, said), said, playbook)


def _spoken(unit: Unit, post: Post, said: Message) -> Spoken:
    matter = conversations.peek(unit, said.conversation)
    who, via = _author(unit, said), _via(unit, said.conversation, post.version)
    return Spoken(_kind(said), matter.reference, who, via, said.reply_text or said.text)


def _kind(said: Message) -> str:
    if said.direction is Direction.INBOUND:
        return "customer"
    if said.direction is Direction.NOTE:
        return "note"
    if said.purpose == Purpose.FORWARD.value:
        return "forward"
    return "reply" if said.purpose == Purpose.REPLY.value else "automatic"


def _author(unit: Unit, said: Message) -> str:
    if said.direction is Direction.INBOUND:
        return said.sender.name or said.sender.address
    agent = people.roster(unit).agent_by_id(said.agent) if said.agent else None
    return (agent.name or agent.handle) if agent else said.sender.name


def _via(unit: Unit, matter: ConversationId, version: int) -> str:
    told = next(iter(events.of(unit, matter, after=version - 1)), None)
    return told.via if told is not None and told.actor.kind == "agent" else ""


def _with_files(unit: Unit, spoken: Spoken, said: Message, playbook: Playbook) -> Spoken:
    stored = [one for one in messages.attachments(unit, [said.id]) if not one.file.inline]
    names = tuple(safe_filename(one.file.filename) for one in stored)
    if any(one.file.state == "wanted" for one in stored):
        return replace(spoken, lacking=names, waits=True)
    if sum(one.file.size for one in stored) > LARGEST:
        return replace(spoken, lacking=names)
    try:
        files = enclosed(unit, [said], playbook) if stored else ()
    except Refused:
        return replace(spoken, lacking=names)
    return replace(spoken, files=tuple(one for one in files if one.content))
