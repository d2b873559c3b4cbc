"""The playbook: everything that ops configured, checked and frozen; one for all units until the next reload."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from inbox.blobs import Blobs
from inbox.domain.choices import Menu
from inbox.domain.contracts import SendTo, Tier
from inbox.domain.desks import DeskPlan
from inbox.domain.fields import Field
from inbox.domain.ids import ChannelName
from inbox.ports.codec import Codec
from inbox.render import Templates
from inbox.render.macros import Macros
from inbox.rulebook.rulebook import Rulebook
from inbox.sla.board import Terms
from inbox.sla.hours import Calendar
from inbox.sla.policy import Policies, Policy
from inbox.text.tone import SILENT, ToneWords
from inbox.text.wording import Wording


@dataclass(frozen=True, slots=True)
class Brand:
    """The name that we speak under, and what stands below an answer. `accent`: its colour, as #rrggbb."""

    key: str
    name: str
    signature: str = ""
    accent: str = "#0f6f68"


@dataclass(frozen=True, slots=True)
class Speaker:
    """A channel as the path sees it. `degraded`: it cannot be relied on now, so nothing is promised on it.

    `menu`: what customers are asked there when a conversation opens.

    `automatic_per_hour`: how much may be said on it automatically before it falls silent; 0: any number.
    """

    name: ChannelName
    kind: str
    codec: Codec
    addresses: tuple[str, ...]
    brand: Brand
    reopen_within: timedelta
    policy: str = ""
    team: str = ""
    hours: str = ""
    degraded: bool = False
    automatic_per_hour: int = 0
    continues_on: ChannelName | None = None
    """The channel on which a conversation goes on with those who proved an address there."""
    leaves_after: timedelta = timedelta(minutes=2)
    """How long an answer that can be seen on our own pages is left unseen before it is sent there as well."""
    menu: Menu | None = None
    self_service: bool = False
    """Whether customers are shown a menu in which they find articles and their own requests."""
    fields: tuple[Field, ...] = ()
    """What its form asks besides, in this order."""
    send_after: timedelta = timedelta(0)
    """How long an answer is held back where its author can still take it back."""

    @property
    def address(self) -> str:
        """The address that we write from."""
        return self.addresses[0] if self.addresses else str(self.name)


@dataclass(frozen=True, slots=True)
class Promising:
    """How times are estimated: the percentile aimed at, how far ahead one dares to promise, and how many samples it takes."""

    percentile: float = 0.85
    horizon_days: int = 2
    samples: int = 20
    hours: str = "support"
    notices: int = 2
    """How often a question is told a new time by itself."""


@dataclass(frozen=True, slots=True)
class Paging:
    """How long it is waited for whoever is paged, and how often those on call are, before their leads are."""

    again: timedelta = timedelta(minutes=10)
    steps: int = 2


@dataclass(frozen=True, slots=True)
class FollowingUp:
    """Calls that customers wish for: the country of short numbers, how often and after how long one is tried again. Broadcasts: how many
    are told in a minute, and how long whoever was told one is left out of the next."""

    country: str = "IR"
    tries: int = 3
    again: timedelta = timedelta(hours=2)
    per_minute: int = 30
    rest: timedelta = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Surveys:
    """When customers are asked how it went (`csat`), and whether they would recommend us (`nps`); empty `teams` and `channels`: all."""

    csat: bool = False
    after: timedelta = timedelta(hours=1)
    share: float = 1.0
    rest: timedelta = timedelta(days=30)
    expires: timedelta = timedelta(days=14)
    teams: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    nps: bool = False
    nps_every: timedelta = timedelta(days=90)
    nps_quiet: timedelta = timedelta(days=14)
    nps_share: float = 1.0


@dataclass(frozen=True, slots=True)
class Suggesting:
    """When articles are offered as the answer: in the first answer of ours those as sure as `above`, `most` of them."""

    acknowledgement: bool = True
    above: float = 0.55
    most: int = 2


@dataclass(frozen=True, slots=True)
class Assets:
    """How many days before a warranty or a service ends we are told; none: never."""

    warn_before: tuple[int, ...] = (30, 7)


