"""Threading: which conversation a message belongs to, by proof and never by its subject."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from inbox.domain.conversations import Conversation, State
from inbox.domain.happenings import InboundMessage
from inbox.domain.ids import ConversationId, IdentityId, NetworkKey
from inbox.pipeline.playbook import Speaker
from inbox.store import conversations, messages
from inbox.store.messages import Known
from inbox.store.unit import Unit

AWAITED = "awaited reference"
"""The evidence of a message that an earlier one had referred to before it came."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes. `evidence` says why, for `inbox show --why`.

    `conversation` None: a new one, which `follows` a done one that was closed too long ago, or is `related` to one that
    it refers to without taking part. `awaited`: references that nobody has seen yet.
    """

    conversation: Conversation | None = None
    evidence: str = ""
    follows: ConversationId | None = None
    related: ConversationId | None = None
    awaited: tuple[NetworkKey, ...] = field(default=())


def place(
    unit: Unit, said: InboundMessage, found: Sequence[Known], speaker: Speaker, sender: IdentityId | None, now: datetime
) -> Place:
    """Our reply token; then the references (`found` of them here, nearest first), where the sender takes part; then the
    network's own thread; then a conversation that waits for this very message, or for the same one. `sender` None: never
    seen before."""
    token = messages.of_token(unit, said.tokens)
    if token is not None:
        return _reopened(unit, token.conversation, "token", speaker, now)
    for known in found:
        if sender is not None and conversations.takes_part(unit, known.conversation, sender):
            return _reopened(unit, known.conversation, f"reference {known.key}", speaker, now)
    if said.thread:
        same = conversations.of_thread(unit, speaker.name, said.thread)
        if same is not None:
            return _reopened(unit, same, f"thread {said.thread}", speaker, now)
    seen = {known.key for known in found}
    awaited = tuple(key for key in said.references if key not in seen)
    waiting = _waiting(unit, said, speaker, sender, awaited)
    if waiting is not None:
        return _reopened(unit, waiting, AWAITED, speaker, now)
    related = found[0].conversation if found else None
    return Place(related=related, awaited=awaited, evidence="refused reference" if found else "")


def _waiting(
    unit: Unit, said: InboundMessage, speaker: Speaker, sender: IdentityId | None, awaited: tuple[NetworkKey, ...]
) -> ConversationId | None:
    """A conversation of the same person that refers to this message, or to one that this message refers to."""
    if sender is None:
        return None
    keys = (*([said.key] if said.key else ()), *awaited)
    for id in messages.awaiting(unit, speaker.kind, keys):
        if conversations.takes_part(unit, id, sender):
            return id
    return None


def _reopened(unit: Unit, id: ConversationId, evidence: str, speaker: Speaker, now: datetime) -> Place:
    """The conversation itself, unless it was done too long ago: then a new one that follows it."""
    conversation = conversations.load(unit, id)
    while conversation.merged_into is not None:
        conversation = conversations.load(unit, conversation.merged_into)
    done = conversation.done_at
    if conversation.state is State.DONE and done is not None and now - done > speaker.reopen_within:
        return Place(follows=conversation.id, evidence=evidence)
    return Place(conversation, evidence)
