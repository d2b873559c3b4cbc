"""A conversation goes on over another channel: whoever is answered there takes part, and what they say there comes back."""

from dataclasses import replace

from inbox.domain.conversations import State
from inbox.domain.events import HOUSE
from inbox.domain.happenings import Address
from inbox.domain.ids import ContactId, MessageId, NetworkKey, ThreadId
from inbox.domain.people import Identity
from inbox.domain.problems import Permanent
from inbox.pipeline.merge import merge
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.proved import proved_at
from inbox.pipeline.routes import Route, routes, way_to
from inbox.pipeline.say import Answered, Words, also
from inbox.pipeline.turn import Turn
from inbox.store import answering, awaiting, conversations, copies, messages, people, sights
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
    """Whoever may have left our pages gets the same where they want to be answered or, where they said nothing, by mail, where they
    proved an address; unless they see it in time."""
    way = _beside(turn, route.identity.contact, speaker, book) if speaker.codec.traits.live else None
    size = sum(len(file.content) for file in words.files)
    limit = None if way is None else way[1].codec.traits.file_limit
    if way is None or (limit is not None and size > limit):
        return
    there, over, thread = way
    contact = people.contact(turn.unit, route.identity.contact)
    later = replace(words, wait=speaker.leaves_after)
    if not _copied(turn, later, message, Address(there.address, contact.name), NetworkKey(""), thread, over):
        return  # what it can never carry stays where it can be seen
    conversations.add_participant(turn.unit, turn.conversation.id, there.id, turn.now)


def copy_to_asker(turn: Turn, words: Words, message: MessageId, route: Route, book: Playbook) -> None:
    """What is answered to a colleague goes to whoever asked as well: it is their matter."""
    asker = turn.conversation.contact
    if route.identity.contact == asker or not sights.speaks(turn.unit, route.identity.contact, turn.conversation.id):
        return
    ways = (one for one in routes(turn.unit, turn.conversation, book) if one.identity.contact == asker)
    theirs = next((one for one in ways if one.answers is not None and not one.why and one.channel is not None), None)
    over = book.channels[theirs.channel] if theirs is not None and theirs.channel is not None else None
    if theirs is None or over is None:
        return
    mine = replace(words, cause=f"{words.cause} asker")
    if over.codec.traits.live:
        copy_for_later(turn, mine, message, theirs, over, book)
    else:
        _copied(turn, mine, message, theirs.to, theirs.key, theirs.thread, over)


def _copied(
    turn: Turn,
    words: Words,
    message: MessageId,
    to: Address,
    key: NetworkKey,
    thread: ThreadId | None,
    over: Speaker,
) -> bool:
    """False for what that network can never carry."""
    so_far = references(turn, over.kind)
    answered = Answered(key or (so_far[-1] if so_far and thread is None else NetworkKey("")), thread, to, so_far)
    try:
        also(turn, words, message, answered, over)
    except Permanent:
        return False
    return True


def _beside(
    turn: Turn, contact: ContactId, home: Speaker, book: Playbook
) -> tuple[Identity, Speaker, ThreadId | None] | None:
    """Where somebody is told what lies on our pages; None: they want to be told nowhere, or there is no such place."""
    wish = answering.of(turn.unit, contact)
    if wish is not None and wish.identity is None:
        return None
    if wish is not None:
        there = next(one for one in people.identities(turn.unit, contact) if one.id == wish.identity)
        way = way_to(turn.unit, there, home, book)
        if way is not None:
            return there, *way
    over = book.channels.get(home.continues_on) if home.continues_on else None
    proved = None if over is None else proved_at(turn.unit, contact, over.kind)
    return None if over is None or proved is None else (proved, over, None)
