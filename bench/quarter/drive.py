"""The driver: brings the real house, event by event, to the instant at which something happens. No real time passes."""

import heapq
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench.quarter import world
from bench.quarter.world import Question
from channels.memory.adapter import MemoryAdapter
from channels.memory.network import Entry, Network, What
from inbox.actions.action import Doing, Surface
from inbox.actions.listening import Listening
from inbox.actions.registry import perform
from inbox.daemon.house import House
from inbox.domain.arrivals import Item
from inbox.domain.entropy import Entropy
from inbox.domain.ids import ChannelName, ConversationId
from inbox.pipeline.overdue import next_instant
from inbox.pipeline.playbook import Playbook
from inbox.ports.channel import Batch, Cursor
from inbox.ports.probe import silent
from inbox.runtime.backlog import Backlog
from inbox.runtime.intake import Intake
from inbox.runtime.receiver import Receiver
from inbox.runtime.sender import Retry, Sender
from inbox.runtime.sweeper import Sweeper
from inbox.runtime.wakes import ProcessWake
from inbox.settings import load
from inbox.site import Site, catalogues
from inbox.store import deliveries, people
from inbox.store.store import Store
from inbox.store.types import EPOCH, MICROSECOND
from inbox.store.unit import Unit
from inbox.testing import FakeClock
from inbox.text.wording import load as load_wording
from tests.path.house import Here

ANSWER = "Our answer is"
"""What every reply of an agent holds, and nothing that the house says by itself."""
TICK = timedelta(microseconds=1)
LAST_MINUTES = timedelta(minutes=6)
"""Before the end of their shift agents begin nothing new."""
WAITING = sa.text(
    "SELECT c.id, c.channel, c.waiting_since, team.name, MIN(p.due_at), MIN(k.due_at)"
    " FROM conversation c JOIN team ON team.id = c.team_id"
    " LEFT JOIN promise p ON p.conversation_id = c.id AND p.state = 'open'"
    " LEFT JOIN clock k ON k.conversation_id = c.id AND k.stopped_at IS NULL AND k.metric IN ('first_reply', 'next_reply')"
    " WHERE c.waiting_since IS NOT NULL AND c.state = 'open' GROUP BY c.id, c.channel, c.waiting_since, team.name"
)
DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Mail:
    """What a customer received, and when."""

    at: datetime
    text: str

    @property
    def answer(self) -> bool:
        """Whether a person wrote it."""
        return ANSWER in self.text


