"""Saying that one wants no more of what one did not ask for: by a link, which mail programs can follow with one click, or by a word.

The link is sealed with the site's secret for one contact; it says nothing else and never ends. HMAC-SHA-256, 130 bits of it.
"""

import hmac
import re
from datetime import datetime, timedelta

from inbox.domain.conversations import State
from inbox.domain.entropy import base32
from inbox.domain.events import Actor, Noticed, StateSet
from inbox.domain.happenings import InboundMessage
from inbox.domain.ids import BroadcastId, ContactId, ThreadId
from inbox.domain.outgoing import Purpose
from inbox.domain.people import Contact
from inbox.pipeline.decline import decline
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.promising import withdraw
from inbox.pipeline.say import Answered, Words, say
from inbox.pipeline.turn import Turn
from inbox.store import broadcasts, contact_merges, conversations, declining, people
from inbox.store.unit import Unit
from inbox.text.fold import squeeze

PATH = "/stop"
LATELY = timedelta(days=30)
"""So long after a broadcast the word alone means it."""
LONGEST = 40
"""Characters: what is longer says more than the word."""
_LINK = re.compile(r"(([0-9]{1,18})-([0-9]{1,18}))-([a-z0-9]{26})")


def link(broadcast: BroadcastId, contact: ContactId, playbook: Playbook) -> str:
    """Its address; empty on a site whose pages nobody can find."""
    if not playbook.public_url:
        return ""
    said = f"{broadcast}-{contact}"
    return f"{playbook.public_url}{PATH}/{said}-{_seal(said, playbook)}"


def opened(unit: Unit, token: str, playbook: Playbook) -> Contact | None:
    """Whom it is about; None for a link that we did not make."""
    found = _LINK.fullmatch(token)
    if found is None or not hmac.compare_digest(_seal(found[1], playbook), found[4]):
        return None
    id = people.contact_by_number(unit, int(found[3]))
    return None if id is None else people.contact(unit, contact_merges.stands(unit, id))


def by_link(unit: Unit, token: str, playbook: Playbook, now: datetime) -> bool:
    """They want none any more; False for a link that we did not make. Told in the conversation with which they were told."""
    whose, found = opened(unit, token, playbook), _LINK.fullmatch(token)
    if whose is None or found is None:
        return False
    told = broadcasts.to(unit, BroadcastId(int(found[2])), whose.id)
    if told is None or told.conversation is None:
        declining.decline(unit, whose.id, "link", None, now)
        broadcasts.leave_out(unit, whose.id, "broadcast.declined", now)
        return True
    turn = Turn(unit, conversations.present(unit, told.conversation), "house", playbook.terms, now)
    decline(turn, whose.id, "link", Actor("contact", whose.id, whose.name))
    turn.close()
    return True


def stopped(
    turn: Turn, said: InboundMessage, contact: Contact, thread: ThreadId | None, speaker: Speaker, playbook: Playbook
) -> bool:
    """Whether this message is the word, from somebody who was told something lately: then they have declined, and it is all done:
    the turn is closed. In a chat they are told so; a mail program would have to show one more letter to somebody who wants fewer."""
    if said.automatic is not None or not _is_word(said.reply_text or said.text, playbook):
        return False
    began = broadcasts.begun(turn.unit, turn.conversation.id) is not None
    fresh = turn.before.version == 0 or (not speaker.codec.traits.subject and turn.before.state is State.DONE)
    last = broadcasts.last_told(turn.unit, contact.id)
    if last is None or last < turn.now - LATELY or not (began or fresh):
        return False
    decline(turn, contact.id, "word", Actor("contact", contact.id, contact.name))
    if thread is not None and not speaker.codec.traits.subject:
        _confirm(turn, said, contact, thread, speaker, playbook)
    turn.tell(StateSet("state_set", State.DONE.value))
    withdraw(turn)
    turn.close()
    return True


def _confirm(
    turn: Turn, said: InboundMessage, contact: Contact, thread: ThreadId, speaker: Speaker, playbook: Playbook
) -> None:
    language = playbook.speaks(contact.language or turn.conversation.language)
    text = playbook.wording.say(language, "broadcast.stopped")
    cause = f"stopped {turn.conversation.id} {turn.conversation.version}"
    words = Words(purpose=Purpose.NOTICE, subject="", text=text, language=language, cause=cause)
    message = say(turn, words, Answered(said.own_key, thread, said.sender, ()), speaker)
    turn.tell(Noticed("noticed", message, "broadcast", said.sender.address))


def word(language: str, playbook: Playbook) -> str:
    """The one that customers are told, in their language."""
    return _words(language, playbook)[0]


def _is_word(text: str, playbook: Playbook) -> bool:
    if len(text.strip()) > LONGEST:
        return False
    typed = squeeze(text.strip().strip(".!؟?«»\"'/#"))
    return any(typed == squeeze(one) for language in playbook.wording.languages for one in _words(language, playbook))


def _words(language: str, playbook: Playbook) -> list[str]:
    told = playbook.wording.say(language, "broadcast.stop_words")
    return [one.strip() for one in told.replace("،", ",").split(",") if one.strip()]


def _seal(said: str, playbook: Playbook) -> str:
    return base32(hmac.digest(playbook.secret, f"stop {said}".encode(), "sha256"))[:26]
