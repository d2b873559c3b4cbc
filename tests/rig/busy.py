"""A busy past: conversations that went the real way in and out, the same for the same seed, and laid down until they are thousands.

Each is played from its beginning to its end by the verbs of the house, many in one transaction; no network takes part, so what
we say stays queued, apart from what is made to fail. What came of them is counted as the daemon counts it.
"""

import asyncio
import hashlib
import random
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from channels.memory.adapter import MemoryAdapter
from channels.memory.network import Network
from inbox.actions.action import Doing, Surface
from inbox.actions.registry import perform
from inbox.daemon.house import House
from inbox.domain.contracts import Agreed, Contract
from inbox.domain.deliveries import DeliveryState
from inbox.domain.entropy import Entropy
from inbox.domain.happenings import Address, InboundMessage
from inbox.domain.ids import (
    AgentId,
    ChannelName,
    ContactId,
    ContractId,
    ConversationId,
    MessageId,
    NetworkKey,
    OrganizationId,
)
from inbox.domain.outgoing import Purpose
from inbox.domain.people import Agent, Shift
from inbox.domain.problems import Problem
from inbox.domain.ratings import Survey
from inbox.pipeline.outcome import settle
from inbox.pipeline.overdue import sweep
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.rate import rate, unasked
from inbox.pipeline.receive import judge
from inbox.pipeline.survey import survey_due
from inbox.runtime.measurer import Measurer
from inbox.runtime.wakes import ProcessWake
from inbox.settings import load
from inbox.site import Site
from inbox.store import arrivals, contracts, deliveries, people, surveys
from inbox.store import tables as t
from inbox.store.deliveries import Outcome
from inbox.store.migrate import migrate
from inbox.store.store import Store
from inbox.store.unit import Unit
from inbox.testing import FakeClock
from tests.rig.copied import lay

SHIPPED = Path(__file__).parents[2] / "rules"
ZONE = "Asia/Tehran"
NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
SPAN = timedelta(days=80)
AT_ONCE = 100
"""Conversations in one transaction."""
CUSTOMERS, ORGANIZATIONS = 1_500, ("Acme Ltd", "Pars Co", "Nowruz Trading")
TEAMS = {"support": ("sara", "reza", "omid"), "finance": ("ali", "neda"), "nights": ("kian",)}
TOPICS = ("invoice", "refund", "parcel", "password", "router", "فاکتور", "مرسوله", "استرداد", "complaint")
CONFIG = """\
[site]
name = "Acme"
language = "en"
public_url = "https://help.acme.example"

[store]
url = "sqlite:///busy.db"

[survey]
csat = true
nps = true
nps_share = 1.0
nps_quiet = "1 day"

[channel.support]
kind = "memory"
address = "support@acme"

[channel.bot]
kind = "memory"
address = "bot@acme"

[channel.portal]
kind = "memory"
address = "portal"
portal = true
"""
RULES = """\
format = 1

[[rule]]
name = "money"
on = "conversation-opened"
when.text.mentions = ["invoice", "refund", "فاکتور", "استرداد"]
then = { assign = { team = "finance", by = "round-robin" }, tag = "money" }

[[rule]]
name = "parcels"
on = "conversation-opened"
when.text.mentions = ["parcel", "مرسوله"]
then = { team = "nights", priority = "high", tag = "parcel" }
"""


@dataclass
class Busy:
    """The site, filled until `now`."""

    folder: Path
    played: int = 500
    times: int = 10
    """So often each of those that were played stands there; the copies lie back by whole days."""
    seed: int = 42
    now: datetime = NOW

    def __post_init__(self) -> None:
        (self.folder / "config.toml").write_text(CONFIG, encoding="utf-8")
        shutil.copytree(SHIPPED, self.folder / "rules", ignore=shutil.ignore_patterns("__pycache__", "tests"))
        (self.folder / "rules" / "05-busy.toml").write_text(RULES, encoding="utf-8")
        memory, wake = MemoryAdapter(lambda _: Network()), ProcessWake()
        site = Site(self.folder)
        empty = Store(f"sqlite:///{self.folder}/busy.db", self.folder)
        migrate(empty)
        empty.write_now(_people)
        empty.close()
        self.house = House.build(site, load(site, {"memory": memory}), wake=wake, clock=FakeClock(self.now))
        self.store = self.house.store
        self.agents = {agent.handle: agent for agent in self.store.read_now(people.roster).agents}
        chance = random.Random(self.seed)
        for begin in range(0, self.played, AT_ONCE):
            numbers = range(begin, min(begin + AT_ONCE, self.played))
            self.store.write_now(self._some, [(number, random.Random(chance.random())) for number in numbers])
        while self.store.write_now(sweep, self.house.playbook, timedelta(minutes=15), self.now):
            pass
        self.store.write_now(lay, self.times - 1, timedelta(days=7))
        asyncio.run(self._counted())

    async def _counted(self) -> None:
        await Measurer(self.store, ProcessWake(), FakeClock(self.now), ZoneInfo(ZONE)).settle()

    def close(self) -> None:
        """End what is open."""
        self.house.close()

    def _some(self, unit: Unit, several: list[tuple[int, random.Random]]) -> None:
        for number, chance in several:
            _Story(unit, self, number, chance).play()


