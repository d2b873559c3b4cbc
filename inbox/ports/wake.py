"""Wake-ups: "look again", and no more. Losing one costs time, never work: the work itself is rows."""

from typing import Protocol

INTAKE = "intake"
OUTBOX = "outbox"
SETTINGS = "settings"
FILES = "files"
VISITORS = "visitors"
AGENTS = "agents"
TOPICS = (INTAKE, OUTBOX, SETTINGS, FILES, VISITORS, AGENTS)
"""What one can be woken for: arrivals to receive, deliveries to send, configuration that changed, files to fetch,
something new to see for those who look at our own pages: the people of a chat, and agents."""


class Wake(Protocol):
    """In one process an event; between processes a socket or the database's own notification."""

    def notify(self, *topics: str) -> None:
        """Wake everyone who waits for one of these. Never blocks, callable from any thread."""
        ...

    async def wait(self, topic: str, seconds: float | None = None) -> bool:
        """Until someone notifies since the last wait on this topic (True), or that much time has passed (False)."""
        ...
