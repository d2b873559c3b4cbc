"""A conversation goes on over another channel: whoever is answered there takes part, and what they say there comes back."""

from dataclasses import replace

from inbox.domain.conversations import State
from inbox.domain.events import HOUSE
from inbox.domain.happenings import Address
from inbox.domain.ids import MessageId, NetworkKey
from inbox.domain.people import Identity
from inbox.domain.problems import Permanent
from inbox.pipeline.merge import merge
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.proved import proved_at
from inbox.pipeline.routes import Route
from inbox.pipeline.say import Answered, Words, also
from inbox.pipeline.turn import Turn
from inbox.store import awaiting, conversations, copies, messages, people
from inbox.store.heard import refused


def references(turn: Turn, kind: str) -> tuple[NetworkKey, ...]:
    """What was said so far on such networks, oldest first; keys of another kind mean nothing there."""
    unit, id = turn.unit, turn.conversation.id
    return (*messages.keys_of(unit, id, kind=kind), *copies.keys(unit, id, kind))


def take_part(turn: Turn, route: Route) -> None:
    """From now on what comes from there comes here. References that its address could not prove before are tried again."""
    unit, id = turn.unit, turn.conversation.id
    if route.answers is not None or not route.identity.id:
        return
    conversations.add_participant(unit, id, route.identity.id, turn.now)
    if route.thread is not None and route.channel is not None:
        conversations.put_thread(unit, route.channel, conversations.thread_key(unit, route.thread), id)
    _reconsider(turn, route.identity)


def _reconsider(turn: Turn, identity: Identity) -> None:
    """What they began in vain by an answer to this conversation, before they took part, is this conversation."""
    for other, kind, key in refused(turn.unit, turn.conversation.id, identity.id):
        theirs = conversations.load(turn.unit, other)
        if theirs.merged_into is None and theirs.state not in (State.DONE, State.SPAM):
            merge(turn, other, HOUSE)
        awaiting.end(turn.unit, kind, key, turn.conversation.id)


def copy_for_later(
    turn: Turn, words: Words, message: MessageId, route: Route, speaker: Speaker, book: Playbook
) -> None:
    """Whoever may have left our pages gets the same by mail, where they proved an address; unless they see it in time."""
    over = book.channels.get(speaker.continues_on) if speaker.continues_on else None
    if over is None or not speaker.codec.traits.live:
        return
    there = proved_at(turn.unit, route.identity.contact, over.kind)
    size, limit = sum(len(file.content) for file in words.files), over.codec.traits.file_limit
    if there is None or (limit is not None and size > limit):
        return
    so_far = references(turn, over.kind)
    contact = people.contact(turn.unit, route.identity.contact)
    to = Address(there.address, contact.name)
    later = replace(words, wait=speaker.leaves_after)
    try:
        also(turn, later, message, Answered(so_far[-1] if so_far else NetworkKey(""), None, to, so_far), over)
    except Permanent:
        return  # what mail can never carry stays where it can be seen
    conversations.add_participant(turn.unit, turn.conversation.id, there.id, turn.now)
