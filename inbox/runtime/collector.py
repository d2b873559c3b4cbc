"""The collector of one channel: fetches the files that only its network has, over a connection that lasts while there are any."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from inbox.blobs import Blobs
from inbox.domain.arrivals import Raw, Spooled
from inbox.domain.ids import ChannelName
from inbox.domain.problems import Credentials, Permanent, Problem, Temporary, Unreachable
from inbox.pipeline.outcome import stored
from inbox.ports.channel import Channel
from inbox.ports.clock import Clock
from inbox.ports.probe import Probe, silent
from inbox.ports.wake import FILES, Wake
from inbox.runtime.logs import log
from inbox.runtime.sender import LOCKED_OUT, Retry
from inbox.store import collecting
from inbox.store.collecting import Wanted
from inbox.store.store import Store

LARGEST = 50_000_000
"""Bytes of a file beyond which it stays where it is."""
TRIES = 30
"""So often a file is tried, a little more than a day; then it counts as gone."""
AT_ONCE = 20
LOOK = 30.0
"""Seconds after which it looks again though nobody woke it."""


class Collector:
    """What it does is told in rows: killed at any point, it begins again with what is still wanted."""

    def __init__(
        self,
        name: ChannelName,
        build: Callable[[], Channel],
        store: Store,
        blobs: Blobs,
        retry: Retry,
        wake: Wake,
        clock: Clock,
        probe: Probe = silent,
    ) -> None:
        self._name = name
        self._build = build
        self._store = store
        self._blobs = blobs
        self._retry = retry
        self._wake = wake
        self._clock = clock
        self._probe = probe
        self._channel: Channel | None = None
        self._held: datetime | None = None
        self._failures = 0

    async def run(self) -> None:
        """Until cancelled. Its trouble is told of, and neither the way in nor the way out has part in it."""
        await self._wake.wait(FILES, 0)  # from here on no wake-up is missed
        try:
            while True:
                try:
                    busy = bool(await self.settle())
                except Exception as error:
                    log("collect").error("broke", channel=self._name, exc_info=error)
                    busy = False
                    await self._clock.sleep(LOOK)
                if not busy:
                    await self._let_go()
                    await self._wake.wait(FILES, await self._pause())
        finally:
            await self._let_go()

    async def settle(self) -> int:
        """Fetch what is due; how many files were tried."""
        now, tried = self._clock.now(), 0
        if self._holds(now):
            return 0
        for file in await self._store.read(collecting.due, self._name, now, AT_ONCE):
            await self._one(file)
            tried += 1
            if self._holds(now):
                break
        return tried

    def _holds(self, now: datetime) -> bool:
        """Whether the account is in trouble, and left alone until later."""
        return self._held is not None and now < self._held

    async def _pause(self) -> float:
        try:
            due = await self._store.read(collecting.next_due, self._name)
        except Temporary:
            return LOOK
        if due is None:
            return LOOK
        due = max(due, self._held or due)
        return min(LOOK, max(0.02, (due - self._clock.now()).total_seconds()))

    async def _one(self, file: Wanted) -> None:
        try:
            if file.size > LARGEST:
                raise Permanent("file.too_large", size=file.size, limit=LARGEST)
            await self._keep(file, await self._fetched(file))
        except Permanent as proven:
            await self._gone(file, proven)
        except Exception as error:
            await self._later(file, error)
        else:
            self._failures = 0

    async def _fetched(self, file: Wanted) -> Raw:
        if self._channel is None:
            self._channel = self._build()
            await self._channel.open()
        self._probe("collect.opened")
        return await self._channel.collect(file.remote)

    async def _keep(self, file: Wanted, raw: Raw) -> None:
        """Durable as a blob before the row says so."""
        size = raw.size if isinstance(raw, Spooled) else len(raw)
        try:
            if size > LARGEST:
                raise Permanent("file.too_large", size=size, limit=LARGEST)
            digest = await asyncio.to_thread(self._blobs.put, raw)
        except OSError as error:
            raise Temporary("store.disk_full", detail=error.strerror or type(error).__name__) from error
        finally:
            if isinstance(raw, Spooled):
                await asyncio.to_thread(raw.path.unlink, missing_ok=True)
        self._probe("collect.blob_stored")
        await self._store.write(collecting.here, file.id, digest, size, self._clock.now())
        self._probe("collect.here")
        log("collect").info("here", channel=self._name, attachment=file.id, size=size)

    async def _gone(self, file: Wanted, why: Problem) -> None:
        await self._store.write(collecting.gone, file.id, stored(why))
        log("collect").warning("gone", channel=self._name, attachment=file.id, why=why)

    async def _later(self, file: Wanted, error: Exception) -> None:
        """What is wrong with the account concerns all its files: one try tells as much as a hundred."""
        why = error if isinstance(error, Problem) else Problem("file.broke", error=type(error).__name__)
        unexpected = None if isinstance(error, Problem) else error
        log("collect").warning("later", channel=self._name, attachment=file.id, why=why, exc_info=unexpected)
        now = self._clock.now()
        if isinstance(error, Unreachable | Credentials):
            self._failures += 1
            await self._let_go()
            self._held = now + (LOCKED_OUT if isinstance(error, Credentials) else self._retry.after(self._failures))
        elif file.tries + 1 >= TRIES:
            await self._gone(file, why)
            return
        again = max(now + self._retry.after(file.tries + 1), self._held or now)
        await self._store.write(collecting.later, file.id, again, stored(why))

    async def _let_go(self) -> None:
        channel, self._channel = self._channel, None
        if channel is not None:
            try:
                await channel.close()
            except Exception as error:
                log("collect").warning("close-failed", channel=self._name, exc_info=error)
