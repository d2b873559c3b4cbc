"""What is typed behind an action's word, in mail and chats, as the action's arguments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Typed:
    """How the rest of a line becomes arguments. `named`: catalogue keys whose words stand for the last part of the key
    (`priority.high`: «بالا» is `high`); `needed`: without a rest it means nothing."""

    read: Callable[[str], Mapping[str, object]]
    needed: bool = False
    named: tuple[str, ...] = ()


def nothing(_: str) -> Mapping[str, object]:
    """Whatever stands there is no argument."""
    return {}


NOTHING = Typed(nothing)
"""The word says it all."""


def whole(argument: str, *named: str) -> Typed:
    """The rest is one argument, which has to be there."""
    return Typed(lambda rest: {argument: rest}, needed=True, named=named)


def perhaps(argument: str) -> Typed:
    """The rest is one argument, or its usual value."""
    return Typed(lambda rest: {argument: rest} if rest else {})


def tags(rest: str) -> Mapping[str, object]:
    """`billing -old`: what comes, and what goes."""
    words = rest.replace(",", " ").replace("،", " ").split()
    gone = tuple(word[1:] for word in words if word[0] in "-−" and word[1:])
    return {"add": tuple(word.lstrip("+") for word in words if word[0] not in "-−"), "remove": gone}


def pair(name: str, value: str) -> Callable[[str], Mapping[str, object]]:
    """The first word, and the rest."""

    def read(rest: str) -> Mapping[str, object]:
        first, _, behind = rest.partition(" ")
        return {name: first, value: behind.strip()}

    return read


def task(rest: str) -> Mapping[str, object]:
    """`tomorrow @sara: call them`: by when, whose it is, and what."""
    by, _, text = rest.partition(":") if ": " in rest else rest.partition(" ")
    named = [word for word in by.split() if word.startswith("@") and word[1:]]
    when = " ".join(word for word in by.split() if word not in named)
    whose = {"agent": named[0][1:]} if named else {}
    return {"by": when, "text": text.strip(), **whose}


def coded(rest: str) -> Mapping[str, object]:
    """`SN-1234 5678`, or with a hyphen before it: it is not that."""
    return {"code": rest.lstrip("-−").strip(), "off": rest[:1] in ("-", "−")}
