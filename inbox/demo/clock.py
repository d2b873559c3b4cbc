"""The clock of the demo's past: it stands still until the script has brought it on, and ends where real time begins."""

from datetime import datetime


class Course:
    """Implements `inbox.ports.clock.Clock` for what is driven by hand: nothing that is driven so ever sleeps."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """The instant that the script has come to."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Nothing may wait here. Raises RuntimeError."""
        raise RuntimeError(f"the demo's past does not wait {seconds} seconds")

    def to(self, at: datetime) -> None:
        """On to an instant; a clock does not go back."""
        self._now = max(self._now, at)
