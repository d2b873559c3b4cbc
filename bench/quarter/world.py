"""The world of the quarter: its site, its people, and when they write; all of it drawn from one seed."""

import math
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from inbox.domain.ids import AgentId
from inbox.domain.people import Absence, Agent, Shift
from inbox.store import people
from inbox.store.migrate import migrate
from inbox.store.store import Store
from inbox.store.unit import Unit

ROOT = Path(__file__).parents[2]
ZONE = ZoneInfo("Asia/Tehran")
FIRST = date(2026, 10, 3)
"""A Saturday, the first day of a week of work."""
HOLIDAYS = {date(2026, 11, 11): False, date(2026, 11, 30): True}
"""Days off, and whether their date was still an estimate."""
OVERLOAD = range(35, 40)
"""Days (counted from the first) on which far more is written than usual."""
DEGRADED = range(48, 50)
"""Days on which the sales mailbox cannot be relied on."""
OPEN = {5: (8.5, 17), 6: (8.5, 17), 0: (8.5, 17), 1: (8.5, 17), 2: (8.5, 17), 3: (8.5, 13)}
"""The working week once more, by weekday (0 is Monday) in hours of the local clock: what the figures are judged by."""

CONFIG = """\
[site]
name = "Acme"
language = "en"

[store]
url = "sqlite:///data/inbox.db"

[promise]
hours = ""

[channel.support]
kind = "memory"
address = "support@acme"
hours = "support"
team = "support"

[channel.chat]
kind = "chat"
address = "chat@acme"
hours = "support"
team = "support"

[channel.sales]
kind = "pages"
address = "sales@acme"
hours = "support"
team = "sales"

[channel.partners]
kind = "memory"
address = "partners@acme"
team = "partners"
"""
RULES = """\
format = 1

[[rule]]
name = "without targets"
when.channel = ["chat", "sales", "partners"]
then.policy = "open"
"""
POLICY = """
[policy.open]
hours = "support"

[policy.open.low]
[policy.open.normal]
[policy.open.high]
[policy.open.urgent]
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """How a channel's questions are: their share, how long one reply takes (median minutes), and how often they go on."""

    share: float
    minutes: float
    goes_on: float


KINDS = {
    "support": Kind(0.40, 11.0, 0.40),
    "chat": Kind(0.36, 6.0, 0.55),
    "sales": Kind(0.20, 17.0, 0.30),
    "partners": Kind(0.04, 12.0, 0.20),
}
SHIFTS = {
    "sara": ("support", (5, 6, 0, 1, 2, 3), time(8, 30), time(17)),
    "reza": ("support", (5, 6, 0, 1, 2), time(8, 30), time(15)),
    "mina": ("support", (5, 6, 0, 1, 2, 3), time(10), time(17)),
    "omid": ("support", (5, 0, 2, 3), time(8, 30), time(17)),
    "neda": ("sales", (5, 6, 0, 1, 2), time(8, 30), time(13)),
    "kian": ("sales", (6, 1, 2, 3), time(10), time(17)),
    "tara": ("partners", (6, 1), time(9), time(12)),
}
AWAY = {"reza": (17, 20), "sara": (59, 61), "neda": (73, 74), "mina": (80, 82)}
"""Absences, in days from the first to before the second."""


def lay(folder: Path) -> Store:
    """A site in this folder, with its people; the open store."""
    shutil.copytree(ROOT / "rules", folder / "rules", ignore=shutil.ignore_patterns("tests"))
    (folder / "rules" / "85-without-targets.toml").write_text(RULES, encoding="utf-8")
    with (folder / "rules" / "policies.toml").open("a", encoding="utf-8") as policies:
        policies.write(POLICY)
    hours = folder / "rules" / "hours.toml"
    days = "".join(
        f'{day} = {{ name = "Holiday", estimated = {str(estimated).lower()} }}\n' for day, estimated in HOLIDAYS.items()
    )
    head = "[hours.support.holidays]"
    text = hours.read_text(encoding="utf-8").replace('holidays_from = "IR"', "")
    lines = [f"{head}\n{days}" if line.startswith(head) else f"{line}\n" for line in text.splitlines()]
    hours.write_text("".join(lines), encoding="utf-8")
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "data").mkdir(mode=0o700)
    store = Store("sqlite:///data/inbox.db", folder)
    migrate(store)
    store.write_now(_everyone)
    return store


