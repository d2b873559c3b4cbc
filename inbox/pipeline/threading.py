"""Threading: which conversation a message belongs to, by proof and never by its subject."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from inbox.domain.conversations import Conversation, State
from inbox.domain.happenings import InboundMessage
from inbox.domain.ids import ConversationId, IdentityId, NetworkKey
from inbox.pipeline.playbook import Speaker
from inbox.store import awaiting, conversations, messages
from inbox.store.messages import Known
from inbox.store.unit import Unit

AWAITED = "awaited reference"
"""The evidence of a message that an earlier one had referred to, or that refers to the same one."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes. `evidence` says why, for `inbox show --why`.

    `conversation` None: a new one, which `follows` a done one that was closed too long ago, or is `related` to one that
    it refers to without taking part. `others`: conversations that turn out to be the same matter, and go into it.
    `awaited`: references that led nowhere, for nobody has seen them yet or the sender takes no part there.
    """

    conversation: Conversation | None = None
    evidence: str = ""
    others: tuple[ConversationId, ...] = ()
    follows: ConversationId | None = None
    related: ConversationId | None = None
    awaited: tuple[NetworkKey, ...] = field(default=())


def place(
    unit: Unit, said: InboundMessage, found: Sequence[Known], speaker: Speaker, sender: IdentityId | None, now: datetime
) -> Place:
    """Our reply token; then what the message refers to (`found` of it here, nearest first), where the sender takes part;
    then the network's own thread; then a conversation that waits for this very message, or for the same one.

    Whatever else of this leads to another conversation of the sender's, it is the same matter: so the order in which mails
    come in does not decide which of them stand together. `sender` None: never seen before; whoever failed
    authentication is nobody, whatever the From says.
    """
    sender = None if said.authentication == "fail" else sender
    linked, awaited = _linked(unit, said, found, speaker, sender)
    live: dict[ConversationId, tuple[Conversation, str]] = {}
    closed: Place | None = None
    for id, evidence in linked.items():
        conversation = conversations.present(unit, id)
        if _near(conversation, speaker, now):
            live.setdefault(conversation.id, (conversation, evidence))
        else:
            closed = closed or Place(follows=conversation.id, evidence=evidence, awaited=awaited)
    if live:
        return replace(_oldest(list(live.values())), awaited=awaited)
    refused = [known.conversation for known in found if known.key != said.own_key]
    related = refused[0] if refused else None
    return closed or Place(related=related, awaited=awaited, evidence="refused reference" if refused else "")


def _linked(
    unit: Unit, said: InboundMessage, found: Sequence[Known], speaker: Speaker, sender: IdentityId | None
) -> tuple[dict[ConversationId, str], tuple[NetworkKey, ...]]:
    """The conversations to which something leads, each with its first evidence, and the references that led to none."""
    linked: dict[ConversationId, str] = {}
    token = messages.of_token(unit, said.tokens)
    if token is not None:
        linked[token.conversation] = "token"
    led: set[NetworkKey] = set()
    for known in found:
        if sender is not None and conversations.takes_part(unit, known.conversation, sender):
            led.add(known.key)
            linked.setdefault(known.conversation, f"reference {known.key}")
    same = conversations.of_thread(unit, speaker.name, said.thread) if said.thread else None
    if same is not None:
        linked.setdefault(same, f"thread {said.thread}")
    awaited = tuple(key for key in said.references if key not in led)
    for id in _waiting(unit, speaker, sender, (said.own_key, *awaited)):
        linked.setdefault(id, AWAITED)
    return linked, awaited


def _waiting(
    unit: Unit, speaker: Speaker, sender: IdentityId | None, keys: Sequence[NetworkKey]
) -> list[ConversationId]:
    """Conversations of the same person in which one of these was referred to in vain, oldest first."""
    if sender is None:
        return []
    waiting = awaiting.conversations(unit, speaker.kind, keys)
    return [id for id in waiting if conversations.takes_part(unit, id, sender)]


def _near(conversation: Conversation, speaker: Speaker, now: datetime) -> bool:
    """Whether a message may still go on in it."""
    done = conversation.done_at
    return conversation.state is not State.DONE or done is None or now - done <= speaker.reopen_within


def _oldest(live: Sequence[tuple[Conversation, str]]) -> Place:
    """The oldest of the same matter, with the first evidence; spam takes nothing in, and goes into nothing."""
    first, evidence = live[0]
    if first.state is State.SPAM:
        return Place(first, evidence)
    matter = sorted((one for one, _ in live if one.state is not State.SPAM), key=lambda one: one.id)
    return Place(matter[0], evidence, tuple(one.id for one in matter[1:]))
