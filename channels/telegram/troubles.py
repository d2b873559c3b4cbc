"""What a refusal of the Bot API means for trying again."""

from channels.telegram.request import Refused
from inbox.domain.problems import Credentials, Gone, Permanent, Problem, Temporary, Throttled
from inbox.ports.desk import PlaceGone

# Words of 400s that prove that this chat will never take anything: Telegram's and Bale's.
_NO_CHAT = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "user is deactivated",
    "bot was kicked",
    "no such user",
)
_NO_MARKUP = ("can't parse entities", "can't parse caption entities", "entity", "entities")
_NO_EDIT = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "no such method",
    "not found: method",
)
_TOO_LONG = ("too long", "too big", "too large")


def unreadable_markup(refused: Refused) -> bool:
    """Whether the text was refused for what the network took for markup."""
    return refused.code == 400 and any(words in refused.text.lower() for words in _NO_MARKUP)


def as_it_was(refused: Refused) -> bool:
    """Whether a message was to be changed into what it says already."""
    return refused.code == 400 and "message is not modified" in refused.text.lower()


def unchangeable(refused: Refused) -> bool:
    """Whether a message was to be changed that is gone, or that cannot be changed any more, or not here at all."""
    words = refused.text.lower()
    return refused.code in (400, 404) and any(one in words for one in _NO_EDIT)


def unreadable_file(refused: Refused) -> bool:
    """Whether it may have been refused for what kind of file it is: too wide a picture, a voice that they do not take, a
    method that this host does not have."""
    known = any(words in refused.text.lower() for words in _NO_CHAT)
    return refused.code in (400, 404) and not known


def of_sending(refused: Refused, host: str, chat: str) -> Problem:
    """A refused hand-over: nothing of it was accepted."""
    words = refused.text or str(refused.code)
    match refused.code:
        case 429:
            return Throttled("bot.slow_down", host=host, chat=chat, seconds=max(1, refused.retry_after))
        case 401:
            return Credentials("bot.token_refused", host=host, words=words)
        case 403:
            return Gone("bot.unreachable_person", chat=chat, words=words)
        case 400 if any(known in words.lower() for known in _NO_CHAT):
            return Gone("bot.unreachable_person", chat=chat, words=words)
        case 400 | 413:
            return Permanent("bot.refused", host=host, chat=chat, words=words)
    return Temporary("bot.not_now", host=host, words=words)


_PLACE_GONE = (
    "message thread not found",
    "topic_deleted",
    "topic_id_invalid",
    "topic_closed",
    "message to edit not found",
    "message to be replied not found",
    "message to pin not found",
    "message_id_invalid",
)


def at_desk(refused: Refused, host: str, chat: str) -> Problem:
    """A refused call at a desk. Nobody is shut out by it: what is wrong is the place, or the bot's rights there."""
    words = refused.text or str(refused.code)
    if refused.moved_to:
        return Permanent("desk.moved", chat=chat, to=str(refused.moved_to))
    if refused.code == 400 and any(gone in words.lower() for gone in _PLACE_GONE):
        return PlaceGone("desk.place_gone", chat=chat, words=words)
    if refused.code in (400, 403) and any(right in words.lower() for right in _NO_RIGHT):
        return Temporary("desk.no_right", chat=chat, words=words)
    found = of_sending(refused, host, chat)
    return Temporary("desk.no_chat", chat=chat, words=words) if isinstance(found, Gone) else found


_NO_RIGHT = ("not enough rights", "not a forum", "need administrator rights", "chat_admin_required", "forum_disabled")
"""Words of refusals that end as soon as somebody gives the bot its rights, or the group its topics."""


def of_asking(refused: Refused, host: str) -> Problem:
    """A refused question for news."""
    words = refused.text or str(refused.code)
    match refused.code:
        case 401:
            return Credentials("bot.token_refused", host=host, words=words)
        case 409:
            return Temporary("bot.conflict", host=host, words=words)
        case 429:
            return Throttled("bot.slow_down", host=host, chat="", seconds=max(1, refused.retry_after))
    return Temporary("bot.not_now", host=host, words=words)