@dataclass
class _Story:
    """One conversation being played."""

    within: Unit
    busy: Busy
    number: int
    chance: random.Random
    said: int = 0

    @property
    def unit(self) -> Unit:
        """In the same transaction another unit for each thing that happens: what is drawn in one is the same each time."""
        return replace(self.within, entropy=Entropy(self.chance.randbytes(32)), memo={})

    def play(self) -> None:
        """From its first message on, as far as there is time until now."""
        self.at = self.busy.now - SPAN + SPAN * self.chance.random()
        who = self.chance.randrange(CUSTOMERS)
        self.channel = ChannelName("bot" if who % 3 == 0 else "support")
        self.who = Address(f"c{who}@org{who % 5}.example", f"Customer {who}")
        self.topic = self.chance.choice(TOPICS)
        self.writes()
        found = self.unit.execute(
            t.conversation.select().with_only_columns(t.conversation.c.id).order_by(t.conversation.c.id.desc()).limit(1)
        ).scalar_one()
        self.id = ConversationId(found)
        if self.likely(0.03):
            self.acts("spam", 30)
            return
        self.aside()
        if self.likely(0.88):
            self.answers()
        if self.likely(0.3):
            self.after(300)
            self.writes()
            self.answers(0.8)
        if self.likely(0.7):
            self.ends()

    def ends(self) -> None:
        """It is done; some are opened again, and some customers tell how it went."""
        self.acts("done", 600)
        if self.likely(0.2):
            self.after(4_000)
            self.writes()
            self.answers(0.9)
            if self.likely(0.8):
                self.acts("done", 300)
        self.after(70, exactly=True)
        if self.at < self.busy.now and self.likely(0.5):
            survey_due(self.unit, self.playbook, self.at)
        if self.likely(0.3):
            self.rates()

    def aside(self) -> None:
        """What people do with it before they answer."""
        for odds, action, arguments in (
            (0.12, "team", {"team": self.chance.choice(list(TEAMS))}),
            (0.15, "priority", {"priority": self.chance.choice(("low", "normal", "high", "urgent"))}),
            (0.25, "take", {}),
            (0.2, "tag", {"add": [self.chance.choice(("vip", "later", "bug"))]}),
            (0.04, "snooze", {"until": "2 working days"}),
        ):
            if self.likely(odds):
                self.acts(action, 40, **arguments)

    @property
    def playbook(self) -> Playbook:
        return self.busy.house.playbook

    def likely(self, odds: float) -> bool:
        return self.chance.random() < odds

    def after(self, mean: float, *, exactly: bool = False) -> None:
        """Time passes: minutes, most often few."""
        self.at += timedelta(minutes=mean if exactly else self.chance.expovariate(1 / mean) + 1)

    def writes(self) -> None:
        """The customer writes; what follows refers to what they wrote first, or stands in their chat."""
        if self.at >= self.busy.now:
            return
        self.said += 1
        key = f"<m{self.number}.{self.said}@x>"
        landed = arrivals.land_one(self.unit, self.channel, arrivals.Landing(key, 2, b"{}"), self.at)
        assert landed is not None
        waiting = arrivals.one(self.unit, landed)
        assert waiting is not None
        chat = self.channel == "bot"
        message = InboundMessage(
            kind="message",
            key=NetworkKey(key),
            fingerprint=hashlib.sha256(key.encode()).hexdigest(),
            sender=self.who,
            to=(Address("support@acme"),),
            subject=f"{self.topic} {self.number % 7}" if not chat else "",
            text=f"Hello, my {self.topic} did not come. {self.said}",
            reply_text=f"Hello, my {self.topic} did not come. {self.said}",
            references=(NetworkKey(f"<m{self.number}.1@x>"),) if self.said > 1 else (),
            thread=f"t{self.number}" if chat else "",
            language=self.chance.choice(("en", "fa")),
            automatic="bulk" if self.likely(0.03) else None,
        )
        judge(self.unit, waiting.arrival(b"{}"), (message,), self.playbook, self.at)
        sent = {"state": DeliveryState.SENT.value, "settled_at": self.at}
        mine = t.delivery.c.purpose == Purpose.ACKNOWLEDGEMENT.value
        queued = t.delivery.c.state == DeliveryState.QUEUED.value
        self.unit.execute(t.delivery.update().where(mine, queued).values(**sent))

    def answers(self, odds: float = 1.0) -> None:
        """Somebody of ours answers; now and then it does not go out."""
        if not self.likely(odds):
            return
        self.after(150)
        done = self.does("reply", text="We have looked at it.")
        if done is not None and self.likely(0.03):
            self.after(5)
            for delivery in deliveries.of_messages(self.unit, [done]):
                if delivery.state is DeliveryState.QUEUED and self.at < self.busy.now:
                    settle(self.unit, delivery, Outcome(DeliveryState.CANCELLED), self.playbook, self.at)

    def acts(self, action: str, mean: float, **arguments: object) -> None:
        """Some agent does something to it, a while later."""
        self.after(mean)
        self.does(action, **arguments)

    def does(self, action: str, **arguments: object) -> MessageId | None:
        if self.at >= self.busy.now:
            return None
        agent = self.busy.agents[self.chance.choice(list(self.busy.agents))]
        doing = Doing(agent, self.id, Surface.API, self.playbook, self.at)
        try:
            return perform(self.unit, action, arguments, doing, once=f"{self.number} {action} {self.at}").message
        except Problem:
            return None  # it is done already, or spam: people are told so

    def rates(self) -> None:
        """They tell how it went, whether they were asked or not; and whether they would recommend us, if they were."""
        self.after(100)
        if self.at >= self.busy.now:
            return
        asked = unasked(self.unit, self.id, self.playbook, self.at)
        if asked is not None:
            rate(
                self.unit,
                asked,
                self.chance.choice((1, 2, 3, 4, 4, 5, 5, 5)),
                "",
                "page",
                "portal",
                self.playbook,
                self.at,
            )
        self.after(1_500, exactly=True)
        if self.at >= self.busy.now:
            return
        survey_due(self.unit, self.playbook, self.at)
        recommend = surveys.of(self.unit, Survey.NPS, self.id)
        if recommend is not None:
            rate(self.unit, recommend, self.chance.randrange(11), "", "link", "support", self.playbook, self.at)


