"""The house: every room of a site built once, for the daemon and for the command line alike."""

import os
import socket
from dataclasses import dataclass, field, replace

from inbox.blobs import Blobs
from inbox.daemon import playbooks
from inbox.domain.problems import Misconfigured
from inbox.pipeline.playbook import Playbook
from inbox.ports.clock import Clock
from inbox.ports.probe import Probe, silent
from inbox.ports.wake import Wake
from inbox.runtime.clocks import SystemClock
from inbox.runtime.parser_child import CodecOf, Setup
from inbox.settings import Settings
from inbox.site import Site
from inbox.store import channels, people
from inbox.store.store import Store


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
    """What is wrong with the files that a reload refused; the playbook before them is live."""

    @classmethod
    def build(
        cls,
        site: Site,
        settings: Settings,
        *,
        wake: Wake | None = None,
        clock: Clock | None = None,
        probe: Probe = silent,
    ) -> "House":
        """Open the store (its tables must be there) and read the configuration. Raises what is wrong with either."""
        store = Store(settings.store.url, site.root, wake=wake, probe=probe)
        try:
            roster = store.read_now(people.roster)
            built = playbooks.playbook(site, settings, roster)
            house = cls(site, settings, store, Blobs(site.data / "blobs", probe), clock or SystemClock(), built, probe)
            house.register()
        except BaseException:
            store.close()
            raise
        return house

    def register(self) -> None:
        """Rows for the channels that the config names, and the live revision of the rules."""
        now = self.clock.now()
        for name, channel in self.settings.channels.items():
            self.store.write_now(channels.ensure, name, channel.kind)
        self.store.write_now(playbooks.keep, self.playbook.rulebook, now)

    def reload(self) -> tuple[Misconfigured, ...]:
        """Read rules, hours, policies and templates again: all of it, or the old ones go on. What is wrong, if anything."""
        try:
            roster = self.store.read_now(people.roster)
            fresh = playbooks.playbook(self.site, self.settings, roster, generation=self.playbook.generation + 1)
        except ExceptionGroup as group:
            self.refused = tuple(e for e in group.exceptions if isinstance(e, Misconfigured))
            return self.refused
        self.refused = ()
        self.playbook = fresh
        self.register()
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
