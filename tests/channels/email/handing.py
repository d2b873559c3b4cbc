"""Parts to hand over, and a stage log that remembers."""

from datetime import UTC, datetime

from inbox.domain.ids import NetworkKey
from inbox.domain.outgoing import FrozenPart

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
BODY = b"From: support@example.org\r\nSubject: =?utf-8?b?2LPZhNin2YU=?=\r\n\r\nhello\r\n"


class Stages(list[str]):
    """A stage log; `at` is called with each stage before it is written, and may raise."""

    def __init__(self, at: object = None) -> None:
        super().__init__()
        self._at = at

    async def __call__(self, stage: str) -> None:
        """Remember it."""
        if callable(self._at):
            self._at(stage)
        self.append(stage)


def part(
    *recipients: str, body: bytes = BODY, key: str = "<k1@example.org>", sender: str = "support@example.org"
) -> FrozenPart:
    """A part to one or more recipients."""
    to = recipients or ("ali@example.net",)
    return FrozenPart(0, NetworkKey(key), to[0], sender, to, body)
