"""A house to play in: verbs that read as talk, and `settle`, which works off everything that can be worked off now."""

import asyncio
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from channels.memory.adapter import MemoryAdapter
from channels.memory.network import Entry, Network
from inbox.actions.action import Doing, Done, Surface
from inbox.actions.listening import Listening
from inbox.actions.registry import perform
from inbox.daemon.house import House as Rooms
from inbox.domain.arrivals import Toast
from inbox.domain.conversations import Conversation
from inbox.domain.deliveries import Delivery, DeliveryState
from inbox.domain.events import Event
from inbox.domain.ids import ChannelName, ConversationId, NetworkKey
from inbox.domain.messages import Message
from inbox.domain.people import Agent
from inbox.domain.problems import Problem, Unreachable
from inbox.domain.promises import Promise
from inbox.pipeline.playbook import Playbook
from inbox.ports.channel import Channel
from inbox.ports.probe import Probe, silent
from inbox.runtime.backlog import Backlog
from inbox.runtime.collector import Collector
from inbox.runtime.intake import Intake
from inbox.runtime.parsers import Parsed, Parsers, Wanted
from inbox.runtime.receiver import Receiver
from inbox.runtime.sender import Retry, Sender
from inbox.runtime.sweeper import Sweeper
from inbox.runtime.wakes import ProcessWake
from inbox.settings import load
from inbox.site import Site, catalogues
from inbox.sla.board import Board, judged, replay
from inbox.sla.clocks import ClockState
from inbox.sla.facts import facts_of
from inbox.store import (
    arrivals,
    channels,
    clocks,
    conversations,
    deliveries,
    events,
    invariants,
    messages,
    people,
    promises,
)
from inbox.store import tables as t
from inbox.store.store import Store
from inbox.store.unit import Unit
from inbox.testing import FakeClock
from inbox.text.wording import load as load_wording
from tests.rig.wait import until_async

Told = TypeVar("Told")
SUPPORT = ChannelName("support")
UNKNOWN_WAIT = timedelta(minutes=15)
KINDS = ("memory", "chat", "pages")
"""Kinds of network, all of them played by the same adapter: an address on one kind is another than the same on the next."""
ROUNDS = 50
"""More turns than any scenario takes until all is quiet."""


class Here(Parsers):
    """Parses in this process: what children add is tested with them."""

    def __init__(self, rooms: Rooms) -> None:
        self._codecs = {name: speaker.codec for name, speaker in rooms.playbook.channels.items()}

    async def parse(self, raws: Sequence[Wanted]) -> list[Parsed]:
        return [self._one(*raw) for raw in raws]

    def _one(self, name: ChannelName, raw: Any) -> Parsed:
        try:
            return tuple(self._codecs[name].parse(raw))
        except Problem as unreadable:
            return unreadable  # type: ignore[return-value]  # a codec raises nothing but Unreadable


