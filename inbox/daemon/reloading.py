"""Reloading: when rules, hours, policies and templates are read again, and how it is told what came of that."""

import asyncio
from collections.abc import Callable

from inbox.daemon import written
from inbox.daemon.house import House
from inbox.ports.wake import SETTINGS, Wake
from inbox.runtime.files import follow
from inbox.runtime.logs import log
from inbox.store import live, people
from inbox.store.unit import Unit

AT_LEAST = 60.0
"""Seconds after which whoever waits for settings looks without being woken."""


class Reloading:
    """On a HUP signal, on command, when files change, and when people do, for rules name them. `adopted` is called after
    a reload that took over; a refused one leaves everything as it was. `answered` is called when what a signal asked for is done."""

    def __init__(
        self, house: House, wake: Wake, adopted: Callable[[], None], answered: Callable[[], None] = lambda: None
    ) -> None:
        self._house = house
        self._wake = wake
        self._adopted = adopted
        self._answered = answered
        self._config = written.digest([house.site.config])
        self._why: asyncio.Queue[str] = asyncio.Queue()

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._settings())
            group.create_task(self._files())
            while True:
                why = await self._why.get()
                try:
                    await self._read_again(why)
                finally:
                    if why == "signal":
                        self._answered()

    def hang_up(self) -> None:
        """A HUP signal came. None is lost, however early."""
        self._why.put_nowait("signal")

    async def _settings(self) -> None:
        await self._wake.wait(SETTINGS, 0)  # from here on no wake-up is missed
        known, _ = await self._house.store.read(_numbers)
        heard = (await self._house.store.read(live.state)).answered  # somebody may have asked while nobody ran
        while True:
            generation, asked = await self._house.store.read(_numbers)
            if asked != heard:
                self._why.put_nowait("command")
            elif generation != known:
                self._why.put_nowait("people")
            known, heard = generation, asked
            await self._wake.wait(SETTINGS, AT_LEAST)

    async def _files(self) -> None:
        """Where files cannot be watched, one looks at them now and then."""
        changed, site = asyncio.Event(), self._house.site
        while True:
            changed.set()
            following = asyncio.create_task(follow(site.root, (site.config.name,), written.FOLDERS, changed.set))
            try:
                await self._while(following, changed)
            except OSError as error:
                log("daemon").warning("cannot-watch-files", why=str(error), looks_every_s=AT_LEAST)
            finally:
                following.cancel()
            await self._compare()
            await self._house.clock.sleep(AT_LEAST)

    async def _while(self, following: asyncio.Task[None], changed: asyncio.Event) -> None:
        """Compare after every change; raises what ends the watching."""
        while True:
            waiting = asyncio.create_task(changed.wait())
            try:
                await asyncio.wait({following, waiting}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                waiting.cancel()
            if following.done():
                _unpacked(following)
            changed.clear()
            await self._compare()

    async def _compare(self) -> None:
        site = self._house.site
        if await asyncio.to_thread(written.fingerprint, site) != self._house.read:
            self._why.put_nowait("files")
        needed = await asyncio.to_thread(written.digest, [site.config]) != self._config
        if needed != (await self._house.store.read(live.state)).restart:
            await self._house.store.write(live.wants_restart, needed)
            if needed:
                log("daemon").warning("config-changed", then="restart")

    async def _read_again(self, how: str) -> None:
        store = self._house.store
        asked = (await store.read(live.state)).asked
        problems = await asyncio.to_thread(self._house.reload, how)
        if problems:
            log("daemon").error("reload-refused", how=how, problems=list(problems))
        else:
            self._adopted()
            book = self._house.playbook
            log("daemon").info("reloaded", how=how, generation=book.generation, revision=book.rulebook.revision)
        await store.write(live.answer, asked)


def _numbers(unit: Unit) -> tuple[int, int]:
    return people.roster(unit).generation, live.state(unit).asked


def _unpacked(ended: asyncio.Task[None]) -> None:
    """Raise what ended it; of a group of errors the first that tells why files cannot be watched."""
    try:
        ended.result()
    except* OSError as errors:
        raise OSError(str(errors.exceptions[0])) from errors
