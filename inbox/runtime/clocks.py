"""The clock of a house in service."""

import asyncio
from datetime import UTC, datetime


class SystemClock:
    """Implements `Clock` by the machine's own time."""

    def now(self) -> datetime:
        """The present instant, UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)
