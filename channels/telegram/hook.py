"""The webhook of a bot: where the network brings updates to, and how it proves that it is the network."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from channels.telegram.dialect import Dialect
from channels.telegram.line import Line
from channels.telegram.options import BotOptions
from channels.telegram.request import Refused
from channels.telegram.troubles import of_asking
from inbox.domain.problems import Credentials
from inbox.ports.channel import Place
from inbox.ports.secrets import secret

HEADER = b"x-telegram-bot-api-secret-token"
PATH = "/hook"
AT_ONCE = 8
"""Connections over which a network brings updates at the same time."""


@dataclass(frozen=True, slots=True)
class Hook:
    """Path below the channel's address, and the word that has to come in the head (empty: the path is the secret).

    Both are made of the site's secret and never are it, so that any text can be one and neither tells it.
    """

    path: str
    word: str

    @classmethod
    def of(cls, options: BotOptions, dialect: Dialect, place: Place) -> "Hook":
        """That of a channel. Raises Credentials where its secret cannot be read. Reads a file: for a thread."""
        assert options.webhook_secret is not None, "the options require one"
        kept = secret(options.webhook_secret, place.site).encode()
        made = hmac.digest(kept, f"webhook {options.bot}".encode(), hashlib.sha256).hex()
        return cls(PATH, made) if dialect.webhook_header else cls(f"{PATH}/{made}", "")

    def proves(self, path: str, word: bytes) -> bool:
        """Whether a call is the network's; takes the same time for every wrong one of a length."""
        same_path = hmac.compare_digest(path.encode("utf-8", "replace"), self.path.encode())
        return same_path & hmac.compare_digest(word, self.word.encode())


async def set_up(line: Line, hook: Hook, dialect: Dialect, place: Place) -> None:
    """Tell the network where to bring updates; what it holds already comes too. Raises Credentials where it will not."""
    try:
        await line.ask("setWebhook", asked(hook, dialect, place))
    except Refused as refused:
        if refused.code == 400:
            raise Credentials("bot.webhook_refused", host=line.host, words=refused.text) from None
        raise of_asking(refused, line.host) from None


def asked(hook: Hook, dialect: Dialect, place: Place) -> Mapping[str, Any]:
    """The parameters of setWebhook. Raises Credentials where the site has no address that a network would call."""
    if not place.url.startswith("https://"):
        raise Credentials("bot.webhook_needs_https", url=place.url or "-")
    said: dict[str, Any] = {"url": place.url + hook.path}
    if hook.word:
        said |= {"secret_token": hook.word, "max_connections": AT_ONCE}
    if dialect.updates:
        said["allowed_updates"] = list(dialect.updates)
    return said
