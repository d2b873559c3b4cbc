"""What differs between the networks that speak the Bot API: what a server of each kind says, forgets and leaves out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Manners:
    """One kind of server, as its users describe it."""

    bad_token: tuple[int, str]
    """What a token that nobody has is answered."""
    topics: bool
    dated: bool
    """Whether a sent message comes back with its date."""
    replies: str
    """The parameter that names the message which is answered; the other one is not understood and ignored."""
    stubs: bool
    """Whether an edit is answered by a message without number and text."""
    numbers_per_chat: bool
    """Whether messages are counted in each chat from 1."""
    unknown_method: str
    hook_secret: bool
    """Whether a webhook is called with the secret that was given for it."""
    commands: bool
    """Whether a bot can tell which commands it knows."""
    markdown: bool
    """Whether every text is taken for Markdown, so that it can be refused without any `parse_mode`."""


TELEGRAM = Manners(
    bad_token=(401, "Unauthorized"),
    topics=True,
    dated=True,
    replies="reply_parameters",
    stubs=False,
    numbers_per_chat=False,
    unknown_method="Not Found: method not found",
    hook_secret=True,
    commands=True,
    markdown=False,
)
BALE = Manners(
    bad_token=(403, "Forbidden: token is not valid"),
    topics=False,
    dated=False,
    replies="reply_to_message_id",
    stubs=True,
    numbers_per_chat=True,
    unknown_method="Not Found",
    hook_secret=False,
    commands=False,
    markdown=True,
)
