"""Parts to hand over."""

from inbox.domain.ids import NetworkKey
from inbox.domain.outgoing import FrozenPart

BODY = b"From: support@example.org\r\nSubject: =?utf-8?b?2LPZhNin2YU=?=\r\n\r\nhello\r\n"


def part(
    *recipients: str, body: bytes = BODY, key: str = "<k1@example.org>", sender: str = "support@example.org"
) -> FrozenPart:
    """A part to one or more recipients."""
    to = recipients or ("ali@example.net",)
    return FrozenPart(0, NetworkKey(key), to[0], sender, to, body)