@dataclass(frozen=True, slots=True)
class Contracts:
    """How long before its last day it is told that a contract ends, from which shares (1: all) of a quota on that it is used; how long
    after a period its statement is issued, and who gets it where the contract does not say so."""

    warn_before: tuple[timedelta, ...] = (timedelta(days=60), timedelta(days=14))
    quota_at: tuple[float, ...] = (0.8, 1.0)
    statement_after: timedelta = timedelta(days=2)
    statements_to: SendTo = "leads"


@dataclass(frozen=True, slots=True)
class Budgets:
    """How much may be said automatically before the house falls silent and says so."""

    per_address_and_day: int = 20
    per_conversation_and_hour: int = 10
    per_minute: int = 60
    first_sync: int = 50
    hops: int = 50


@dataclass(frozen=True, slots=True)
class Playbook:
    """One generation of the configuration."""

    language: str
    zone: str
    rulebook: Rulebook
    policies: Mapping[str, Policy]
    calendars: Mapping[str, Calendar]
    channels: Mapping[ChannelName, Speaker]
    templates: Templates
    promising: Promising = Promising()
    budgets: Budgets = Budgets()
    paging: Paging = Paging()
    following_up: FollowingUp = FollowingUp()
    surveys: Surveys = Surveys()
    suggesting: Suggesting = Suggesting()
    assets: Assets = Assets()
    contracts: Contracts = Contracts()
    tiers: Mapping[str, Tier] = field(default_factory=dict)
    """What contracts can agree on, by name."""
    hides: frozenset[str] = frozenset()
    """What those who work for an outside company are not shown of conversations."""
    generation: int = 1
    others: Mapping[str, str] = field(default_factory=dict)
    """The texts of hours and policies, by file: they are kept with the rules that they went live with."""
    macros: Macros = field(default_factory=lambda: Macros({}))
    desks: tuple[DeskPlan, ...] = ()
    """Where agents see conversations in chats."""
    public_url: str = ""
    """Where our pages are found from outside, without a stroke at the end; empty: nobody says."""
    sticky: bool = True
    """Whether whoever answers a conversation that nobody has takes it."""
    blobs: Blobs | None = None
    """Where large bytes lie that came in, for what is passed on."""
    contact_fields: tuple[Field, ...] = ()
    """What agents write down of contacts, by type, in this order."""
    organization_fields: tuple[Field, ...] = ()
    """The same of organizations."""
    wording: Wording = field(default_factory=lambda: Wording({}), repr=False)
    """What is said without a template: menus of bots."""
    tones: ToneWords = SILENT
    """By which words a message sounds urgent, angry or abusive."""
    secret: bytes = field(default=b"", repr=False)
    """The site's own, which no database knows."""

    @property
    def portal(self) -> Speaker | None:
        """The channel of the pages on which customers see what is theirs; None: there are no such pages."""
        return next((one for one in self.channels.values() if one.codec.traits.portal), None)

    def day(self, now: datetime) -> date:
        """The day where we are."""
        return now.astimezone(ZoneInfo(self.zone)).date()

    @property
    def terms(self) -> Terms:
        """What clocks are judged by, and rules that wait."""
        usual = self.calendars.get(self.promising.hours)
        working = {"": usual} if usual else {}
        working |= {str(n): self.calendars[s.hours] for n, s in self.channels.items() if s.hours in self.calendars}
        return Terms(Policies(self.policies, self.calendars), self.calendars, self.rulebook.waiting, working)

    @property
    def counted(self) -> str:
        """What the due instants of rules that wait and of escalations are counted from; empty where nothing waits so."""
        waiting = [(w.rule, w.since, str(w.duration)) for w in self.rulebook.waiting]
        hours = sorted((name, calendar.hours.version) for name, calendar in self.terms.working.items())
        steps = [(name, policy.steps) for name, policy in sorted(self.policies.items()) if policy.steps]
        if not waiting and not steps:
            return ""
        counted = (waiting, hours, steps, self.terms.version) if steps else (waiting, hours)
        return hashlib.sha256(repr(counted).encode()).hexdigest()[:16]

    def speaks(self, language: str | None) -> str:
        """The language to answer in: the customer's where we have it, else the site's."""
        return language if language in ("fa", "en") else self.language
