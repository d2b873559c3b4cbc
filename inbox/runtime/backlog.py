"""The backlog: while more waits to be received than one handful, acknowledgements wait too, though not for long.

Receiving and acknowledging share one writer: whoever acknowledges in between makes everybody behind wait longer. Replies
of people never wait for it.
"""

from datetime import datetime, timedelta

PATIENCE = timedelta(seconds=60)
"""How long acknowledgements and notices give way at the most."""


class Backlog:
    """Told by the receiver, asked by the senders."""

    def __init__(self) -> None:
        self._since: datetime | None = None

    def behind(self, now: datetime) -> None:
        """More waits than can be taken in one handful."""
        self._since = self._since or now

    def level(self) -> bool:
        """Everything is received; True where it was not before."""
        was, self._since = self._since is not None, None
        return was

    def giving_way(self, now: datetime) -> bool:
        """Whether what no person wrote should wait."""
        return self._since is not None and now - self._since < PATIENCE
