"""Names of messages: the bot, the chat and the number there, since networks count in each chat anew."""

import hashlib
import re

from inbox.domain.ids import NetworkKey

_KEY = re.compile(r"([a-z0-9_]+)/(-?\d+)/(\d+)")
CHAT = re.compile(r"-?\d{1,19}")


def message_key(bot: str, chat: int, number: int) -> NetworkKey:
    """The name of a message on this bot. A message without a number (an edit that came back as a stub) has none."""
    return NetworkKey(f"{bot.removeprefix('@')}/{chat}/{number}" if number else "")


def numbered(bot: str, chat: str, key: NetworkKey) -> int | None:
    """The number of a message that stands in that chat of that bot; None for every other."""
    found = _KEY.fullmatch(key)
    if found is None or found[1] != bot.removeprefix("@") or found[2] != chat:
        return None
    return int(found[3])


def fingerprint(*words: object) -> str:
    """SHA-256 (hex) of words, none of which can run into the next."""
    return hashlib.sha256("\x1f".join(map(str, words)).encode("utf-8", "replace")).hexdigest()


def whole(key: NetworkKey) -> tuple[str, int]:
    """The chat and the number of a name that a bot of ours gave. ValueError for any other."""
    found = _KEY.fullmatch(key)
    if found is None:
        raise ValueError(f"no message of a bot: {key}")
    return found[2], int(found[3])
