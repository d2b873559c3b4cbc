"""Counts of how often strangers ask: in memory where one process answers them, in rows where several nodes do."""

from limits.aio.storage import MemoryStorage, Storage

from inbox.domain.problems import Problem
from inbox.ports.clock import Clock
from inbox.store import paces
from inbox.store.store import Store


class StoredCounts(Storage):
    """Implements `limits.aio.storage.Storage` by rows. `name`: apart from those that others count. Raises what the store raises."""

    STORAGE_SCHEME = None

    def __init__(self, store: Store, clock: Clock, name: str) -> None:
        super().__init__()
        self._store = store
        self._clock = clock
        self._name = name

    @property
    def base_exceptions(self) -> type[Exception]:
        """What may go wrong."""
        return Problem

    async def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """So many more; the count of the window."""
        return await self._store.write(paces.hit, self._key(key), expiry, amount, self._clock.now())

    async def get(self, key: str) -> int:
        """The count of the window."""
        return (await self._store.read(paces.standing, self._key(key), self._clock.now()))[0]

    async def get_expiry(self, key: str) -> float:
        """When the window ends, in seconds since 1970."""
        return (await self._store.read(paces.standing, self._key(key), self._clock.now()))[1].timestamp()

    async def check(self) -> bool:
        """Whether counting is possible."""
        return await self.get("") == 0

    async def reset(self) -> int | None:
        """All windows begin anew."""
        return await self._store.write(paces.forget)

    async def clear(self, key: str) -> None:
        """One window begins anew."""
        await self._store.write(paces.forget, self._key(key))

    def _key(self, key: str) -> str:
        return f"{self._name} {key}"


def counts(store: Store, clock: Clock, name: str) -> Storage:
    """Where what `name` counts is counted on this site."""
    return MemoryStorage() if store.sqlite else StoredCounts(store, clock, name)