@dataclass
class House:
    """One site, running by hand. Every channel is played in memory, on one network."""

    folder: Path
    clock: FakeClock = field(default_factory=FakeClock)
    network: Network = field(default_factory=Network)
    wake: ProcessWake = field(default_factory=ProcessWake)
    hours_changed: bool = False
    """What has stopped by then was judged by other hours than those of the end."""
    robbed: bool = False
    """Bytes were taken from its disk: they are missing at the end as well."""

    def __post_init__(self) -> None:
        self.site = Site(self.folder)
        memory = MemoryAdapter(lambda _: self.network)
        settings = load(self.site, dict.fromkeys(KINDS, memory))
        self.wake.attach()
        self.rooms = Rooms.build(self.site, settings, wake=self.wake, clock=self.clock)
        self.store: Store = self.rooms.store
        backlog = Backlog()
        self.toasts: list[Toast] = []
        self.receiver = Receiver(
            self.store,
            self.rooms.blobs,
            Here(self.rooms),
            self.playbook,
            self.wake,
            self.clock,
            backlog,
            Listening.of(load_wording(catalogues())),
            toast=lambda _, toast: self.toasts.append(toast),
        )
        self.sweeper = Sweeper(self.store, self.playbook, UNKNOWN_WAIT, self.clock)
        self.intake = Intake(self.store, self.rooms.blobs, self.clock)
        self.collectors = {name: self._collector(name) for name in settings.channels}
        self.senders = {name: self._sender(name, backlog) for name in settings.channels}

    def _sender(self, name: ChannelName, backlog: Backlog) -> Sender:
        retry = Retry(timedelta(minutes=1), timedelta(hours=2), timedelta(days=5))
        channel, rooms = self._channel(name), self.rooms
        return Sender(name, channel, rooms.owner, self.store, self.playbook, retry, self.wake, self.clock, backlog)

    def _collector(self, name: ChannelName) -> Collector:
        retry = Retry(timedelta(minutes=1), timedelta(hours=2), timedelta(days=5))
        build, blobs = partial(self._channel, name), self.rooms.blobs
        return Collector(name, build, self.store, blobs, retry, self.wake, self.clock)

    def _channel(self, name: ChannelName, probe: Probe = silent) -> Channel:
        settings = self.rooms.settings.channels[name]
        place = settings.place(self.site.root, self.site.data, self.site.secret())
        return settings.adapter.channel(place, settings.options, self.clock, probe)

    def playbook(self) -> Playbook:
        """What is configured now."""
        return self.rooms.playbook

    def close(self) -> None:
        """End what is open."""
        self.rooms.close()

    # -- who speaks ----------------------------------------------------------------------------------------------------
    def customer(self, address: str, name: str = "") -> "Customer":
        """Someone who writes to us."""
        return Customer(self, address, name)

    def agent(self, handle: str) -> "Colleague":
        """One of us."""
        return Colleague(self, handle)

    # -- time and work -------------------------------------------------------------------------------------------------
    async def settle(self) -> None:
        """Fetch, receive, send and sweep until there is nothing left to do at this instant."""
        for _ in range(ROUNDS):
            before = self._mark()
            for name in self.rooms.settings.channels:
                await self._fetch(name)
            await self.receiver.settle()
            for sender in self.senders.values():
                while await sender.settle():
                    pass
            for collector in self.collectors.values():
                while await collector.settle():
                    pass
            await self.sweeper.settle()
            if self._mark() == before:
                return
        raise AssertionError("the house does not come to rest")

    async def later(self, **units: float) -> None:
        """Let time pass, and do what has become due meanwhile."""
        self.clock.advance(timedelta(**units))
        await self.settle()

    async def at(self, instant: datetime) -> None:
        """Let time pass until an instant."""
        self.clock.advance(instant - self.clock.now())
        await self.settle()

    def _mark(self) -> tuple[object, ...]:
        """What changes as long as something happens."""
        counts = self.store.read_now(_counts)
        return (len(self.network.ledger), *counts)

    async def _fetch(self, name: ChannelName) -> None:
        """Take in whatever lies in the channel's mailbox, by way of a new connection."""
        settings = self.rooms.settings.channels[name]
        if settings.kind not in KINDS:
            return  # a network of its own, which whoever opened it takes from
        address = settings.addresses[0]
        if self._taken(name, address) or (
            not self.network.mailbox(address).last and settings.options.first_sync != "new"
        ):
            return
        channel = self._channel(name)
        await channel.open()
        following = asyncio.create_task(self.intake.follow(name, channel))
        try:
            await until_async(lambda: following.done() or self._taken(name, address), every=0.001)
        finally:
            await channel.close()
            with suppress(Unreachable):
                await following

    def _taken(self, name: ChannelName, address: str) -> bool:
        """Whether everything is fetched, stored and confirmed."""
        cursor = self.store.read_now(channels.cursor, name)
        mine = [(e.what, e.key) for e in self.network.ledger if e.address == address]
        open_ = {key for what, key in mine if what == "fetched"} - {key for what, key in mine if what == "confirmed"}
        return (
            cursor is not None and not open_ and int(json.loads(cursor)["last"]) >= self.network.mailbox(address).last
        )

    # -- what has become of it -----------------------------------------------------------------------------------------
    def mails_to(self, address: str) -> list[dict[str, Any]]:
        """What an address has received from us, oldest first."""
        return [entry.said for entry in self.network.received(address)]

    def conversations(self) -> list[Conversation]:
        """All of them, oldest first."""
        return everything(self.store)

    def only(self) -> Conversation:
        """The one conversation that there is."""
        (found,) = self.conversations()
        return found

    def log(self, matter: Conversation) -> list[Event]:
        """Its events."""
        return self.store.read_now(events.of, matter.id)

    def told(self, matter: Conversation, kind: type[Told]) -> list[Told]:
        """Its facts of one kind."""
        return [e.payload for e in self.log(matter) if isinstance(e.payload, kind)]

    def said(self, matter: Conversation) -> list[Message]:
        """Its messages."""
        return self.store.read_now(messages.of, matter.id)

    def clocks(self, matter: Conversation) -> dict[str, ClockState]:
        """Its clocks by `metric` or, from the second cycle on, `metric cycle`."""
        states = self.store.read_now(clocks.of, matter.id)
        return {s.metric.value if s.cycle == 1 else f"{s.metric.value} {s.cycle}": s for s in states}

    def promises(self, matter: Conversation) -> list[Promise]:
        """What was promised in it."""
        return self.store.read_now(promises.of, matter.id)

    def deliveries(self, purpose: str = "") -> list[Delivery]:
        """All deliveries, or those of one purpose."""

        def work(unit: Unit) -> list[Delivery]:
            ids = [row[0] for row in unit.execute(t.delivery.select().order_by("id"))]
            return [d for id in ids if (d := deliveries.one(unit, id)) and purpose in ("", d.purpose)]

        return self.store.read_now(work)

    def verdicts(self) -> list[str]:
        """The verdict of each arrival, with its reason where it has one."""
        rows = self.store.read_now(lambda u: list(u.execute(t.arrival.select().order_by("id"))))
        return [f"{row.verdict} {row.reason}".strip() for row in rows]

    # -- what always holds ---------------------------------------------------------------------------------------------
    def check(self) -> None:
        """The rows are what the events come to, and nothing hangs in the air."""
        there = (lambda _: True) if self.robbed else self.rooms.blobs.holds
        sound(self.store, self.rooms, self.clock.now(), there, hours_changed=self.hours_changed)


