"""Time as a contract, so that tests can be their own clock."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Where the shell takes `now` from. Units and pure rooms never see it: they are given instants."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait that long in this clock's time."""
        ...
