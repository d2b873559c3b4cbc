"""Running a site: everything started in order, watched while it runs, and stopped in reverse."""

import asyncio
import gc
import os
import shutil
import signal
import sys
import threading
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from ipaddress import ip_address
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from inbox.actions.at_desk import DeskHearing
from inbox.daemon.faces import Faces
from inbox.daemon.house import House
from inbox.daemon.lock import LOCK, Holder, SiteLock
from inbox.daemon.measuring import measuring, reading_token, running
from inbox.daemon.out_of_files import LoopReports
from inbox.daemon.reloading import Reloading
from inbox.daemon.unsound import end_at_once, look_over
from inbox.daemon.works import ELSEWHERE, Work, Works, keep_going
from inbox.daemon.written import texts
from inbox.domain.ids import ChannelName
from inbox.pipeline.restored import come_back
from inbox.ports.probe import Probe, silent
from inbox.runtime import drafts
from inbox.runtime.backtesting import backtesting
from inbox.runtime.caller import WebhookCaller
from inbox.runtime.cards import Cards
from inbox.runtime.clocks import StoreClock
from inbox.runtime.logs import drain, log
from inbox.runtime.measurer import Measurer
from inbox.runtime.meter import Meter
from inbox.runtime.notifying import Notifier
from inbox.runtime.parsers import Parsers
from inbox.runtime.posting import Poster
from inbox.runtime.reporter import Reporter
from inbox.runtime.timers import Timers
from inbox.runtime.toasts import Toasts
from inbox.runtime.wakes import ProcessWake
from inbox.runtime.watchdog import Watchdog
from inbox.settings import Settings
from inbox.settings.secret import read as read_secret
from inbox.site import Site
from inbox.store import leases
from inbox.store.leases import Fence
from inbox.store.watch import watch
from inbox.text.wording import Wording
from inbox.web.accounts.sealed import Seal, seal_all
from inbox.web.app import More, app
from inbox.web.frame import Drafts
from inbox.web.live.crowd import Crowd
from inbox.web.measured import Measured
from inbox.web.ops.backtests import Backtests
from inbox.web.server import Server

if TYPE_CHECKING:
    from inbox.web.accounts.provider import Provider

ROOM = 65_536
"""Bytes without which no mail can be taken."""
AT_ONCE = 130
"""The exit code of a program that was interrupted (128 and the number of SIGINT)."""
STOP = 19.0
"""Seconds after which a stop no longer waits for anybody."""


def _deaf(error: Exception) -> None:
    log("watch").warning("not-listening", why=str(error).strip())


Started = Callable[[], Awaitable[None]]


