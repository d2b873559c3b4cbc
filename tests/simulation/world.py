"""A week in the life of a site: bursts of work with faults in them, and between the bursts only what falls due."""

import asyncio
import gc
import hashlib
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from channels.memory.network import Network
from inbox.actions.action import Doing, Surface
from inbox.actions.registry import perform
from inbox.domain.ids import AgentId, ConversationId
from inbox.domain.people import Agent, Shift
from inbox.domain.problems import Problem, Temporary
from inbox.pipeline.overdue import next_instant
from inbox.site import catalogues
from inbox.store import deliveries, fragments, people
from inbox.store import tables as t
from inbox.store.store import Store
from inbox.store.unit import Unit
from inbox.text.wording import load as load_wording
from tests.simulation.checker import breaches, restless
from tests.simulation.loop import VirtualLoop
from tests.simulation.node import START, Node
from tests.simulation.people import CHANNELS, CHAT, SUPPORT, Act, Crowd, act

CONFIG = """\
[site]
name = "Acme"
language = "en"
zone = "Asia/Tehran"

[store]
url = "sqlite:///inbox.db"

[outbox]
retry_first = "10 seconds"
retry_last = "5 minutes"

[channel.support]
kind = "memory"
address = "support@acme"

[channel.desk]
kind = "chat"
address = "desk@chat"
subject = false
certain_sender = true
resend_safe = false
text_limit = 200
"""
DAYS = 7
BURSTS = 7
LONG = 90.0
"""Seconds of a burst."""
AWAKE = 6.0
"""Seconds that the house is given at an instant at which something falls due."""
PATIENT = timedelta(hours=6)
"""So long after the last fault everything that was begun is over."""
AGENTS = ("sara", "reza")


def site(folder: Path, migrated: Path) -> None:
    """The files of a site, and its database with two agents."""
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    shutil.copy(migrated, folder / "inbox.db")
    store = Store("sqlite:///inbox.db", folder)
    store.write_now(_everyone)
    store.close()


