"""The backlog: while more waits to be received than one handful, acknowledgements wait too, though not for long.

Receiving and acknowledging share one writer: whoever acknowledges in between makes everybody behind wait longer. Replies
of people never wait for it. Where what is taken has waited long already, people are told once, and once when all is received.
"""

from datetime import datetime, timedelta

from inbox.store.lagging import LATE

PATIENCE = timedelta(seconds=60)
"""How long acknowledgements and notices give way at the most."""


class Backlog:
    """Told by the receiver, asked by the senders."""

    def __init__(self) -> None:
        self._since: datetime | None = None
        self._late_since: datetime | None = None

    def behind(self, now: datetime) -> None:
        """More waits than can be taken in one handful."""
        self._since = self._since or now

    def level(self) -> bool:
        """Everything is received; True where it was not before."""
        was, self._since = self._since is not None, None
        return was

    def late(self, oldest: datetime, now: datetime) -> bool:
        """What is taken now came at `oldest`: True where that is too long ago, and was not before."""
        if self._late_since is not None or now - oldest <= LATE:
            return False
        self._late_since = now
        return True

    def caught_up(self) -> datetime | None:
        """Everything is received; since when that was late, once, or None where it was not."""
        since, self._late_since = self._late_since, None
        return since

    def giving_way(self, now: datetime) -> bool:
        """Whether what no person wrote should wait."""
        return self._since is not None and now - self._since < PATIENCE