class AtOnce(Store):
    """The store, its units run where they are asked for: with one thing at a time, a thread of its own only costs."""

    async def write(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        """As it says there."""
        return self.write_now(fn, *args, **kwargs)

    def write_now(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        """As it says there."""
        return self._one(Entropy.fresh(), lambda unit: fn(unit, *args, **kwargs))

    async def write_each(self, units: Sequence[Any]) -> list[Any]:
        """As it says there."""
        seeded, results = [(unit, Entropy.fresh()) for unit in units], list[Any]()
        while len(results) < len(seeded):
            results += self._slice(seeded[len(results) :])
        return results

    async def read(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        """As it says there."""
        return self.read_now(fn, *args, **kwargs)


class Post(Network):
    """The network, keeping what customers received by their address and nothing else."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self._clock = clock
        self.received_by: defaultdict[str, list[Mail]] = defaultdict(list)
        self.last: dict[str, Entry] = {}
        self._count = count(1)

    def note(self, what: What, address: str, key: str, raw: bytes = b"", recipients: tuple[str, ...] = ()) -> None:
        """What was accepted is delivered at once; the rest is of no interest."""
        for recipient in recipients if what == "accepted" else ():
            entry = Entry(next(self._count), what, address, key, raw, recipients)
            self.received_by[recipient].append(Mail(self._clock.now(), str(entry.said["text"])))
            self.last[recipient] = entry


@dataclass
class Quarter:
    """One quarter, run by hand."""

    folder: Path
    seed: int
    days: int
    asked: dict[int, Question] = field(default_factory=dict)
    """By conversation."""
    answered: dict[int, datetime] = field(default_factory=dict)
    """When the first answer of a person to it was written."""
    replies: Counter[str] = field(default_factory=Counter)
    """How many answers each agent wrote."""

    def __post_init__(self) -> None:
        world.lay(self.folder).close()
        self.clock = FakeClock(world.midnight(0))
        self.post = Post(self.clock)
        site = Site(self.folder)
        memory = MemoryAdapter(lambda _: self.post)
        settings = load(site, dict.fromkeys(("memory", "chat", "pages"), memory))
        wake = ProcessWake()
        wake.attach()
        self.rooms = House.build(site, settings, wake=wake, clock=self.clock)
        self.rooms.store.close()
        self.rooms.store = self.store = AtOnce(settings.store.url, site.root, wake=wake)
        backlog = Backlog()
        hear = Listening.of(load_wording(catalogues()))
        self.receiver = Receiver(
            self.store, self.rooms.blobs, Here(self.rooms), self.book, wake, self.clock, backlog, hear
        )
        self.sweeper = Sweeper(self.store, self.book, timedelta(minutes=15), self.clock)
        self.intake = Intake(self.store, self.rooms.blobs, self.clock)
        retry = Retry(timedelta(minutes=1), timedelta(hours=2), timedelta(days=5))
        self.senders = {
            name: Sender(
                name,
                one.adapter.channel(one.place(site.root, site.data, site.secret()), one.options, self.clock, silent),
                self.rooms.owner,
                self.store,
                self.book,
                retry,
                wake,
                self.clock,
                backlog,
            )
            for name, one in settings.channels.items()
        }
        roster = self.store.read_now(people.roster)
        self.agents = {agent.handle: agent for agent in roster.agents}
        self.busy: set[str] = set()
        self.in_hand: set[int] = set()
        self.chance = random.Random(self.seed)
        self._heap: list[tuple[datetime, int, str, Any]] = []
        self._order = count()

    # -- the course of events ------------------------------------------------------------------------------------------
    async def run(self) -> None:
        """From the first day to the last; what is left open then stays open."""
        end = world.midnight(self.days)
        for question in world.questions(random.Random(self.seed + 1), self.days):
            self._plan(question.at, "asks", question)
        for day in range(self.days):
            for start in sorted({shift[2] for shift in world.SHIFTS.values()}):
                self._plan(world.midnight(day) + timedelta(hours=start.hour, minutes=start.minute), "looks", None)
            if day == world.DEGRADED.start or day == world.DEGRADED.stop:
                self._plan(world.midnight(day), "degrades", day == world.DEGRADED.start)
        while self._heap and self._heap[0][0] < end:
            await self._sweep_until(self._heap[0][0])
            at, _, what, thing = heapq.heappop(self._heap)
            self._to(at)
            await getattr(self, f"_{what}")(thing)
            await self._dispatch()
        await self._sweep_until(end)
        self._to(end)

    def book(self) -> Playbook:
        """What is configured now."""
        return self.rooms.playbook

    def close(self) -> None:
        """End what is open."""
        self.rooms.close()

    def _plan(self, at: datetime, what: str, thing: Any) -> None:
        heapq.heappush(self._heap, (at, next(self._order), what, thing))

    def _to(self, at: datetime) -> None:
        self.clock.advance(max(timedelta(0), at - self.clock.now()))

    async def _sweep_until(self, at: datetime) -> None:
        """What falls due before, at its own instant: the clock stands a tick behind it."""
        while (due := self.store.read_now(next_instant)) is not None and due + TICK < at:
            self._to(due + TICK)
            await self.sweeper.settle()
            for name in self.senders:
                await self._send(name)

    async def _send(self, name: ChannelName) -> None:
        """What can go out now; the rest when its time has come."""
        while (due := self.store.read_now(deliveries.next_due, name, self.clock.now())) is not None:
            if due > self.clock.now():
                self._plan(due, "send", name)
                return
            if not await self.senders[name].settle():
                return

    # -- customers -----------------------------------------------------------------------------------------------------
    async def _asks(self, question: Question) -> None:
        more = {"thread": f"chat-{question.number}"} if question.channel == "chat" else {"subject": "A question"}
        told = {"language": question.language, **more}
        self.post.write(question.address, f"{question.channel}@acme", question.text, **told)
        await self._arrives(question.channel)
        newest = self.store.read_now(
            lambda unit: unit.execute(sa.text("SELECT MAX(id) FROM conversation")).scalar_one()
        )
        assert newest not in self.asked, question
        self.asked[newest] = question
        if self.chance.random() < 0.12:
            self._plan(question.at + timedelta(minutes=self.chance.uniform(5, 300)), "adds", question)

    async def _adds(self, question: Question) -> None:
        """They write again: to what we said last, of which an answer may be the latest."""
        entry = self.post.last.get(question.address)
        if entry is None:
            return
        more = {"thread": f"chat-{question.number}"} if question.channel == "chat" else {}
        self.post.answer(entry, "And one more thing.", language=question.language, **more)
        await self._arrives(question.channel)

    async def _arrives(self, channel: str) -> None:
        """The newest raw of the mailbox comes in as it would from the network."""
        name, box = ChannelName(channel), self.post.mailbox(f"{channel}@acme")
        item = Item(str(box.last), box.raws.pop(box.last))
        await self.intake.land(name, Batch((item,), Cursor(f'{{"last": {box.last}}}')))
        await self.receiver.settle()
        await self._send(name)

    # -- agents --------------------------------------------------------------------------------------------------------
    async def _dispatch(self) -> None:
        """Whoever is there and free takes what is due soonest of what their team answers."""
        now = self.clock.now()
        free = [
            h for h in self.agents if h not in self.busy and world.works(h, now + LAST_MINUTES) and world.works(h, now)
        ]
        if not free:
            return
        waiting = sorted(self.store.read_now(self._waiting))
        self.chance.shuffle(free)
        for handle in free:
            mine = [(due, id, channel) for due, id, channel, team in waiting if team == world.SHIFTS[handle][0]]
            chosen = next(((id, channel) for _, id, channel in mine if id not in self.in_hand), None)
            if chosen is not None:
                self.busy.add(handle)
                self.in_hand.add(chosen[0])
                self._plan(now + world.handling(self.chance, chosen[1]), "answers", (handle, *chosen))

    def _waiting(self, unit: Unit) -> list[tuple[int, int, str, str]]:
        """By what is due soonest; what nothing is owed for, a day after it was asked."""
        rows = unit.execute(WAITING)
        return [
            (min(at for at in (promised, clock, since + DAY) if at is not None), id, channel, team)
            for id, channel, since, team, promised, clock in rows
        ]

    async def _answers(self, done: tuple[str, int, str]) -> None:
        handle, id, channel = done
        self.busy.discard(handle)
        self.in_hand.discard(id)
        question, now = self.asked[id], self.clock.now()
        goes_on = self.chance.random() < world.KINDS[channel].goes_on
        arguments = {"text": f"{ANSWER} {self.replies.total()}.", "then": "waiting" if goes_on else "done"}
        doing = Doing(self.agents[handle], ConversationId(id), Surface.API, self.rooms.playbook, now)
        self.store.write_now(partial(perform, name="reply", arguments=arguments, doing=doing, once=""))
        self.replies[handle] += 1
        self.answered.setdefault(id, now)
        await self._send(ChannelName(channel))
        if goes_on:
            self._plan(now + timedelta(minutes=self.chance.lognormvariate(3.5, 1.2)), "adds", question)

    async def _looks(self, _: None) -> None:
        """A shift begins: the dispatch after it is all."""

    async def _degrades(self, now: bool) -> None:
        self.rooms.degrade(frozenset({"sales"}) if now else frozenset())


def instant(microseconds: int) -> datetime:
    """As the store keeps it."""
    return EPOCH + microseconds * MICROSECOND
