"""Those around the house: who writes, who answers by machine, and agents who insist on an act until it is done."""

import random
from dataclasses import dataclass, field
from typing import Any

from channels.memory.network import Entry, Network
from inbox.domain.ids import ChannelName
from tests.simulation.loop import VirtualLoop

CHANNELS = (ChannelName("support"), ChannelName("desk"))
SUPPORT, CHAT = "support@acme", "desk@chat"
ASKED = (
    "Where is my order {n}?",
    "سفارش {n} من کجاست؟",
    "The lamp {n} does not work.\nPlease help.",
    "فاکتور {n} اشتباه است",
)
ANSWERED = ("It leaves today ({n}).", "امروز فرستاده می‌شود ({n}).", "A long answer {n}. " + "We looked into it. " * 30)


@dataclass(slots=True)
class Customer:
    """`machine`: their program answers whatever comes, and says that it does. `parrot`: it does not say so."""

    address: str
    language: str
    to: str
    machine: bool = False
    parrot: bool = False
    heard: int = 0
    wrote: int = 0
    """How often they wrote themselves."""

    @property
    def answers(self) -> bool:
        """Whether a program answers for them, whatever it says that it is."""
        return self.machine or self.parrot


def customers() -> list[Customer]:
    """By mail and in a chat, in both languages; one is away, one has a responder that does not say what it is."""
    return [
        Customer("ali@customer", "fa", SUPPORT),
        Customer("lena@customer", "en", SUPPORT),
        Customer("away@customer", "en", SUPPORT, machine=True),
        Customer("parrot@customer", "fa", SUPPORT, parrot=True),
        Customer("1001@chat", "fa", CHAT),
        Customer("1002@chat", "en", CHAT),
    ]


@dataclass(slots=True)
class Crowd:
    """All who write to us."""

    network: Network
    chance: random.Random
    loop: VirtualLoop
    all: list[Customer] = field(default_factory=customers)
    asked: list[str] = field(default_factory=list)
    """Keys of what persons wrote."""
    number: int = 0

    def somebody_writes(self) -> None:
        """A new matter, an answer to what we said last, or the same bytes once more."""
        one = self.chance.choice(self.all)
        mine, kind = self.network.received(one.address), self.chance.random()
        if kind < 0.15 and self.asked:
            self._again(self.chance.choice(self.asked[-10:]))
            return
        one.wrote += 1
        if kind < 0.5 and mine:
            self.asked.append(self._answers(one, self.chance.choice(mine[-3:]), self._words(one)))
        else:
            subject = {"subject": f"Matter {self.number}"} if one.to == SUPPORT else {"thread": one.address}
            key = self.network.write(one.address, one.to, self._words(one), language=one.language, **subject)
            self.asked.append(key)

    def machines_answer(self) -> None:
        """Whatever reached a program since it last looked."""
        for one in self.all:
            if not one.answers:
                continue
            mine = self.network.received(one.address)
            for entry in mine[one.heard :]:
                more: dict[str, Any] = {"automatic": "auto-reply"} if one.machine else {}
                self._answers(one, entry, "I am away until Monday", **more)
            one.heard = len(mine)

    def _answers(self, one: Customer, entry: Entry, text: str, **more: Any) -> str:
        thread = {"thread": one.address} if one.to == CHAT else {}
        return self.network.answer(entry, text, language=one.language, **thread, **more)

    def _again(self, key: str) -> None:
        """As networks do that are not sure."""
        first = next(entry for entry in self.network.ledger if entry.what == "written" and entry.key == key)
        self.network.offer(first.address, first.raw, key)

    def _words(self, one: Customer) -> str:
        self.number += 1
        mine = [words for words in ASKED if words.isascii() == (one.language == "en")]
        return self.chance.choice(mine).format(n=self.number)


@dataclass(slots=True)
class Act:
    """What an agent wants done, under a key of their own: asked for again until somebody says what came of it."""

    once: str
    who: str
    conversation: int
    action: str
    arguments: dict[str, Any]
    outcome: str = ""
    """`done`, `refused`, or nothing: nobody ever said."""
    tries: int = 0

    @property
    def mark(self) -> str:
        """What is found in its words and in no others."""
        return f"[{self.once}]"


def act(chance: random.Random, number: int, who: str, conversation: int) -> Act:
    """One of what agents do, mostly answers."""
    drawn = chance.random()
    words = f"{chance.choice(ANSWERED).format(n=number)} [act {number}]"
    if drawn < 0.55:
        return Act(f"act {number}", who, conversation, "reply", {"text": words, "anyway": True})
    if drawn < 0.65:
        return Act(f"act {number}", who, conversation, "note", {"text": words})
    if drawn < 0.8:
        return Act(f"act {number}", who, conversation, "done", {})
    if drawn < 0.9:
        return Act(f"act {number}", who, conversation, "take", {})
    return Act(f"act {number}", who, conversation, "snooze", {"until": "2 hours"})
