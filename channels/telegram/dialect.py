"""What each network that speaks the Bot API can do and how it says things: a table, asked by column and never by name."""

from dataclasses import dataclass
from typing import Literal

Dialects = Literal["telegram", "bale", "botapi"]


@dataclass(frozen=True, slots=True)
class Dialect:
    """One row. Sizes are bytes, lengths are units of UTF-16, as these networks count."""

    api_base: str
    """The token is appended to it; empty: the site has to name one."""
    file_base: str
    topics: bool = True
    """Whether a group can have topics, each with a title of its own."""
    reactions: bool = True
    """Whether a bot can put a sign under a message."""
    pins: bool = True
    edits: bool = True
    buttons: bool = True
    entities: bool = True
    """Whether what is bold or leads somewhere is told beside a text, and not by signs in it."""
    commands: bool = True
    """Whether a bot can say which commands it knows, for the programs of those who write to it."""
    reply: Literal["reply_parameters", "reply_to_message_id"] = "reply_parameters"
    """The parameter that names the message which is answered."""
    always_markdown: bool = False
    """Every text is taken for Markdown; there is no way to send it plain."""
    text: int = 4096
    caption: int = 1024
    album: int = 10
    """Files that one call can carry together."""
    media: tuple[str, ...] = ("photo", "video", "voice", "audio")
    """The kinds of files that have a method of their own; everything else goes as a document."""
    photo: int = 10_000_000
    """Bytes of the largest picture that is sent as one."""
    upload: int = 50_000_000
    download: int = 20_000_000
    pause: float = 1.0
    """Seconds between two messages to the same chat; 0: none."""
    group_per_minute: int = 20
    """Messages to the same group within a minute; 0: any number."""
    per_second: int = 30
    """Messages to all chats together within a second; 0: any number."""
    kept_hours: int = 24
    """How long the network keeps what nobody fetched."""
    webhook_header: bool = True
    """Whether a webhook is called with a secret in its head; else the secret is part of its address."""
    updates: tuple[str, ...] = ("message", "edited_message", "callback_query", "my_chat_member")
    """The kinds of updates that are asked for; empty: whatever the network sends."""
    no_such_bot: frozenset[int] = frozenset({401, 404})
    """What `getMe` is answered where the token is not, or no longer, that of a bot."""


TABLE: dict[Dialects, Dialect] = {
    "telegram": Dialect("https://api.telegram.org/bot", "https://api.telegram.org/file/bot"),
    "bale": Dialect(
        "https://tapi.bale.ai/bot",
        "https://tapi.bale.ai/file/bot",
        topics=False,
        reactions=False,
        pins=False,
        reply="reply_to_message_id",
        always_markdown=True,
        entities=False,
        commands=False,
        updates=(),
        webhook_header=False,
        no_such_bot=frozenset({401, 403, 404}),
    ),
    "botapi": Dialect("", ""),
}
