"""When customers write, by which way and what: a timetable that is made before and waits for nobody.

Arrivals are a Poisson process of a seed. Six in ten open a matter, the others follow one up that was opened by the same way some
time before; three in five are Persian, one mail in twenty carries a picture. All bytes are made here, so that sending costs little.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bench.letters import Heading, Language, Person, letter, paragraphs, phrase

OPENING = 0.6
PERSIAN = 0.6
PICTURED = 20
"""Every so many-th mail carries one."""
RESTS = 10.0
"""Seconds after which somebody writes again about their matter, at the soonest."""


class Way(StrEnum):
    """How it comes in."""

    LISTENER = "listener"
    IMAP = "imap"
    CHAT = "chat"


SHARES = {Way.LISTENER: 5, Way.IMAP: 3, Way.CHAT: 2}


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message. `at`: seconds from the beginning. `key`: its Message-ID; in a chat a word that stands in its text."""

    number: int
    at: float
    way: Way
    matter: int
    opens: bool
    language: Language
    key: str
    content: bytes


@dataclass(slots=True)
class _Matter:
    number: int
    language: Language
    customer: Person
    subject: str
    spoke_at: float
    keys: list[str] = field(default_factory=list)
    quoted: Sequence[str] = ()


def timetable(rate: float, seconds: float, seed: int, now: datetime) -> Iterator[Arrival]:
    """The arrivals of so many seconds, `rate` in each of them on average; the mails are dated from `now` on."""
    chance = random.Random(seed)
    customers = _Customers(chance, now)
    at = chance.expovariate(rate)
    number = 0
    while at < seconds:
        yield customers.write(number, at)
        number += 1
        at += chance.expovariate(rate)


class _Customers:
    def __init__(self, chance: random.Random, now: datetime) -> None:
        self._chance = chance
        self._now = now
        self._known: dict[Way, list[_Matter]] = {way: [] for way in Way}
        self._opened = 0

    def write(self, number: int, at: float) -> Arrival:
        """The next message."""
        way = self._chance.choices(list(SHARES), list(SHARES.values()))[0]
        found = None if self._chance.random() < OPENING else self._rested(way, at)
        matter = found or self._open(way, at)
        matter.spoke_at = at
        key = f"<load.{number:06d}@customer.test>" if way is not Way.CHAT else f"load{number:06d}"
        content = self._chat(matter, key) if way is Way.CHAT else self._mail(matter, key, number, at)
        matter.keys.append(key)
        return Arrival(number, at, way, matter.number, found is None, matter.language, key, content)

    def _rested(self, way: Way, at: float) -> _Matter | None:
        """One of a handful that anybody may come back to; None where all of them wrote just now."""
        known = self._known[way]
        some = self._chance.sample(known, min(len(known), 5))
        return next((one for one in some if at - one.spoke_at > RESTS), None)

    def _open(self, way: Way, at: float) -> _Matter:
        language = Language.PERSIAN if self._chance.random() < PERSIAN else Language.ENGLISH
        number, self._opened = self._opened, self._opened + 1
        customer = Person(f"Customer {number}", f"customer{number}@shop{number % 40}.test")
        subject = phrase(self._chance, language, self._chance.randint(3, 8))
        matter = _Matter(number, language, customer, subject, at)
        self._known[way].append(matter)
        return matter

    def _mail(self, matter: _Matter, key: str, number: int, at: float) -> bytes:
        subject = f"Re: {matter.subject}" if matter.keys else matter.subject
        heading = Heading(matter.customer, subject, key, self._now + timedelta(seconds=at), tuple(matter.keys))
        told, quoted = paragraphs(self._chance, matter.language), matter.quoted
        matter.quoted = told[:2]
        return letter(self._chance, heading, matter.language, told, quoted, attach=number % PICTURED == 7)

    def _chat(self, matter: _Matter, key: str) -> bytes:
        return f"{phrase(self._chance, matter.language, self._chance.randint(4, 25))} {key}".encode()
