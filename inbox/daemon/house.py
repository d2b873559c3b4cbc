"""The house: every room of a site built once, for the daemon and for the command line alike."""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from inbox.blobs import Blobs
from inbox.blobs.opening import opened
from inbox.daemon import playbooks
from inbox.daemon.written import fingerprint
from inbox.domain.entropy import Entropy
from inbox.domain.problems import Misconfigured, Problem
from inbox.pipeline.playbook import Playbook
from inbox.ports.clock import Clock
from inbox.ports.probe import Probe, silent
from inbox.ports.wake import Wake
from inbox.runtime.clocks import clock_of
from inbox.runtime.parser_child import CodecOf, Setup
from inbox.settings import Settings, database
from inbox.site import Site
from inbox.store import channels, live, people
from inbox.store.store import Store
from inbox.store.writer import Writer


@dataclass(slots=True)
class House:
    """A site's rooms. `playbook` changes at a reload, everything else stands until the end."""

    site: Site
    settings: Settings
    store: Store
    blobs: Blobs
    clock: Clock
    playbook: Playbook
    probe: Probe = silent
    owner: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}:{os.urandom(4).hex()}")
    refused: tuple[Misconfigured, ...] = ()
    """What is wrong with the files that were refused; the playbook before them is live. Other processes see it in `store.live`."""
    read: str = ""
    """The fingerprint of what was read last, taken over or refused."""

    @classmethod
    def build(
        cls,
        site: Site,
        settings: Settings,
        *,
        wake: Wake | None = None,
        clock: Clock | None = None,
        probe: Probe = silent,
        chance: Callable[[], Entropy] = Entropy.fresh,
        unsafe: Callable[[Problem], None] = lambda _: None,
        writer: Callable[[int], Writer] = Writer,
    ) -> "House":
        """Open the store (its tables must be there) and read the configuration. Raises what is wrong with either."""
        url = database(settings.store, site.root)
        store = Store(url, site.root, wake=wake, probe=probe, chance=chance, unsafe=unsafe, writer=writer)
        try:
            roster, read = store.read_now(people.roster), fingerprint(site)
            built, wrong = playbooks.standing(store, site, settings, roster)
            blobs = opened(settings.blobs, site.root, probe)
            house = cls(site, settings, store, blobs, clock or clock_of(store), built, probe, refused=wrong, read=read)
            house.register("start")
        except BaseException:
            store.close()
            raise
        return house

    def register(self, how: str) -> None:
        """Rows for the channels that the config names, and for what is live and what was refused."""
        now = self.clock.now()
        for name, channel in self.settings.channels.items():
            self.store.write_now(channels.ensure, name, channel.kind)
        self.store.write_now(playbooks.keep, self.playbook, how, now)
        if self.refused:
            self.store.write_now(live.refused, self.refused, now)

    def reload(self, how: str = "signal") -> tuple[Misconfigured, ...]:
        """Read rules, hours, policies and templates again: all of it, or the old ones go on. What is wrong, if anything.

        `how` it came to this, as `store.live.Came` tells.
        """
        self.read = fingerprint(self.site)
        try:
            roster = self.store.read_now(people.roster)
            fresh = playbooks.playbook(self.site, self.settings, roster, generation=self.playbook.generation + 1)
        except ExceptionGroup as group:
            self.refused = playbooks.told(group)
            self.store.write_now(live.refused, self.refused, self.clock.now())
            return self.refused
        self.refused = ()
        self.playbook = fresh
        self.register(how)
        return ()

    def degrade(self, names: frozenset[str]) -> None:
        """These channels cannot be relied on now: nothing is promised on them."""
        channels_now = {n: replace(s, degraded=str(n) in names) for n, s in self.playbook.channels.items()}
        if channels_now != self.playbook.channels:
            self.playbook = replace(self.playbook, channels=channels_now)

    def setup(self) -> Setup:
        """What a parser child is told."""
        return setup(self.site, self.settings)

    def close(self) -> None:
        """End what is open. Safe twice."""
        self.store.close()


def setup(site: Site, settings: Settings) -> Setup:
    """What a parser child of this site is told."""
    secret, options = site.secret(), settings.parsers
    codecs = {
        name: CodecOf(channel.kind, channel.place(site.root, site.data, secret), channel.options)
        for name, channel in settings.channels.items()
    }
    return Setup(codecs, options.seconds, options.memory_mb)
