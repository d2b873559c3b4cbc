"""The script of the demo's past: who wrote what how long ago, what was done about it, and what was kept; read from `talk/*.toml`."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

TALK = Path(__file__).parent / "talk"
CUSTOMER = "customer"
NETWORK = "network"
LETTER = "letter"
_SPANS = {"d": "days", "h": "hours", "m": "minutes"}


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was said or done. `by`: the customer, the network, or the handle of an agent."""

    ago: timedelta
    by: str
    what: str
    """Of an agent the action with its argument (`reply done`, `tag`); of the network what it is to do badly; of a customer
    the name of a file that comes with it, if any, or `letter` where their program sent HTML besides; `rates 5`: no message, but
    what they answer to a survey, with the text as its comment."""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation."""

    who: str
    address: str
    channel: str
    language: str
    subject: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Outage:
    """Something that is known to be down, and when there is news of it."""

    ago: timedelta
    tag: str
    news_in: timedelta
    words: dict[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """A view that an agent keeps: for themselves, or for a team of theirs."""

    name: str
    query: str
    by: str
    team: str = ""


@dataclass(frozen=True, slots=True)
class Script:
    """All of it."""

    talks: tuple[Talk, ...]
    outages: tuple[Outage, ...]
    views: tuple[Kept, ...]


def script(folder: Path = TALK) -> Script:
    """What the files say, in the order of their names. Raises ValueError where one cannot be read."""
    talks, outages, views = list[Talk](), list[Outage](), list[Kept]()
    for file in sorted(folder.glob("*.toml")):
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
        for one in tables.get("talk", ()):
            talks.append(Talk(**{**one, "subject": one.get("subject", ""), "steps": tuple(_steps(one["steps"]))}))
        for one in tables.get("outage", ()):
            times = {"ago": span(one["ago"]), "news_in": span(one["news_in"])}
            outages.append(Outage(tag=one["tag"], words=one["words"], **times))
        views += [Kept(**one) for one in tables.get("view", ())]
    return Script(tuple(talks), tuple(outages), tuple(views))


def _steps(rows: list[list[str]]) -> Iterator[Step]:
    for ago, by, *rest in rows:
        what, text = (rest[1] if len(rest) > 1 else "", rest[0]) if by == CUSTOMER else (rest[0], "".join(rest[1:]))
        yield Step(span(ago), by, what, text)


def span(typed: str) -> timedelta:
    """`2d3h` or `45m`. Raises ValueError."""
    if not re.fullmatch(r"(\d+[dhm])+", typed):
        raise ValueError(f"no span of time: {typed!r}")
    return timedelta(**{_SPANS[unit]: int(number) for number, unit in re.findall(r"(\d+)([dhm])", typed)})
