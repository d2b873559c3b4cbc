"""The meter: the numbers of one process and of its site, as Prometheus reads them (text format 0.0.4); docs/operations/watching.md.

What happened is counted from the event log, at each reading what came since the last one, so that nothing on the way in or out
counts; how things stand is looked up then. Only what the store cannot know is told to the meter where it happens.
"""

import asyncio
import math
from collections.abc import Callable, Collection
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest
from prometheus_client.process_collector import ProcessCollector

from inbox.domain.arrivals import Verdict
from inbox.domain.deliveries import DeliveryState
from inbox.domain.ids import ChannelName, EventId
from inbox.domain.outgoing import Purpose
from inbox.domain.problems import Problem
from inbox.ports.clock import Clock
from inbox.runtime.logs import log
from inbox.store.lately import Lately, lately, newest
from inbox.store.overview import Overview, overview
from inbox.store.standing import Health
from inbox.store.store import Store

LOOKS = 10
"""Looks at the event log at one reading; what is left then is counted by the next."""
SHORT = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
LAG = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900)
REPLY = (60, 300, 900, 1800, 3600, 7200, 14400, 28800, 86400, 172800, 604800)
"""Upper bounds in seconds: of an answer of the pages, of the way in, of a first answer."""
FIRST = frozenset({Purpose.ACKNOWLEDGEMENT, Purpose.RENEWAL})
"""What tells a customer a time: the acknowledgement, and a new time in place of one."""


