"""The sender: claims deliveries, hands each over stage by stage, and settles what came of it."""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from inbox.domain.deliveries import Delivery, DeliveryState
from inbox.domain.ids import ArrivalId, ChannelName, MessageId
from inbox.domain.outgoing import Purpose
from inbox.domain.problems import Credentials, Gone, Permanent, Problem, Temporary, Throttled, Unreachable
from inbox.pipeline.outcome import adopt, conclude, recall, stored
from inbox.pipeline.playbook import Playbook
from inbox.ports.channel import HANDED, Channel, Paced, Unconfirmed
from inbox.ports.clock import Clock
from inbox.ports.probe import Probe, silent
from inbox.ports.wake import Wake, outbox_of
from inbox.runtime.backlog import Backlog
from inbox.runtime.lasting import lasting, to_the_end
from inbox.runtime.logs import log, trace
from inbox.store import deliveries, said_lately
from inbox.store.deliveries import Outcome
from inbox.store.leases import Fence, fenced, unfenced
from inbox.store.store import Store
from inbox.store.traced import followed

LOOK = 30.0
"""Seconds after which a sender looks again though nobody woke it."""
NOW = 0.02
"""Seconds of a pause that is none: what is due may just be in another task's hands."""
LOCKED_OUT = timedelta(minutes=5)
"""A refused login is not tried sooner: providers lock accounts."""


@dataclass(frozen=True, slots=True)
class Retry:
    """How temporary failures are tried again: doubling from `first` to `last`, given up after `give_up`."""

    first: timedelta = timedelta(minutes=1)
    last: timedelta = timedelta(hours=1)
    give_up: timedelta = timedelta(days=5)

    def after(self, attempts: int) -> timedelta:
        """The pause after that many attempts, a tenth of it left to chance so that not all come back at once."""
        pause = min(self.first.total_seconds() * 2 ** min(attempts - 1, 20), self.last.total_seconds())
        return timedelta(seconds=pause * random.uniform(0.9, 1.1))


SCREENS = timedelta(minutes=10)
"""So long a screen of a bot's menu is tried: whoever asked for it looks for it now."""
LATELY = timedelta(minutes=1)
"""As far back as networks count what was said."""
AGAIN = 2.0
"""Seconds after which an outcome that could not be stored is told again."""


Handed = Callable[[ChannelName, Purpose, DeliveryState], None]
"""Whoever counts what hand-overs come to."""


def uncounted(channel: ChannelName, purpose: Purpose, state: DeliveryState) -> None:
    """Where nobody does."""


class LostClaim(Exception):
    """Somebody else has taken or settled this delivery: this sender must not go on."""