def _everyone(unit: Unit) -> None:
    ids = {}
    for handle in SHIFTS:
        ids[handle] = people.put_agent(unit, Agent(AgentId(0), handle, handle.title(), f"{handle}@acme"))
    for team in ("support", "sales", "partners"):
        people.put_team(unit, team, team.title(), [ids[h] for h, shift in SHIFTS.items() if shift[0] == team])
    for handle, (_, days, start, end) in SHIFTS.items():
        for day in days:
            people.put_shift(unit, Shift(ids[handle], day, start, end, ZONE.key))
    for handle, (first, last) in AWAY.items():
        people.add_absence(unit, Absence(ids[handle], midnight(first), midnight(last), "leave"))


def midnight(day: int) -> datetime:
    """The beginning of a day of the quarter, local time."""
    return datetime.combine(FIRST + timedelta(days=day), time(), ZONE)


def works(handle: str, at: datetime) -> bool:
    """Whether this agent is there at an instant: on shift, not away, and the house is not closed for the day."""
    local = at.astimezone(ZONE)
    _, days, start, end = SHIFTS[handle]
    first, last = AWAY.get(handle, (0, 0))
    away = midnight(first) <= at < midnight(last)
    wall = local.time().replace(tzinfo=None)
    return local.weekday() in days and start <= wall < end and not away and local.date() not in HOLIDAYS


@dataclass(frozen=True, slots=True)
class Question:
    """Somebody writes for the first time."""

    number: int
    at: datetime
    channel: str
    language: str
    urgent: bool

    @property
    def address(self) -> str:
        """Whose it is: one address a question."""
        return f"c{self.number}@customer.example"

    @property
    def text(self) -> str:
        """What is written; what is urgent, the shipped rules find by its words."""
        if self.language == "fa":
            return "سایت شما قطع شده، چه کنیم؟" if self.urgent else f"سلام، سفارش {self.number} کی می‌رسد؟"
        return "Your site is down, what now?" if self.urgent else f"Hello, when will order {self.number} arrive?"


HOURS = (2, 1, 1, 1, 1, 2, 4, 9, 16, 20, 20, 18, 15, 14, 15, 15, 13, 10, 8, 7, 7, 6, 5, 3)
"""How much is written in each hour of the local day, relative to one another."""
WEEKDAYS = (1.0, 1.0, 0.95, 0.6, 0.3, 1.15, 1.05)
"""The same by weekday, Monday first."""
A_DAY = 62.0
"""Questions of a usual day."""


def questions(chance: random.Random, days: int) -> Iterator[Question]:
    """All of them, in order of time."""
    number = 0
    for day in range(days):
        weight = WEEKDAYS[(FIRST + timedelta(days=day)).weekday()] * (1.7 if day in OVERLOAD else 1.0)
        count = poisson(chance, A_DAY * weight)
        seconds = sorted(3600 * (hour + chance.random()) for hour in chance.choices(range(24), HOURS, k=count))
        for second in seconds:
            number += 1
            (channel,) = chance.choices(list(KINDS), [kind.share for kind in KINDS.values()])
            language = "fa" if chance.random() < 0.6 else "en"
            at = midnight(day) + timedelta(seconds=second)
            yield Question(number, at, channel, language, urgent=chance.random() < 0.08)


def poisson(chance: random.Random, mean: float) -> int:
    """So many events where `mean` are usual: close to the normal for means as large as ours."""
    return max(0, round(chance.gauss(mean, math.sqrt(mean))))


def handling(chance: random.Random, channel: str) -> timedelta:
    """How long one reply takes: log-normal, and a moment before it is begun."""
    work = chance.lognormvariate(math.log(KINDS[channel].minutes), 0.7)
    return timedelta(minutes=min(work, 90.0) + chance.uniform(0.2, 2.0))