def sound(store: Store, rooms: Rooms, now: datetime, there: invariants.There, *, hours_changed: bool = False) -> None:
    """What always holds of a store at rest. Raises AssertionError. `there`: whether bytes are kept; `hours_changed`: what has stopped was judged by other hours."""
    for matter in everything(store):
        assert store.read_now(events.projected, matter.id) == matter
        log = store.read_now(events.of, matter.id)
        assert [e.version for e in log] == list(range(1, len(log) + 1))
        board = replay(list(facts_of(log)), rooms.playbook.terms, now)
        stored = store.read_now(clocks.of, matter.id)
        assert stored == (judged(Board(states=stored), board) if hours_changed else board).states
    assert store.read_now(_in_hand) == []
    held = store.read_now(invariants.invariants, there, now)
    assert [one for one in held if one.broken] == []


def everything(store: Store) -> list[Conversation]:
    """All conversations, oldest first."""
    ids = store.read_now(lambda u: [row[0] for row in u.execute(t.conversation.select().order_by("id"))])
    return [store.read_now(conversations.peek, ConversationId(id)) for id in ids]


def _in_hand(unit: Unit) -> list[str]:
    return [row.key for row in unit.execute(t.delivery.select()) if row.state == DeliveryState.SENDING]


def _counts(unit: Unit) -> tuple[object, ...]:
    def count(table: Any) -> object:
        return len(list(unit.execute(table.select())))

    return count(t.arrival), count(t.event), arrivals.verdicts(unit), tuple(_states(unit))


def _states(unit: Unit) -> list[object]:
    return [(row.id, row.state, row.epoch) for row in unit.execute(t.delivery.select().order_by("id"))]


@dataclass(frozen=True)
class Customer:
    """Someone outside."""

    house: House
    address: str
    name: str

    async def writes(self, text: str, *, to: str = "support@acme", **more: object) -> NetworkKey:
        """A message, received and worked off. `more`: any field of a happening."""
        key = self.house.network.write(self.address, to, text, name=self.name, **{"language": "en", **more})
        await self.house.settle()
        return key

    async def answers(self, text: str, mail: int = -1, **more: object) -> NetworkKey:
        """Answers a mail of ours (the latest) the way a mail program does; `tokens=[]`: to an address without our token."""
        entry: Entry = self.house.network.received(self.address)[mail]
        key = self.house.network.answer(entry, text, **{"language": "en", **more})
        await self.house.settle()
        return key

    @property
    def mails(self) -> list[dict[str, Any]]:
        """What they have received from us."""
        return self.house.mails_to(self.address)


@dataclass(frozen=True)
class Colleague:
    """One of us, by the API, where no answer waits to be taken back; or elsewhere."""

    house: House
    handle: str
    via: Surface = Surface.API

    async def replies(self, matter: Conversation, text: str, *, once: str = "", **more: object) -> Done:
        """An answer to the customer, sent if it can be."""
        done = self.acts(matter, "reply", once=once, text=text, **more)
        await self.house.settle()
        return done

    async def does(self, matter: Conversation, action: str, **arguments: object) -> Done:
        """Any other action."""
        done = self.acts(matter, action, once="", **arguments)
        await self.house.settle()
        return done

    def acts(self, matter: Conversation, action: str, *, once: str = "", **arguments: object) -> Done:
        """The action alone: nothing is worked off yet."""
        rooms = self.house.rooms
        doing = Doing(self.who, matter.id, self.via, rooms.playbook, self.house.clock.now())
        act: Callable[[Unit], Done] = partial(perform, name=action, arguments=arguments, doing=doing, once=once)
        return self.house.store.write_now(act)

    @property
    def who(self) -> Agent:
        """The agent."""
        found = self.house.store.read_now(people.roster).agent(self.handle)
        assert found is not None
        return found