class Meter:
    """Of one process. `channels`: those that the config names; `rules`: the generation of the rulebook that is live, and whether
    the files were taken when they were read last; `listening`: how many pages hear what happens."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        version: str,
        channels: Collection[ChannelName],
        rules: Callable[[], tuple[int, bool]],
        listening: Callable[[], int],
    ) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library leaves this one untyped
        self.registry = CollectorRegistry(auto_describe=True)
        self._store, self._clock = store, clock
        self._channels, self._rules, self._listening = frozenset(channels), rules, listening
        self._after: EventId | None = None
        self._reading = asyncio.Lock()
        ProcessCollector(registry=self.registry)
        self._counters()
        self._gauges()
        self._gauge("build_info", "1, with the version that runs.", "version").labels(version).set(1)

    def _counters(self) -> None:
        self._received = self._counter("messages_received", "Messages that came in.", "channel")
        self._sent = self._counter("messages_sent", "What hand-overs came to.", "channel", "result")
        self._acks = self._counter("acks", "What acknowledgements and new times came to.", "kind", "result")
        self._matches = self._counter("rule_matches", "How often a rule matched.", "rule")
        self._promises = self._counter("promises", "Promises that were judged.", "outcome")
        self._breaches = self._counter("sla_breaches", "Targets that were missed.", "target", "priority")
        self._lag = self._histogram("ingest_lag_seconds", "From an arrival to its stored message.", LAG)
        self._replies = self._histogram("first_reply_seconds", "From the first message to the first answer.", REPLY)
        self._requests = self._histogram("http_request_seconds", "Until an answer begins.", SHORT, "route")
        self._loop = self._histogram("loop_lag_seconds", "How late the event loop was.", SHORT)
        for name in self._channels:
            self._received.labels(name)

    def _gauges(self) -> None:
        self._up = self._gauge("store_up", "1 where the database answered this reading.")
        self._size = self._gauge("store_bytes", "Size of the database.")
        self._log = self._gauge(
            "store_log_bytes", "Size of the write-ahead log beside the database, where that is a file."
        )
        self._waiting = self._gauge("receive_queue_arrivals", "Arrivals without a verdict.", "channel")
        self._waiting_for = self._gauge("receive_queue_oldest_seconds", "How long the oldest of them waits.")
        self._left = self._gauge(
            "receive_queue_left_seconds", "Roughly how long until none waits; +Inf where it does not come to that."
        )
        self._queue = self._gauge("send_queue_messages", "Deliveries that are not handed over.", "channel")
        self._queue_for = self._gauge("send_queue_oldest_seconds", "How long the one that fell due first waits.")
        self._channel = self._gauge("channel_up", "1 where a channel is connected.", "channel")
        self._success = self._gauge(
            "channel_last_success_timestamp_seconds", "When it last connected, fetched or sent.", "channel"
        )
        self._generation = self._gauge("rules_generation", "How often rules were taken over since the start, and once.")
        self._reloaded = self._gauge("rules_last_reload_success", "1 where the files were right when read last.")
        self._open = self._gauge("conversations_open", "Conversations that are not over.", "state")
        self._stuck = self._gauge("deliveries_stuck", "Deliveries about which a person decides.", "state")
        self._held = self._gauge("arrivals_held", "Words of agents that wait for proof.")
        self._dead = self._gauge("dead_letters", "Quarantined arrivals, failed and parked deliveries.")
        self._clients = self._gauge("sse_clients", "Pages that hear what happens.")

    def took(self, route: str, seconds: float) -> None:
        """An answer of the pages began, this long after it was asked for. `route`: the pattern, never the address."""
        self._requests.labels(route).observe(seconds)

    def handed(self, channel: ChannelName, purpose: Purpose, state: DeliveryState) -> None:
        """A hand-over came to this."""
        self._sent.labels(channel, state.value).inc()
        if purpose in FIRST:
            self._acks.labels(purpose.value, state.value).inc()

    def late(self, seconds: float) -> None:
        """The event loop was so late."""
        self._loop.observe(seconds)

    async def begin(self) -> None:
        """Count from here on."""
        self._after = await self._store.read(newest)

    async def read(self) -> bytes:
        """The text for Prometheus. Without a database it has what the process knows, and says so."""
        async with self._reading:
            now = self._clock.now()
            try:
                await self._follow()
                self._stands(await self._store.read(overview, now), now)
                self._up.set(1)
            except Problem as trouble:
                log("meter").warning("not-read", why=trouble)
                self._up.set(0)
            generation, taken = self._rules()
            self._generation.set(generation)
            self._reloaded.set(taken)
            self._clients.set(self._listening())
            return generate_latest(self.registry)

    async def _follow(self) -> None:
        if self._after is None:
            await self.begin()
        for _ in range(LOOKS):
            assert self._after is not None
            found = await self._store.read(lately, self._after)
            self._count(found)
            self._after = found.upto
            if not found.more:
                break

    def _count(self, found: Lately) -> None:
        for channel, number in found.received.items():
            self._received.labels(channel).inc(number)
        for rule, number in found.rules.items():
            self._matches.labels(rule).inc(number)
        for outcome, number in found.judged.items():
            self._promises.labels(outcome).inc(number)
        for (metric, priority), number in found.breached.items():
            self._breaches.labels(metric, priority).inc(number)
        for seconds in found.lags:
            self._lag.observe(seconds)
        for seconds in found.first_replies:
            self._replies.observe(seconds)

    def _stands(self, seen: Overview, now: datetime) -> None:
        for one in seen.channels:
            if one.row.name in self._channels:
                self._of_channel(one)
        for state, number in seen.conversations.items():
            self._open.labels(state.value).set(number)
        for stuck, number in seen.stuck.items():
            self._stuck.labels(stuck.value).set(number)
        self._waiting_for.set(_age(seen.unread_since, now))
        self._left.set(math.inf if (left := seen.behind.left) is None else left.total_seconds())
        self._queue_for.set(_age(seen.due_since, now))
        self._held.set(seen.apart[Verdict.HELD])
        self._dead.set(seen.dead)
        self._size.set(seen.size)
        self._log.set(seen.log)

    def _of_channel(self, one: Health) -> None:
        name = one.row.name
        self._channel.labels(name).set(one.row.state == "connected")
        self._waiting.labels(name).set(one.unread)
        self._queue.labels(name).set(one.unsent)
        instants = [at for at in (one.row.last_success_at, one.last_in, one.last_out) if at is not None]
        self._success.labels(name).set(max(instants).timestamp() if instants else 0)

    def _counter(self, name: str, told: str, *labels: str) -> Counter:
        return Counter(f"inbox_{name}", told, labels, registry=self.registry)

    def _gauge(self, name: str, told: str, *labels: str) -> Gauge:
        return Gauge(f"inbox_{name}", told, labels, registry=self.registry)

    def _histogram(self, name: str, told: str, bounds: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"inbox_{name}", told, labels, registry=self.registry, buckets=bounds)


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())
