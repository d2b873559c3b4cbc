"""A served site whose pages listen, and what happens in it while they do."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from channels.memory.codec import MemoryCodec
from channels.memory.options import MemoryOptions
from inbox.domain import events as ev
from inbox.domain.ids import AgentId, ChannelName, ContactId, ConversationId
from inbox.pipeline.playbook import Brand, Playbook, Speaker
from inbox.render import Templates
from inbox.store import tables as t
from inbox.store.unit import Unit
from inbox.web.live.crowd import Crowd
from tests.web import rulebooks
from tests.web.sites import Running, Site, message, minutes, tell

SHIPPED = Path(__file__).parents[2] / "templates"


class Watched(Running):
    """A server with its crowd, on one event loop."""

    def __init__(self, site: Site, playbook: Callable[[], Playbook] | None = None) -> None:
        self.crowd = Crowd(site.store, site.wake, site.clock)
        super().__init__(site.app(playbook=playbook, crowd=self.crowd))
        asyncio.run_coroutine_threadsafe(self._watch(site), self.loop).result(10)

    async def _watch(self, site: Site) -> None:
        site.wake.attach()
        self._watching = asyncio.create_task(self.crowd.run())

    def close(self) -> None:
        """Let the pages go, then stop it."""
        try:
            asyncio.run_coroutine_threadsafe(self._end(), self.loop).result(10)
        finally:
            super().close()

    async def _end(self) -> None:
        await self.crowd.end()
        self._watching.cancel()
        await asyncio.wait([self._watching])


def matter_of(unit: Unit, reference: str) -> ConversationId:
    """The conversation of a reference."""
    c = t.conversation.c
    return ConversationId(unit.execute(sa.select(c.id).where(c.reference == reference)).scalar_one())


def writes(site: Site, reference: str, text: str) -> None:
    """The customer of a conversation writes once more."""

    def work(unit: Unit) -> None:
        matter, c = matter_of(unit, reference), t.conversation.c
        said = message(unit, matter, "inbound", text, at=minutes(-1))
        tell(unit, matter, -1, ev.Received("received", said, ContactId(1), text, minutes(-1)))
        version = sa.select(sa.func.max(t.event.c.version)).where(t.event.c.conversation_id == matter).scalar_subquery()
        unit.execute(sa.update(t.conversation).where(c.id == matter).values(version=version, excerpt=text))

    site.store.write_now(work)


def told_of(site: Site, reference: str, whom: AgentId, kind: str = "promise-late") -> None:
    """A rule tells an agent of a conversation, as the house does it."""

    def work(unit: Unit) -> None:
        row = {"agent_id": whom, "conversation_id": matter_of(unit, reference), "kind": kind}
        unit.insert(t.notification, **row, rule="promise missed", at=minutes(0))
        unit.wake("agents")

    site.store.write_now(work)


def book() -> Playbook:
    """What is configured: the channels of the samples, with the letters that we ship."""
    brand, week = Brand("acme", "Acme"), timedelta(days=7)
    codec = MemoryCodec(MemoryOptions())
    names = {ChannelName("support"): "email", ChannelName("bot"): "telegram"}
    speakers = {
        name: Speaker(name, kind, codec, (f"{name}@acme.example",), brand, week) for name, kind in names.items()
    }
    return replace(rulebooks.book(), channels=speakers, templates=Templates([SHIPPED]))


def numbered(unit: Unit) -> None:
    """The samples' rows know their events: whoever acts on them tells the next one."""
    e, c = t.event.c, t.conversation.c
    latest = sa.select(sa.func.coalesce(sa.func.max(e.version), 0)).where(e.conversation_id == c.id).scalar_subquery()
    unit.execute(sa.update(t.conversation).values(version=latest))
