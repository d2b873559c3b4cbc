"""Filling a site with the script: every word of it is received, decided on, acknowledged and answered as it would be any day."""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

from inbox.demo import assets, contracts, shelf
from inbox.demo.files import enclosed, letter
from inbox.demo.network import DOWN, Networks
from inbox.demo.script import CUSTOMER, LETTER, NETWORK, Kept, Outage, Script, Step, Talk
from inbox.demo.stage import Stage
from inbox.domain.ids import ChannelName, ConversationId, NetworkKey
from inbox.domain.people import Absence, Agent
from inbox.pipeline import outages
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.rate import rate, unasked
from inbox.settings import Settings
from inbox.site import Site
from inbox.store import messages, people, saved_views
from inbox.store.unit import Unit

BEFORE = timedelta(days=30)
"""How long before now the demo's past begins, at least."""
FOREVER = 1_000_000_000
RATES = "rates "

Play = Callable[[], Awaitable[None]]


async def fill(site: Site, settings: Settings, networks: Networks, told: Script, now: datetime) -> None:
    """The past until `now`. The site's people are there; its store is closed again at the end."""
    stage = Stage(site, settings, networks, now - BEFORE)
    try:
        stage.house.store.write_now(_away, stage.agent("lena"), now)
        shelf.fill(stage.house, stage.agent("sara"), now)
        stage.house.store.write_now(contracts.fill, stage.agent("sara"), stage.book(), stage.clock.now())
        for view in told.views:
            stage.house.store.write_now(_kept, view, stage.agent(view.by), stage.clock.now())
        playing = _Playing(stage, now)
        for ago, _, play in sorted(playing.all(told), key=lambda one: (-one[0], one[1])):
            await stage.to(now - ago)
            await play()
        await stage.to(now)
        stage.house.store.write_now(assets.fill, stage.agent("kian"), stage.book(), now)
        stage.house.store.write_now(shelf.lived, stage.agent("reza").id, stage.agent("sara").id, now)
    finally:
        stage.close()
    networks.of(DOWN).faults.unreachable(FOREVER)


def _away(unit: Unit, agent: Agent, now: datetime) -> None:
    people.add_absence(unit, Absence(agent.id, now - timedelta(days=1), now + timedelta(days=3), "holiday"))


def _kept(unit: Unit, view: Kept, agent: Agent, now: datetime) -> None:
    team = people.roster(unit).team(view.team)
    saved_views.keep(unit, agent.id, view.name, view.query, None if team is None else team.id, now)


def _rated(unit: Unit, matter: ConversationId, score: int, comment: str, book: Playbook, now: datetime) -> None:
    asked = unasked(unit, matter, book, now)
    assert asked is not None
    rate(unit, asked, score, comment, "page", "portal", book, now)


class _Playing:
    """Which conversation each talk became, and what came of it."""

    def __init__(self, stage: Stage, now: datetime) -> None:
        self._stage, self._now = stage, now
        self._matters: dict[int, ConversationId] = {}

    def all(self, told: Script) -> list[tuple[timedelta, int, Play]]:
        """Everything that happens: how long ago, its number, and what does it."""
        steps = [
            (step.ago, number * 100 + at, partial(self._step, number, at, talk))
            for number, talk in enumerate(told.talks)
            for at, step in enumerate(talk.steps)
        ]
        return [*steps, *((one.ago, -1, partial(self._breaks, one)) for one in told.outages)]

    async def _breaks(self, told: Outage) -> None:
        news_at, now = self._now + told.news_in, self._stage.clock.now()
        self._stage.house.store.write_now(outages.begin, told.tag, told.words, news_at, now)

    async def _step(self, number: int, at: int, talk: Talk) -> None:
        step = talk.steps[at]
        if step.by == CUSTOMER and step.what.startswith(RATES):
            await self._rates(number, int(step.what.removeprefix(RATES)), step.text)
        elif step.by == CUSTOMER:
            await self._says(number, at, talk)
        elif step.by == NETWORK:
            self._spoil(talk, step.what)
        else:
            action, arguments = wanted(step)
            await self._stage.acts(self._stage.agent(step.by), self._matters[number], action, arguments)

    async def _says(self, number: int, at: int, talk: Talk) -> None:
        """The first words open the matter; the later ones answer what was said last."""
        name, step = ChannelName(talk.channel), talk.steps[at]
        settings = self._stage.house.settings.channels[name]
        network, key = self._stage.networks.of(name), NetworkKey(f"demo-{number}-{at}@{talk.channel}")
        more: dict[str, object] = {"key": key, "language": talk.language}
        more |= {"sent_at": self._stage.clock.now().isoformat(), "authentication": "pass"}
        if step.what == LETTER:
            more |= {"html": letter(step.text)}
        elif step.what:
            more |= {"attachments": [enclosed(step.what)]}
        more |= {"subject": talk.subject} if talk.subject else {"thread": f"chat-{talk.address}"}
        before = network.received(talk.address)
        if before and number in self._matters:
            network.answer(before[-1], step.text, name=talk.who, **more)
        else:
            network.write(talk.address, settings.addresses[0], step.text, name=talk.who, **more)
        await self._stage.arrives(name)
        known = self._stage.house.store.read_now(messages.look_up, settings.kind, [key])
        if known:
            self._matters[number] = known[0].conversation

    async def _rates(self, number: int, score: int, comment: str) -> None:
        await self._stage.looks()
        now, book = self._stage.clock.now(), self._stage.house.playbook
        self._stage.house.store.write_now(_rated, self._matters[number], score, comment, book, now)

    def _spoil(self, talk: Talk, what: str) -> None:
        """From now on the customer's address is refused, or the next hand-over gets no answer."""
        faults = self._stage.networks.of(ChannelName(talk.channel)).faults
        if what == "refuses":
            faults.refuses(talk.address)
        else:
            faults.drops_after_handed(1, accepted=False)


def wanted(step: Step) -> tuple[str, dict[str, object]]:
    """The action that a step of an agent names, with its arguments."""
    action, _, argument = step.what.partition(" ")
    arguments: dict[str, dict[str, object]] = {
        "reply": {"text": step.text, "then": argument or "waiting"},
        "note": {"text": step.text},
        "tag": {"add": (step.text,)},
        "assign": {"to": step.text},
        "priority": {"priority": step.text},
        "snooze": {"until": step.text},
        "promise": {"by": argument, "text": step.text},
        "macro": {"name": argument, "values": dict(re.findall(r"(\w+)=([^;]+)", step.text))},
        "field": {"name": argument, "value": step.text},
        "contact": {"organization": step.text},
        "contact_note": {"text": step.text},
        "call": {"number": argument, "way": "out", "outcome": "answered", "length": "3:20", "text": step.text},
    }
    return action, arguments.get(action, {})