def _everyone(unit: Unit) -> None:
    ids = [
        people.put_agent(unit, Agent(AgentId(0), handle, handle.title(), f"{handle}@acme", lead=handle == "sara"))
        for handle in AGENTS
    ]
    people.put_team(unit, "support", "Support", ids)
    people.put_shift(unit, Shift(ids[0], 0, time(9), time(17), "Asia/Tehran"))


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a seed. `digest`: of all that happened, when and in which order; equal where the same was played."""

    seed: int
    digest: str
    breaches: tuple[str, ...]
    story: tuple[str, ...]
    counts: dict[str, int]


@dataclass
class World:
    """The site, its nodes, and everything around them."""

    seed: int
    folder: Path
    loop: VirtualLoop
    network: Network = field(default_factory=Network)
    nodes: list[Node] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    story: list[str] = field(default_factory=list)
    started: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(f"world {self.seed}")
        self.crowd = Crowd(self.network, random.Random(f"crowd {self.seed}"), self.loop)
        self.wording = load_wording(catalogues())
        self.store = Store("sqlite:///inbox.db", self.folder)
        self.size = self.chance.choice((1, 1, 2))
        self.doing: set[asyncio.Task[None]] = set()

    # -- time ----------------------------------------------------------------------------------------------------------
    @property
    def now(self) -> datetime:
        """Where the week is."""
        return START + timedelta(seconds=self.loop.time())

    def tell(self, what: str) -> None:
        """One more line of the story."""
        self.story.append(f"{self.loop.time():12.3f} {what}")

    async def rest_until(self, end: datetime) -> None:
        """Only what falls due is played: in between nobody has anything to do."""
        idle = 0
        while self.now < end:
            due = min(self.store.read_now(self._due) or end, end)
            ahead = (due - self.now).total_seconds()
            idle = idle + 1 if ahead <= 0 else 0
            if ahead > AWAKE:
                self.loop.leap(ahead - 1.0)
            elif idle > 3:
                self.loop.leap(min(60.0 * 2 ** (idle - 4), 3_600.0))  # what cannot be done now, is tried again later
            await asyncio.sleep(AWAKE)
            self.crowd.machines_answer()

    def _due(self, unit: Unit) -> datetime | None:
        known = [next_instant(unit), fragments.next_due(unit, self.now)]
        known += [deliveries.next_due(unit, name, self.now, ()) for name in CHANNELS]
        return min((one for one in known if one is not None), default=None)

    # -- nodes ---------------------------------------------------------------------------------------------------------
    def start(self) -> None:
        """As many nodes as there should be."""
        while len(self.nodes) < self.size:
            self.started += 1
            name, chance = f"node {self.started}", random.Random(f"node {self.seed} {self.started}")
            node = Node(name, self.folder, self.network, self.wording, self.loop, chance, self._others)
            self.nodes.append(node)
            _KEPT.append(node)
            self.tell(f"{name} starts")

    def _others(self, node: Node) -> list[Node]:
        return [one for one in self.nodes if one is not node and not one.process.ended]

    def bury(self) -> None:
        """Those that came to their end by themselves, too."""
        for node in [node for node in self.nodes if node.process.ended]:
            self.nodes.remove(node)
            self.tell(f"{node.name} is gone, after {node.passed} points")

    # -- a burst -------------------------------------------------------------------------------------------------------
    async def burst(self) -> None:
        """A minute and a half in which people write and answer, and things break."""
        faults = self.chance.choices(FAULTS, k=self.chance.randrange(0, 5))
        some, several = self.chance.randrange(1, 12), self.chance.randrange(0, 8)
        planned: list[Callable[[], Any]] = [*[self.crowd.somebody_writes] * some, *[self.somebody_acts] * several]
        planned += [partial(fault, self) for fault in faults]
        plan = [(self.chance.uniform(0, LONG), what) for what in planned]
        began = self.loop.time()
        for at, what in sorted(plan, key=lambda one: one[0]):
            await asyncio.sleep(max(0.0, began + at - self.loop.time()))
            what()
            self.bury()
            self.crowd.machines_answer()
        await asyncio.sleep(self.chance.uniform(0, 20))

    def later(self, seconds: float, what: Callable[[], None]) -> None:
        """Undo a fault after a while."""
        self.loop.call_later(seconds, what)

    def somebody_acts(self) -> None:
        """An agent does something in one of the conversations that there are."""
        ids = self.store.read_now(lambda u: [row[0] for row in u.execute(t.conversation.select().order_by("id"))])
        if not ids:
            return
        wanted = act(self.chance, len(self.acts) + 1, self.chance.choice(AGENTS), self.chance.choice(ids[-8:]))
        self.acts.append(wanted)
        self.tell(f"{wanted.who}: {wanted.action} in {wanted.conversation} ({wanted.once})")
        task = self.loop.create_task(self._insist(wanted))
        self.doing.add(task)
        task.add_done_callback(self.doing.discard)

    async def _insist(self, wanted: Act) -> None:
        """As a program does that got no answer: the same again, under the same key, at whichever node there is."""
        again = self.chance.random() < 0.2
        while True:
            wanted.tries += 1
            if self.nodes:
                node = self.chance.choice(self.nodes)
                try:
                    async with asyncio.timeout(10):
                        await node.store.write(self._perform, wanted, node)
                except (TimeoutError, Temporary):
                    pass
                except Problem as refused:
                    wanted.outcome = wanted.outcome or f"refused {refused.key}"
                    return
                else:
                    wanted.outcome = "done"
                    if not again:
                        return
                    again = False
            await asyncio.sleep(self.chance.uniform(0.5, 5))

    def _perform(self, unit: Unit, wanted: Act, node: Node) -> object:
        agent = people.roster(unit).agent(wanted.who)
        assert agent is not None
        doing = Doing(agent, ConversationId(wanted.conversation), Surface.API, node.house.playbook, self.now)
        return perform(unit, wanted.action, wanted.arguments, doing, once=wanted.once)

    # -- faults --------------------------------------------------------------------------------------------------------
    def kill(self) -> None:
        """Power cut of one node; another one comes after a while."""
        if self.nodes:
            node = self.chance.choice(self.nodes)
            self.tell(f"{node.name} is killed")
            node.end()
            self.bury()
        self.later(self.chance.uniform(0.1, 40), self.start)

    def kill_at_a_point(self) -> None:
        """The same at one of the points that the node comes to next."""
        if self.nodes:
            node = self.chance.choice(self.nodes)
            node.fuse = self.chance.randrange(1, 60)
            self.tell(f"{node.name} ends in {node.fuse} points")
        self.later(self.chance.uniform(20, 60), self._replace)

    def _replace(self) -> None:
        self.bury()
        self.start()

    def freeze(self) -> None:
        """A node stands still, longer than its leases last or not, and goes on as if nothing had been."""
        if self.nodes:
            node, seconds = self.chance.choice(self.nodes), self.chance.choice((1.0, 10.0, 25.0, 60.0))
            self.tell(f"{node.name} stands still for {seconds} s")
            node.process.freeze()
            self.later(seconds, node.process.thaw)

    def deafen(self) -> None:
        """Wake-ups are lost for a while."""
        self.tell("nobody is woken")
        for node in self.nodes:
            node.wake.deaf = True
            self.later(self.chance.uniform(5, 60), partial(setattr, node.wake, "deaf", False))

    def fill(self) -> None:
        """The disk is full, and is not any more."""
        self.tell("the disk is full")
        for node in self.nodes:
            node.full = True
            self.later(self.chance.uniform(1, 60), partial(setattr, node, "full", False))

    def unreachable(self) -> None:
        """The network cannot be reached."""
        self.tell("the network cannot be reached")
        self.network.faults.unreachable(self.chance.randrange(1, 6))
        self.network.faults.breaks_fetch(self.chance.randrange(1, 3))

    def drop_before(self) -> None:
        """Hand-overs are cut before they count."""
        self.tell("hand-overs are cut")
        self.network.faults.drops_before(self.chance.randrange(1, 5))

    def drop_after(self) -> None:
        """Hand-overs get no answer, taken or not."""
        taken = self.chance.random() < 0.7
        self.tell(f"hand-overs get no answer, taken: {taken}")
        self.network.faults.drops_after_handed(self.chance.randrange(1, 6), accepted=taken)

    def lock_out(self) -> None:
        """The password is refused, until it is right again."""
        self.tell("the password is refused")
        self.network.faults.locks_out()
        self.later(self.chance.uniform(5, 900), self.network.faults.lets_in)

    def refuse(self) -> None:
        """Somebody is not taken for now."""
        one = self.chance.choice(self.crowd.all).address
        self.tell(f"{one} is not taken")
        self.network.faults.refuses(one, "451", permanent=False, times=self.chance.randrange(1, 5))

    def heal(self) -> None:
        """Nothing is broken any more, and nothing breaks."""
        faults = self.network.faults
        faults.lets_in()
        faults.unreachable(0)
        faults.breaks_fetch(0)
        faults.drops_before(0)
        faults.drops_after_handed(0)
        for one in self.crowd.all:
            faults.lets_through(one.address)
        for node in self.nodes:
            node.full = node.wake.deaf = False
            node.fuse = 0
            node.process.thaw()
        self.bury()
        self.start()

    # -- the whole -----------------------------------------------------------------------------------------------------
    async def play(self) -> Played:
        """The week, and what is to be said of it."""
        self.start()
        bursts = sorted(self.chance.uniform(0, DAYS * 86_400.0) for _ in range(BURSTS))
        for at in bursts:
            await self.rest_until(START + timedelta(seconds=at))
            await self.burst()
        await asyncio.sleep(60)
        self.heal()
        self.tell("nothing breaks any more")
        quiet_by = self.now + PATIENT
        while (why := self._restless()) and self.now < quiet_by:
            await self.rest_until(self.now + timedelta(minutes=10))
        found = [f"does not come to rest: {why}"] if why else []
        for one in self.acts:
            self.tell(f"{one.once}: {one.outcome} after {one.tries} tries")
        found += breaches(self.store, self.nodes[0].house, self.network, self.crowd, self.acts, self.now)
        return Played(self.seed, self.digest(), tuple(found), tuple(self.story), self._counts())

    def _restless(self) -> str:
        if self.doing:
            return f"{len(self.doing)} acts are not over"
        return restless(self.store, self.network, (SUPPORT, CHAT), self.now)

    def digest(self) -> str:
        """Of the ledger, of the events and of what was said in between."""
        told = hashlib.sha256()
        for line in self.story:
            told.update(f"{line}\n".encode())
        for entry in self.network.ledger:
            told.update(f"{entry.what} {entry.address} {entry.key} {entry.recipients}\n".encode() + entry.raw)
        for row in self.store.read_now(_rows):
            told.update(f"{row}\n".encode())
        return told.hexdigest()

    def _counts(self) -> dict[str, int]:
        ledger = self.network.ledger
        counted = {what: sum(entry.what == what for entry in ledger) for what in ("written", "fetched", "accepted")}
        return counted | {"acts": len(self.acts), "nodes": self.started}


FAULTS: tuple[Callable[[World], None], ...] = (
    World.kill,
    World.kill_at_a_point,
    World.freeze,
    World.deafen,
    World.fill,
    World.unreachable,
    World.drop_before,
    World.drop_after,
    World.drop_after,  # what nobody knows is what all of this is about
    World.lock_out,
    World.refuse,
)


def _rows(unit: Unit) -> list[str]:
    found = [str(tuple(row)) for row in unit.execute(t.event.select().order_by("id"))]
    return found + [str(tuple(row)) for row in unit.execute(t.delivery.select().order_by("id"))]


_KEPT: list[Node] = []
"""A task that is collected while it waits comes to its end after all: those of the ended never do."""


def play(seed: int, folder: Path, migrated: Path) -> Played:
    """One week on one seed, in a folder of its own."""
    random.seed(seed)
    gc.disable()  # what is collected is collected at an instant that no seed knows
    site(folder, migrated)
    loop = VirtualLoop(random.Random(f"loop {seed}"))
    loop.set_exception_handler(lambda _loop, _what: None)
    try:
        return loop.run_until_complete(_played(seed, folder, loop))
    finally:
        gc.enable()


async def _played(seed: int, folder: Path, loop: VirtualLoop) -> Played:
    return await World(seed, folder, loop).play()