class Daemon:
    """One running site. `house` stands once `run` has built it. `more`: routes beside those of the house."""

    def __init__(
        self,
        site: Site,
        settings: Settings,
        wording: Wording,
        probe: Probe = silent,
        more: More | None = None,
    ) -> None:
        self._more = more
        self._site = site
        self._settings = settings
        self._wording = wording
        self._probe = probe
        self._wake = ProcessWake()
        self._stop = asyncio.Event()
        self._states: dict[ChannelName, str] = {}
        self._changed = asyncio.Event()
        self._house: House | None = None
        self._parsers: Parsers | None = None
        self._server: Server | None = None
        self._faces: Faces | None = None
        self._crowd: Crowd | None = None
        self._meter: Meter | None = None
        self._reloading: Reloading | None = None
        self._notifier = Notifier.of(os.environ)

    @property
    def house(self) -> House:
        """The rooms."""
        assert self._house is not None, "the house is built by run()"
        return self._house

    @property
    def address(self) -> str:
        """The address that links into the web pages begin with."""
        if self._settings.site.public_url or self._server is None:
            return self._settings.public_url
        return self._here()

    def _here(self) -> str:
        """Where the pages are on this machine; a server that listens everywhere listens here too."""
        assert self._server is not None
        try:
            address = ip_address(self._server.host)
            bound = str(
                ip_address("::1" if address.version == 6 else "127.0.0.1") if address.is_unspecified else address
            )
        except ValueError:
            bound = self._server.host
        host = f"[{bound}]" if ":" in bound else bound
        return f"http://{host}:{self._server.port}"

    def stop(self) -> None:
        """End in order; a second call does not wait."""
        self._stop.set()

    def interrupt(self) -> None:
        """Whoever presses the keys a second time does not want to wait for anything: what is stored is whole at any instant."""
        if self._stop.is_set():
            log("daemon").warning("ended-at-once")
            drain()
            os._exit(AT_ONCE)
        self.stop()

    def hang_up(self) -> None:
        """Read everything again; before the house stands it is being read anyhow."""
        if self._reloading is not None:
            self._notifier.reloading()
            self._reloading.hang_up()

    def ready(self) -> bool:
        """We do our part: there is room for what comes, the database is whole, and every channel was tried. A network that is away is none of
        it: whoever is asked no more because a bot's server is down shows agents no page either."""
        tried = all(self._states.get(name, "starting") != "starting" for name in self._settings.channels)
        whole = self._house is not None and self._house.store.read_only is None
        return whole and tried and shutil.disk_usage(self._site.data).free > ROOM

    async def run(self, started: Started) -> None:
        """Until a signal. `started` is awaited once every channel was tried. Raises what keeps the house from standing."""
        self._wake.attach()
        async with AsyncExitStack() as stack:
            lock = stack.enter_context(SiteLock(self._site.data / LOCK))
            await self._build(stack)
            await self._serve(stack)
            lock.tell(Holder(os.getpid(), self.house.clock.now(), running(), self._here()))
            tasks = self._start(stack)
            self._notifier.ready(self._status())
            gc.collect()
            gc.freeze()  # what stands now stays: no page and no mail need wait until all of it was looked at once more
            stack.push_async_callback(self._end, tasks)
            threading.Thread(target=look_over, args=(self.house.store,), name="look-over", daemon=True).start()
            greeting = asyncio.create_task(self._greet(started))
            stack.push_async_callback(self._end, [greeting])
            stopping = asyncio.create_task(self._stop.wait())
            await asyncio.wait({greeting, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if greeting.done():
                greeting.result()
            await stopping
            self._notifier.stopping()
            log("daemon").info("stopping")
        log("daemon").info("stopped")

    async def _build(self, stack: AsyncExitStack) -> None:
        build = partial(House.build, self._site, self._settings, wake=self._wake, probe=self._probe, unsafe=end_at_once)
        house = self._house = await asyncio.to_thread(build)
        stack.callback(house.close)
        if house.refused:
            revision = house.playbook.rulebook.revision
            log("daemon").error("running-on-last-good", revision=revision, problems=list(house.refused))
        self._parsers = Parsers(house.setup(), self._settings.parsers.processes)
        stack.push_async_callback(self._parsers.close)
        await self._parsers.open()
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(LoopReports())
        loop.add_signal_handler(signal.SIGTERM, self.stop)
        loop.add_signal_handler(signal.SIGINT, self.interrupt)
        loop.add_signal_handler(signal.SIGHUP, self.hang_up)
        if house.store.sqlite:
            await house.store.write(leases.free_all)
        await self._come_back()

    async def _come_back(self) -> None:
        """A site that was restored from a backup first sees to what may have been said already, before anything can be sent."""
        house, wait, held = self.house, self._settings.outbox.unknown_wait, 0
        while found := await house.store.write(come_back, house.playbook, wait, house.clock.now()):
            held += found
        if held:
            log("daemon").warning("restored", things=held)

    async def _serve(self, stack: AsyncExitStack) -> None:
        """The web answers before the channels are tried: whoever asks learns how far we are."""
        house, web = self.house, self._settings.web
        faces = self._faces = Faces(house, self._wake, self._wording)
        crowd = self._crowd = Crowd(house.store, self._wake, house.clock)
        meter = self._meter = measuring(house, crowd)
        await meter.begin()
        backtests = self._backtests()
        stack.push_async_callback(backtests.end)
        secret = self._site.secret()
        await house.store.write(seal_all, Seal(secret))
        pages = app(
            house.store,
            self._wording,
            self._settings.site,
            house.clock,
            ready=self.ready,
            faces=faces.open(),
            playbook=lambda: house.playbook,
            backtests=backtests,
            drafts=Drafts(house.site.templates, drafts.ask),
            blobs=house.blobs,
            provider=self._provider(),
            crowd=crowd,
            secret=secret,
            more=self._more,
            api=self._settings.api,
            webhooks=self._settings.webhooks,
            visits=faces.visits,
            measured=Measured(meter.read, meter.took, reading_token(house)),
        )
        self._server = Server(pages, web.host, web.port)
        await self._server.start()
        stack.push_async_callback(self._server.stop)
        stack.push_async_callback(faces.lookout.end)
        stack.push_async_callback(crowd.end)

    def _provider(self) -> "Provider | None":
        options = self._settings.oidc
        if not options.issuer:
            return None
        from inbox.web.accounts.provider import Provider  # what it takes to read tokens is for sites that have one

        where, secret = "config.toml: oidc.client_secret", options.client_secret
        return Provider(options, "" if secret is None else read_secret(secret, self._site.root, where))

    def _backtests(self) -> Backtests:
        # With -P, what lies in the folder where the daemon was started is no module of ours.
        command = (sys.executable, "-P", "-m", "inbox.daemon.backtest_child", str(self._site.root))
        return Backtests(partial(backtesting, command), lambda: texts(self._site, []), self.house.clock)

    def _start(self, stack: AsyncExitStack) -> list[asyncio.Task[None]]:
        house, wake = self.house, self._wake
        assert self._parsers is not None
        assert self._faces is not None
        assert self._crowd is not None
        assert self._meter is not None

        self._reloading = Reloading(house, wake, self._changed.set, lambda: self._notifier.ready(self._status()))
        works = Works(
            house,
            wake,
            self._wording,
            self._parsers,
            told=self._told,
            handed=self._meter.handed,
            toast=lambda name, toast: toasts[name].tell(toast),
            probe=self._probe,
        )
        toasts = {name: Toasts(name, works.builder(name), self._wording) for name in self._settings.channels}
        unused, kept = timedelta(days=house.settings.blobs.keep_days), self._settings.retention.kept
        timers = Timers(house.store, house.clock, house.blobs, unused, kept)
        timers.start()
        stack.callback(timers.stop)
        mine = works.leases
        measurer = Measurer(house.store, wake, house.clock, ZoneInfo(self._settings.site.zone), works.backlog)
        every: dict[str, Work] = {
            "watchdog": Watchdog(self._meter.late, self._notifier.alive).run,
            "watch": partial(watch, house.store, wake, house.clock, _deaf),
            "lookout": self._faces.lookout.run,
            "crowd": self._crowd.run,
            "reload": self._reloading.run,
            "degrade": self._degrade,
            "webhooks": partial(mine.guard, "webhooks", self._webhooks().run),
            "measurer": partial(mine.guard, "measurer", measurer.run),
            "reporter": partial(mine.guard, "reporter", Reporter(house.store, works.playbook, house.clock).run),
            **works.all(),
            **{f"toasts {name}": toast.run for name, toast in toasts.items()},
        }
        if isinstance(house.clock, StoreClock):
            every["clock"] = house.clock.run
        for name in dict.fromkeys(plan.channel for plan in house.playbook.desks):
            desk = f"desk {name}"
            every[desk] = partial(mine.guard, desk, self._cards(name, works, mine.fence(desk)).run)
        return [asyncio.create_task(keep_going(house, name, work), name=name) for name, work in every.items()]

    def _webhooks(self) -> WebhookCaller:
        options = self._settings.webhooks
        poster = Poster(options.allow, options.seconds)
        return WebhookCaller(self.house.store, poster, self._wake, self.house.clock)

    def _cards(self, name: ChannelName, works: Works, fence: Fence) -> Cards:
        house, wording, heard = self.house, self._wording, DeskHearing.of(self._wording).carried_out
        rooms = (house.store, works.playbook, wording, self._wake, house.clock)
        return Cards(name, works.builder(name), *rooms, heard, self._probe, fence)

    def _told(self, name: ChannelName, state: str) -> None:
        self._states[name] = state
        self._changed.set()
        self._notifier.status(self._status())

    def _status(self) -> str:
        """How many channels are there, in one line."""
        there = sum(state in ("connected", ELSEWHERE) for state in self._states.values())
        facts = {"there": there, "all": len(self._settings.channels), "address": self.address}
        return self._wording.say(self._settings.site.language, "daemon.status", **facts)

    async def _greet(self, started: Started) -> None:
        """Once every channel has connected, or told why not, or is served by another node."""
        while any(self._states.get(name, "starting") == "starting" for name in self._settings.channels):
            self._changed.clear()
            await self._changed.wait()
        await started()

    async def _degrade(self) -> None:
        """What cannot be relied on now is promised nothing on."""
        while True:
            self.house.degrade(frozenset(str(n) for n, s in self._states.items() if s in ("backing-off", "locked-out")))
            self._changed.clear()
            await self._changed.wait()

    async def _end(self, tasks: list[asyncio.Task[None]]) -> None:
        for task in tasks:
            task.cancel()
        _, hanging = await asyncio.wait(tasks, timeout=STOP)
        if hanging:
            log("daemon").error("did-not-stop", tasks=[task.get_name() for task in hanging])
