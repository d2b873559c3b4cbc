"""A fixed stream of chat beside the mail: talks of several messages with a bot and in the web chat, and what must come of them.

    python -m bench.workload OUT --talks 200

Each talk is one person's, in Persian or English, and interleaved with those of others. Of the messages 3 % are brought again as
they were, as networks and browsers do that heard no answer, and one in ten on the bot is a picture with words under it.
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bench.letters import Language, phrase

FIRST_PERSON = 10_000
AT_ONCE = 12
"""People who talk at the same time."""


class Network(StrEnum):
    """Where somebody talks."""

    BOT = "bot"
    PAGE = "web"


class Part(StrEnum):
    """What a message is in its talk, and so what must become of it."""

    FIRST = "first"  # opens a conversation and is acknowledged
    NEXT = "next"  # joins its conversation
    AGAIN = "again"  # the same as before: no second message


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the stream. `talk` counts from 0 in order of beginning, `number` within the talk; one that is brought
    again has the number and the words of the one it repeats."""

    index: int
    part: Part
    network: Network
    talk: int
    number: int
    text: str
    picture: bool

    @property
    def person(self) -> int:
        """Who says it: another in each talk."""
        return FIRST_PERSON + self.talk


@dataclass(frozen=True, slots=True)
class ExpectedTalks:
    """What must be true after the whole stream; each number is an exact count."""

    brought: int
    conversations: int
    joins: int
    again: int
    acknowledgements: int
    pictures: int

    @classmethod
    def of(cls, words: Iterable[Said]) -> "ExpectedTalks":
        """The outcome that a stream deserves."""
        known = list(words)
        seen = Counter(one.part for one in known)
        return cls(
            brought=len(known),
            conversations=seen[Part.FIRST],
            joins=seen[Part.NEXT],
            again=seen[Part.AGAIN],
            acknowledgements=seen[Part.FIRST],
            pictures=sum(one.picture for one in known if one.part is not Part.AGAIN),
        )


@dataclass(slots=True)
class _Talk:
    number: int
    network: Network
    language: Language
    left: int
    said: int = 0


def build(count: int, seed: int) -> Iterator[Said]:
    """The messages of `count` talks in order of arrival: the same count and seed always give the same."""
    chance = random.Random(seed)
    begun, index = 0, 0
    going_on: list[_Talk] = []
    while going_on or begun < count:
        if begun < count and (not going_on or (len(going_on) < AT_ONCE and chance.random() < 0.4)):
            talk = _Talk(begun, _network(chance), _language(chance), chance.randint(1, 6))
            going_on.append(talk)
            begun += 1
        else:
            talk = chance.choice(going_on)
        one = _say(chance, talk, index)
        yield one
        index += 1
        if chance.random() < 0.03:
            yield Said(index, Part.AGAIN, one.network, one.talk, one.number, one.text, one.picture)
            index += 1
        if talk.said == talk.left:
            going_on.remove(talk)


def _network(chance: random.Random) -> Network:
    return Network.BOT if chance.random() < 0.5 else Network.PAGE


def _language(chance: random.Random) -> Language:
    return Language.PERSIAN if chance.random() < 0.6 else Language.ENGLISH


def _say(chance: random.Random, talk: _Talk, index: int) -> Said:
    part = Part.NEXT if talk.said else Part.FIRST
    text = phrase(chance, talk.language, chance.randint(3, 25))
    picture = talk.network is Network.BOT and chance.random() < 0.1
    talk.said += 1
    return Said(index, part, talk.network, talk.number, talk.said, text, picture)


def rows(words: Iterable[Said]) -> list[list[object]]:
    """The stream as plain values for JSON."""
    return [[one.index, one.part, one.network, one.talk, one.number, one.text, one.picture] for one in words]
