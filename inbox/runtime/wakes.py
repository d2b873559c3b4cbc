"""Wake-ups within one process: an event a topic and waiter, safe to set from any thread."""

import asyncio


class ProcessWake:
    """Implements `Wake`. A notification between two waits of the same task is not lost."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiters: dict[str, dict[str, set[asyncio.Event]]] = {}
        """By the whole topic: who waits for it, and for each part of it (`outbox_of`)."""
        self._mine: dict[tuple[str, asyncio.Task[object] | None], asyncio.Event] = {}

    def attach(self) -> None:
        """Belong to the running event loop from now on."""
        self._loop = asyncio.get_running_loop()

    def notify(self, *topics: str) -> None:
        """Wake everyone who waits for one of these; nothing happens where no loop is attached (the command line)."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._set, topics)

    def _set(self, topics: tuple[str, ...]) -> None:
        for topic in topics:
            parts = self._waiters.get(_whole(topic), {})
            for waited in parts if topic == _whole(topic) else (topic,):
                for event in parts.get(waited, ()):
                    event.set()

    async def wait(self, topic: str, seconds: float | None = None) -> bool:
        """Until someone notifies, or the time has passed. Each task has its own memory of what it has seen."""
        event = self._event(topic)
        try:
            async with asyncio.timeout(
                seconds
            ):  # not `wait_for`: what it awaits may end as it is cancelled, and it goes on
                await event.wait()
        except TimeoutError:
            return False
        event.clear()
        return True

    def _event(self, topic: str) -> asyncio.Event:
        task = asyncio.current_task()
        key = (topic, task)
        if key not in self._mine:
            event = self._mine[key] = asyncio.Event()
            self._waiters.setdefault(_whole(topic), {}).setdefault(topic, set()).add(event)
            if task is not None:
                task.add_done_callback(lambda _: self._forget(key))
        return self._mine[key]

    def _forget(self, key: tuple[str, asyncio.Task[object] | None]) -> None:
        event = self._mine.pop(key, None)
        if event is not None:
            parts = self._waiters[_whole(key[0])]
            parts[key[0]].discard(event)
            if not parts[key[0]]:  # topics may be as many as there are visitors
                del parts[key[0]]


def _whole(topic: str) -> str:
    return topic.partition(" ")[0]