class Sender:
    """One channel's outbox, worked off by a few tasks."""

    def __init__(
        self,
        name: ChannelName,
        channel: Channel,
        owner: str,
        store: Store,
        playbook: Callable[[], Playbook],
        retry: Retry,
        wake: Wake,
        clock: Clock,
        backlog: Backlog,
        probe: Probe = silent,
        fence: Fence = unfenced,
        handed: Handed = uncounted,
    ) -> None:
        self._fence = fence
        self._handed = handed
        self._name = name
        self._channel = channel
        self._owner = owner
        self._store = store
        self._playbook = playbook
        self._retry = retry
        self._wake = wake
        self._clock = clock
        self._backlog = backlog
        self._probe = probe
        self._stopping = False
        self._held: datetime | None = None
        self._resting: dict[str, datetime] = {}
        self._failures = 0

    def stop(self) -> None:
        """Claim nothing more; `run` returns when what is in hand is handed over."""
        self._stopping = True
        self._wake.notify(outbox_of(self._name))

    async def run(self, tasks: int = 2, at_once: int = 4) -> None:
        """Until stopped, or cancelled: then what is in hand counts as interrupted where it stands.

        Begins with what the last sender of this channel left in hand; nobody else may send on it now.
        """
        now = self._clock.now()
        adopted = await self._store.write(fenced, self._fence, adopt, self._name, self._playbook(), now)
        if adopted:
            log("send").warning("taken-over", channel=self._name, deliveries=adopted)
        await self._recollect()
        async with asyncio.TaskGroup() as group:
            for _ in range(tasks):
                group.create_task(lasting("send", partial(self._work, at_once)))

    async def _recollect(self) -> None:
        """Networks count what is said to them, whoever of us says it: so do we, after whoever sent here before."""
        if isinstance(self._channel, Paced):
            now = self._clock.now()
            said = await self._store.read(said_lately.sent, self._name, now - LATELY)
            rests = self._channel.recollect([(lane, (now - at).total_seconds()) for lane, at in said])
            self._resting |= {lane: now + timedelta(seconds=rest) for lane, rest in rests.items()}

    async def _work(self, at_once: int) -> None:
        """What cannot be claimed is tried again here: leaving would take the other tasks along, and what they must still tell.

        All tasks are woken by what one of them will send: to look costs a reading, to claim would cost everybody a turn of the
        writer."""
        mine = outbox_of(self._name)
        await self._wake.wait(mine, 0)  # from here on no wake-up is missed
        while not self._stopping:
            try:
                pause = await self._pause()
                idle = pause > NOW and not self._backlog.giving_way(self._clock.now())
                if idle or not await self.settle(at_once):
                    await self._wake.wait(mine, pause)
            except Temporary as trouble:
                log("send").error("not-claimed", channel=self._name, why=trouble)
                await self._clock.sleep(AGAIN)

    async def settle(self, at_once: int = 4) -> int:
        """Claim what is due and send it; how many deliveries that were."""
        now = self._clock.now()
        if self._held is not None and now < self._held:
            return 0
        worst = Purpose.REPLY if self._backlog.giving_way(now) else Purpose.BROADCAST
        self._probe("out.before_claim")
        resting = self._rested(now)
        claim = partial(deliveries.claim, most=at_once, worst=worst, resting=resting)
        claiming = self._store.write(fenced, self._fence, claim, self._name, self._owner, now)
        claimed = await to_the_end(claiming, self._let_go)
        self._probe("out.after_claim")
        arrivals = await self._followed(claimed)
        for n, delivery in enumerate(claimed):
            try:
                with trace(arrivals.get(delivery.message)):
                    await self._one(delivery)
            except asyncio.CancelledError:
                await self._let_go(claimed[n + 1 :])
                raise
            if self._held is not None:
                await self._let_go(claimed[n + 1 :])
                return n + 1
        return len(claimed)

    async def _followed(self, claimed: Sequence[Delivery]) -> Mapping[MessageId, ArrivalId]:
        """From which arrivals they follow: for the log alone, which must not hinder anything."""
        if not claimed:
            return {}
        try:
            return await self._store.read(followed, [delivery.message for delivery in claimed])
        except Problem:
            return {}
        except asyncio.CancelledError:
            await self._let_go(list(claimed))
            raise

    async def _pause(self) -> float:
        if self._backlog.giving_way(self._clock.now()):
            return LOOK
        now = self._clock.now()
        resting = self._rested(now)
        due = await self._store.read(deliveries.next_due, self._name, now, resting)
        if due is None and not resting:
            return LOOK
        due = min([*self._resting.values(), *([due] if due is not None else [])])
        due = max(due, self._held or due)
        return min(LOOK, max(NOW, (due - self._clock.now()).total_seconds()))

    def _rested(self, now: datetime) -> tuple[str, ...]:
        """The lanes that still have to rest, the others forgotten."""
        self._resting = {lane: until for lane, until in self._resting.items() if until > now}
        return tuple(self._resting)

    async def _let_go(self, rest: Sequence[Delivery]) -> None:
        for delivery in rest:
            await self._settle(delivery, Outcome(DeliveryState.QUEUED))

    async def _one(self, delivery: Delivery) -> None:
        staged = _Stages(self, delivery)
        try:
            receipt = await self._channel.send(delivery.part, staged)
        except LostClaim:
            log("send").warning("lost-claim", channel=self._name, delivery=delivery.id)
            return
        except asyncio.CancelledError:
            await self._settle(delivery, self._interrupted(staged.handed))
            raise
        except Exception as error:
            outcome = self._failed(delivery, error, staged.handed)
            self._hold(error)
        else:
            outcome = Outcome(DeliveryState.SENT, receipt=receipt)
            self._held, self._failures = None, 0
            if receipt.rest > 0:
                self._resting[delivery.part.lane] = self._clock.now() + timedelta(seconds=receipt.rest)
        self._probe("out.before_settle")
        await self._settle(delivery, outcome)
        self._probe("out.after_settle")

    def _hold(self, error: Exception) -> None:
        """What is wrong with the account concerns all its mail: one try tells as much as a hundred, and locks nobody out."""
        self._held = None
        if isinstance(error, Unreachable | Credentials):
            self._failures += 1
            locked = isinstance(error, Credentials)
            self._held = self._clock.now() + (LOCKED_OUT if locked else self._retry.after(self._failures))

    def _interrupted(self, handed: bool) -> Outcome:
        if handed:
            return Outcome(DeliveryState.UNKNOWN, stored(Problem("delivery.interrupted")))
        return Outcome(DeliveryState.QUEUED)

    def _failed(self, delivery: Delivery, error: Exception, handed: bool) -> Outcome:
        now = self._clock.now()
        match error:
            case Unconfirmed():
                return Outcome(DeliveryState.UNKNOWN, stored(error))
            case Gone():
                return Outcome(DeliveryState.FAILED, stored(error), gone=_why(error))
            case Permanent():
                return Outcome(DeliveryState.FAILED, stored(error))
            case Credentials():
                return Outcome(DeliveryState.QUEUED, stored(error), now + LOCKED_OUT)
            case Temporary():
                return self._later(delivery, error, now)
            case _ if handed:
                log("send").error("failed", channel=self._name, delivery=delivery.id, exc_info=error)
                return Outcome(DeliveryState.UNKNOWN, stored(Problem("delivery.broke", error=type(error).__name__)))
            case _:
                log("send").error("failed", channel=self._name, delivery=delivery.id, exc_info=error)
                return self._later(delivery, Unreachable("delivery.broke", error=type(error).__name__), now)

    def _later(self, delivery: Delivery, error: Problem, now: datetime) -> Outcome:
        if now - delivery.created_at > (SCREENS if delivery.screen else self._retry.give_up):
            return Outcome(DeliveryState.FAILED, stored(error))
        told = timedelta(seconds=error.seconds if isinstance(error, Throttled) else 0)
        return Outcome(DeliveryState.QUEUED, stored(error), now + (told or self._retry.after(delivery.attempts)))

    async def _settle(self, delivery: Delivery, outcome: Outcome) -> None:
        """What the network said is never lost for want of room or a server: it is told until it is stored."""
        now = self._clock.now()
        while True:
            try:
                settled = await to_the_end(self._store.write(conclude, delivery, outcome, self._playbook(), now))
                break
            except Temporary as trouble:
                log("send").error("not-stored", channel=self._name, delivery=delivery.id, why=trouble)
                await self._clock.sleep(AGAIN)
        if settled:
            self._handed(self._name, delivery.purpose, outcome.state)
        word = outcome.state.value if settled else "settled-elsewhere"
        took = round((now - delivery.created_at).total_seconds(), 4)
        problem = recall(outcome.error)
        why = {} if problem is None else {"why": problem}
        log("send").info(
            word, channel=self._name, delivery=delivery.id, purpose=delivery.purpose.value, took_s=took, **why
        )

    async def stage(self, delivery: Delivery, reached: str) -> None:
        """Durable before it returns. Raises LostClaim."""
        self._probe(f"out.before_stage_{reached}")
        mine = await self._store.write(deliveries.stage, delivery.id, delivery.epoch, reached, self._clock.now())
        self._probe(f"out.after_stage_{reached}")
        if not mine:
            raise LostClaim


def _why(error: Gone) -> str:
    """The network's own words, where the adapter tells them."""
    return str(error.facts.get("words") or error.facts.get("answer") or "unreachable")[:300]


class _Stages:
    """The stage log of one hand-over."""

    def __init__(self, sender: Sender, delivery: Delivery) -> None:
        self._sender = sender
        self._delivery = delivery
        self.handed = False

    async def __call__(self, stage: str) -> None:
        await self._sender.stage(self._delivery, stage)
        self.handed = self.handed or stage == HANDED
