"""The works of a house: the receiver, the sweeper and a supervisor for each channel, each under its lease, begun anew where they break."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from inbox.actions.listening import Listening
from inbox.daemon.bot_commands import commands
from inbox.daemon.house import House
from inbox.domain.arrivals import Toast
from inbox.domain.ids import ChannelName
from inbox.domain.problems import Temporary
from inbox.pipeline.playbook import Playbook
from inbox.ports.channel import Channel
from inbox.ports.probe import Probe, silent
from inbox.ports.wake import Wake
from inbox.runtime.backlog import Backlog
from inbox.runtime.collector import Collector
from inbox.runtime.intake import Intake
from inbox.runtime.lasting import apart
from inbox.runtime.leases import Leases
from inbox.runtime.logs import log
from inbox.runtime.parsers import Parsers
from inbox.runtime.receiver import Receiver
from inbox.runtime.sender import Handed, Retry, Sender, uncounted
from inbox.runtime.supervisor import Supervisor, Told
from inbox.runtime.sweeper import Sweeper
from inbox.text.wording import Wording

AGAIN = 2.0
"""Seconds before a task of the house that broke is started again."""
ELSEWHERE = "elsewhere"
"""How a channel stands that another node serves."""

Work = Callable[[], Coroutine[Any, Any, None]]


def _untold(name: ChannelName, state: str) -> None:
    """Where nobody wants to know how channels stand."""


def _unshown(_name: ChannelName, _toast: Toast) -> None:
    """Where nobody is shown anything."""


@dataclass(slots=True)
class Works:
    """What takes messages in, judges them, sends and minds the time; the daemon adds what people look at.

    `told` hears how each channel stands, `handed` what hand-overs came to, `toast` what whoever pressed a button is shown.
    """

    house: House
    wake: Wake
    wording: Wording
    parsers: Parsers
    told: Told = _untold
    handed: Handed = uncounted
    toast: Callable[[ChannelName, Toast], None] = _unshown
    probe: Probe = silent
    leases: Leases = field(init=False)
    backlog: Backlog = field(default_factory=Backlog)

    def __post_init__(self) -> None:
        self.leases = Leases(self.house.store, self.house.owner, self.house.clock)

    def playbook(self) -> Playbook:
        """Whoever needs it asks anew each time: a reload changes it."""
        return self.house.playbook

    def all(self) -> dict[str, Work]:
        """Each by its name, which is the name of its lease as well."""
        works = {"receiver": self.receiver().run, "sweeper": self.sweeper().run}
        guarded = {name: partial(self.leases.guard, name, run) for name, run in works.items()}
        return guarded | {f"channel {name}": self._channel(name) for name in self.house.settings.channels}

    def receiver(self) -> Receiver:
        """One for all channels."""
        house, hear = self.house, Listening.of(self.wording)
        rooms = (house.store, house.blobs, self.parsers, self.playbook, self.wake, house.clock, self.backlog)
        return Receiver(*rooms, hear, self.probe, self.toast)

    def sweeper(self) -> Sweeper:
        """One for all that falls due."""
        house = self.house
        return Sweeper(house.store, self.playbook, house.settings.outbox.unknown_wait, house.clock)

    def builder(self, name: ChannelName) -> Callable[[], Channel]:
        """Makes connections of a channel, each its own."""
        site, settings = self.house.site, self.house.settings.channels[name]
        known = commands(settings, self.wording, self.house.settings.site.language)
        place = replace(settings.place(site.root, site.data, site.secret()), commands=known)
        return partial(settings.adapter.channel, place, settings.options, self.house.clock, self.probe)

    def _channel(self, name: ChannelName) -> Work:
        lease = f"channel {name}"
        return partial(self.leases.guard, lease, self._supervisor(name, lease).run, partial(self.told, name, ELSEWHERE))

    def _supervisor(self, name: ChannelName, lease: str) -> Supervisor:
        house, outbox, fence = self.house, self.house.settings.outbox, self.leases.fence(lease)
        retry = Retry(outbox.retry_first, outbox.retry_last, outbox.give_up_after)
        build, store, clock = self.builder(name), house.store, house.clock

        def sender(channel: Channel) -> Sender:
            rooms = (house.owner, store, self.playbook, retry, self.wake, clock, self.backlog)
            return Sender(name, channel, *rooms, self.probe, fence, self.handed)

        intake = Intake(store, house.blobs, clock, self.probe, fence)
        collector = Collector(name, build, store, house.blobs, retry, self.wake, clock, self.probe)
        return Supervisor(name, build, sender, intake, collector, store, clock, self.told)


async def keep_going(house: House, name: str, work: Work) -> None:
    """A task that breaks is told of and started again: it never ends silently, and never takes others with it. Where the database
    is away for now, or others kept winning against us, nothing broke: the same is done a little later."""
    while True:
        try:
            await apart(work())
        except Temporary as problem:
            log("daemon").warning("later", task=name, why=problem)
        except Exception as error:
            if error is house.store.read_only:
                await asyncio.Event().wait()  # told already, and over only when somebody starts us again
            log("daemon").error("task-broke", task=name, why=str(error), exc_info=error)
        await house.clock.sleep(AGAIN)
