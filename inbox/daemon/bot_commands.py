"""The commands that a bot's menu knows, as people's programs show them."""

from collections.abc import Mapping

from inbox.settings import ChannelSettings
from inbox.text.wording import Wording

WORDS = ("menu", "search", "requests")
Commands = Mapping[str, tuple[tuple[str, str], ...]]


def commands(channel: ChannelSettings, wording: Wording, usual: str) -> Commands:
    """By language, and under an empty name those for all others, in the usual one; none where the channel has no menu."""
    if not channel.keys.self_service:
        return {}
    spoken = {"": usual, **{language: language for language in wording.languages}}
    return {name: _of(wording, language) for name, language in spoken.items()}


def _of(wording: Wording, language: str) -> tuple[tuple[str, str], ...]:
    return tuple((word, wording.say(language, f"menu.command.{word}")) for word in WORDS)
