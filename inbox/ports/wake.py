"""Wake-ups: "look again", and no more. Losing one costs time, never work: the work itself is rows."""

from collections.abc import Iterable
from typing import Protocol

from inbox.domain.ids import ChannelName

INTAKE = "intake"
OUTBOX = "outbox"
SETTINGS = "settings"
FILES = "files"
VISITORS = "visitors"
AGENTS = "agents"
TOPICS = (INTAKE, OUTBOX, SETTINGS, FILES, VISITORS, AGENTS)
"""What one can be woken for: arrivals to receive, deliveries to send, configuration that changed, files to fetch,
something new to see for those who look at our own pages: the people of a chat, and agents."""


def outbox_of(channel: ChannelName) -> str:
    """The outbox of one channel: whoever waits for it is woken by OUTBOX too, which is said where it may be any channel's."""
    return f"{OUTBOX} {channel}"


def between_nodes(topics: Iterable[str]) -> set[str]:
    """What other processes are told: a topic of one channel is to them the whole topic, and one that is not of TOPICS nothing."""
    return {topic.partition(" ")[0] for topic in topics} & set(TOPICS)


class Wake(Protocol):
    """In one process an event; between processes a socket or the database's own notification."""

    def notify(self, *topics: str) -> None:
        """Wake everyone who waits for one of these, or for a part of one (`outbox_of`). Never blocks, callable from any thread."""
        ...

    async def wait(self, topic: str, seconds: float | None = None) -> bool:
        """Until someone notifies since the last wait on this topic (True), or that much time has passed (False)."""
        ...