def _people(unit: Unit) -> None:
    ids = {
        handle: people.put_agent(
            unit, Agent(AgentId(0), handle, handle.title(), f"{handle}@acme", lead=handle == "sara")
        )
        for members in TEAMS.values()
        for handle in members
    }
    for team, members in TEAMS.items():
        people.put_team(unit, team, team.title(), [ids[handle] for handle in members])
    for id in ids.values():
        for weekday in (5, 6, 0, 1, 2, 3):
            people.put_shift(unit, Shift(id, weekday, time(8), time(18), ZONE))
    article = {"slug": "parcels", "audience": "public", "tags": [], "created_at": NOW, "changed_at": NOW}
    written = unit.insert(t.article, **article)
    days = [(NOW - timedelta(days=n)).date().isoformat() for n in range(60)]
    kinds = ("shown", "opened", "solved")
    counts = [{"article_id": written, "day": day, "kind": kind, "count": len(kind)} for day in days for kind in kinds]
    unit.add(t.article_count, *counts)
    for name in ORGANIZATIONS:
        unit.add(t.organization, {"name": name})
    for who in range(CUSTOMERS):
        met, _ = people.meet(
            unit, "memory", Address(f"c{who}@org{who % 5}.example", f"Customer {who}"), None, "en", NOW - SPAN
        )
        if who % 5 < len(ORGANIZATIONS):
            values = {"organization_id": who % 5 + 1}
            unit.execute(t.contact.update().where(t.contact.c.id == met.id).values(**values))
    for number, agreed in enumerate((Agreed("vip", "always"), Agreed("standard")), start=1):
        first = (NOW - timedelta(days=400)).date()
        name, buyer = f"C-{number}", ContactId(number)
        held = Contract(ContractId(0), name, buyer, OrganizationId(number), "gold", agreed, first, None)
        assert contracts.add(unit, held, None, NOW) is not None
