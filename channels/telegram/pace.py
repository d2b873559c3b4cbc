"""How fast a bot may speak: networks count what goes to one chat, to one group, and to all of them together."""

from collections import deque
from collections.abc import Callable, Sequence
from time import monotonic

from channels.telegram.dialect import Dialect

MINUTE = 60.0


class Pace:
    """Counts what one connection says; only one sends for a bot. Instants are seconds of a clock that nobody sets."""

    def __init__(self, dialect: Dialect, clock: Callable[[], float] = monotonic) -> None:
        self._dialect = dialect
        self._clock = clock
        self._lately: deque[float] = deque(maxlen=dialect.per_second or 1)
        self._groups: dict[str, deque[float]] = {}

    def turn(self) -> float:
        """Seconds to wait before anything more is said to anybody; whoever asks has taken that turn."""
        now = self._clock()
        full = self._dialect.per_second and len(self._lately) == self._dialect.per_second
        at = max(now, self._lately[0] + 1.0) if full else now
        self._lately.append(at)
        return at - now

    def rest(self, chat: str) -> float:
        """Seconds for which a chat is told nothing more, now that it was told something."""
        return self._told(chat, self._clock())

    def recollect(self, said: Sequence[tuple[str, float]]) -> dict[str, float]:
        """Count what another connection has said, the chat and how many seconds ago, the oldest first; what rests are left of it."""
        now, rests = self._clock(), {}
        for chat, ago in said:
            self._lately.append(now - ago)
            rests[chat] = self._told(chat, now - ago) - ago
        return {chat: rest for chat, rest in rests.items() if rest > 0}

    def _told(self, chat: str, at: float) -> float:
        most = self._dialect.group_per_minute
        if not chat.startswith("-") or not most:
            return self._dialect.pause
        told = self._groups.setdefault(chat, deque(maxlen=most))
        told.append(at)
        full = told[0] + MINUTE - at if len(told) == most else 0.0
        return max(self._dialect.pause, full)
