"""The stage: the real house driven by hand, from one instant of the demo's past to the next. No real time passes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

from inbox.actions.action import Doing, Surface
from inbox.actions.listening import Listening
from inbox.actions.registry import perform
from inbox.daemon.house import House
from inbox.demo.clock import Course
from inbox.demo.network import Networks
from inbox.domain.arrivals import Item
from inbox.domain.entropy import Entropy
from inbox.domain.ids import ChannelName, ConversationId
from inbox.domain.people import Agent
from inbox.domain.problems import Unreadable
from inbox.pipeline.overdue import next_instant
from inbox.pipeline.playbook import Playbook
from inbox.ports.channel import Batch, Cursor
from inbox.ports.probe import silent
from inbox.runtime.backlog import Backlog
from inbox.runtime.intake import Intake
from inbox.runtime.parsers import Parsed, Parsers, Wanted
from inbox.runtime.receiver import Receiver
from inbox.runtime.sender import Retry, Sender
from inbox.runtime.sweeper import Sweeper
from inbox.runtime.wakes import ProcessWake
from inbox.settings import Settings
from inbox.site import Site, catalogues
from inbox.store import deliveries, people
from inbox.text.wording import load

TICK = timedelta(milliseconds=1)


class Here(Parsers):
    """Reads in this process: what is read here nobody else has written."""

    def __init__(self, house: House) -> None:
        self._codecs = {name: speaker.codec for name, speaker in house.playbook.channels.items()}

    async def parse(self, raws: Sequence[Wanted]) -> list[Parsed]:
        """As it says there."""
        return [self._one(name, raw) for name, raw in raws]

    def _one(self, name: ChannelName, raw: Any) -> Parsed:
        try:
            return tuple(self._codecs[name].parse(raw))
        except Unreadable as unreadable:
            return unreadable


class Stage:
    """One house on a clock of its own, without chance: the same script gives the same references. `close` it before the daemon
    opens the same site."""

    def __init__(self, site: Site, settings: Settings, networks: Networks, start: datetime) -> None:
        self.clock, self.networks = Course(start), networks
        wake = ProcessWake()
        wake.attach()
        numbers = count()
        self.house = House.build(
            site, settings, wake=wake, clock=self.clock, chance=lambda: Entropy(b"demo %d" % next(numbers))
        )
        store, backlog = self.house.store, Backlog()
        outbox = settings.outbox
        retry = Retry(outbox.retry_first, outbox.retry_last, outbox.give_up_after)
        hear = Listening.of(load(catalogues()))
        self._receiver = Receiver(store, self.house.blobs, Here(self.house), self.book, wake, self.clock, backlog, hear)
        self._sweeper = Sweeper(store, self.book, outbox.unknown_wait, self.clock)
        self._intake = Intake(store, self.house.blobs, self.clock)
        self._senders = {
            name: Sender(
                name,
                one.adapter.channel(one.place(site.root, site.data, site.secret()), one.options, self.clock, silent),
                self.house.owner,
                store,
                self.book,
                retry,
                wake,
                self.clock,
                backlog,
            )
            for name, one in settings.channels.items()
        }

    def book(self) -> Playbook:
        """What is configured."""
        return self.house.playbook

    def close(self) -> None:
        """End what is open."""
        self.house.close()

    async def to(self, at: datetime) -> None:
        """On to an instant; what falls due before does so at its own."""
        while (due := self._next()) is not None and due + TICK < at:
            self.clock.to(due + TICK)
            await self._sweeper.settle()
            await self._send()
        self.clock.to(at)
        await self._send()

    async def looks(self) -> None:
        """What needs no instant of its own, only somebody who looks, such as surveys."""
        await self._sweeper.settle()
        await self._send()

    def _next(self) -> datetime | None:
        """When time itself brings something about, or something may go out."""
        now, read = self.clock.now(), self.house.store.read_now
        found = [read(next_instant), *(read(deliveries.next_due, name, now) for name in self._senders)]
        return min((one for one in found if one is not None), default=None)

    async def arrives(self, name: ChannelName) -> None:
        """The newest raw of a channel's mailbox comes in as it would from the network."""
        box = self.networks.of(name).mailbox(self.house.settings.channels[name].addresses[0])
        item = Item(str(box.last), box.raws.pop(box.last))
        await self._intake.land(name, Batch((item,), Cursor(f'{{"last": {box.last}}}')))
        await self._receiver.settle()
        await self._send()

    async def acts(self, agent: Agent, matter: ConversationId, action: str, arguments: dict[str, object]) -> None:
        """An agent does something at the web pages."""
        doing = Doing(agent, matter, Surface.WEB, self.book(), self.clock.now())
        self.house.store.write_now(partial(perform, name=action, arguments=arguments, doing=doing, once=""))
        await self._send()

    def agent(self, handle: str) -> Agent:
        """One of us. Raises KeyError."""
        found = self.house.store.read_now(people.roster).agent(handle)
        if found is None:
            raise KeyError(handle)
        return found

    async def _send(self) -> None:
        """All that may go out at this instant; who has nothing to send is not asked to look."""
        now, read = self.clock.now(), self.house.store.read_now
        for name, sender in self._senders.items():
            while (due := read(deliveries.next_due, name, now)) is not None and due <= now:
                if not await sender.settle():
                    break
