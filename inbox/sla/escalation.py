"""Escalation: steps of a policy before and after a target, and how they are read from `rules/policies.toml`."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from inbox.domain.conversations import Priority
from inbox.sla.durations import Duration, parse
from inbox.sla.metrics import Metric
from inbox.sla.reading import Reading, Table
from inbox.text.durations import spoken
from inbox.text.fold import fold_spaced, persian_digits

_SHARE = re.compile(r"(\d{1,3}) ?[%٪]")
_KEYS = ("clock", "at", "after", "priority", "then")
_THEN = ("raise_priority_to", "team", "tag", "note")
MOST = 50
"""Steps of one policy."""


@dataclass(frozen=True, slots=True)
class Step:
    """At a share of a clock's time (1 to 100 percent), or `after` its target: what is done then, once in a cycle of the clock.

    Only while the conversation has one of `priorities`. What a person has set is left alone, as rules leave it alone.
    """

    metric: Metric
    share: int | None = None
    after: Duration | None = None
    priorities: tuple[Priority, ...] = tuple(Priority)
    raise_to: Priority | None = None
    team: str = ""
    tags: tuple[str, ...] = ()
    note: str = ""

    @property
    def name(self) -> str:
        """By which it is told apart from the other steps of a clock."""
        return f"{self.share}%" if self.share is not None else str(self.after)


def worded(step: str, language: str, say: Callable[..., str]) -> str:
    """The name of a step in words: "at 80 % of its time", "2 working hours after the target"."""
    if step.endswith("%"):
        share = step.removesuffix("%")
        return say("escalation.share", share=persian_digits(share) if language == "fa" else share)
    return say("escalation.after", duration=spoken(parse(step, "step"), language))


def read_steps(reading: Reading, value: object, path: str) -> tuple[Step, ...]:
    """The steps of a policy's `escalate`; what is wrong with them is noted."""
    if not isinstance(value, list) or len(value) > MOST:
        reading.wrong("sla.not_steps", path, most=MOST)
        return ()
    found: list[Step] = []
    for number, table in enumerate(value, start=1):
        place = f"{path}[{number}]"
        for step in _steps(reading, reading.table(table, place), place):
            if any(_same(step, other) for other in found):
                reading.wrong("sla.step_twice", place, clock=step.metric.value, step=step.name)
            found.append(step)
    return tuple(found)


def _same(one: Step, other: Step) -> bool:
    return (one.metric, one.name) == (other.metric, other.name) and not {*one.priorities}.isdisjoint(other.priorities)


def _steps(reading: Reading, table: Table, path: str) -> Iterator[Step]:
    """A step for each clock that it names."""
    before = len(reading.problems)
    reading.known(table, path, _KEYS)
    metrics = _several(reading, table.get("clock", list(Metric)), f"{path}.clock", tuple(Metric))
    priorities = _several(reading, table.get("priority", list(Priority)), f"{path}.priority", tuple(Priority))
    share, later = _when(reading, table, path)
    then = reading.table(table.get("then", {}), f"{path}.then")
    reading.known(then, f"{path}.then", _THEN)
    if not then:
        reading.wrong("sla.step_does_nothing", path)
    raise_to = (
        reading.one_of(then["raise_priority_to"], f"{path}.then.raise_priority_to", tuple(Priority))
        if ("raise_priority_to" in then)
        else None
    )
    team, note = (_text(reading, then, name, path) for name in ("team", "note"))
    tags = _tags(reading, then, f"{path}.then.tag")
    if len(reading.problems) > before:
        return
    for metric in metrics:
        yield Step(
            metric=Metric(metric),
            share=share,
            after=later,
            priorities=tuple(one for one in Priority if one.value in priorities),
            raise_to=Priority(raise_to) if raise_to else None,
            team=team,
            tags=tags,
            note=note,
        )


def _when(reading: Reading, table: Table, path: str) -> tuple[int | None, Duration | None]:
    if ("at" in table) == ("after" in table):
        reading.wrong("sla.step_when", path)
        return None, None
    if "after" in table:
        text = reading.text(table["after"], f"{path}.after")
        place = reading.place(f"{path}.after")
        return None, reading.attempt(partial(parse, text, place)) if text is not None else None
    text = reading.text(table["at"], f"{path}.at")
    found = _SHARE.fullmatch(" ".join(fold_spaced(text).split())) if text is not None else None
    if text is not None and (found is None or not 1 <= int(found[1]) <= 100):
        reading.wrong("sla.not_a_share", f"{path}.at", value=text)
        return None, None
    return (int(found[1]) if found else None), None


def _several(reading: Reading, value: object, path: str, names: Collection[str]) -> list[str]:
    values = value if isinstance(value, list) else [value]
    if not values:
        reading.wrong("sla.not_text", path, value=value)
    return [found for one in values if (found := reading.one_of(one, path, names)) is not None]


def _text(reading: Reading, then: Mapping[str, object], name: str, path: str) -> str:
    return (reading.text(then[name], f"{path}.then.{name}") or "") if name in then else ""


def _tags(reading: Reading, then: Mapping[str, object], path: str) -> tuple[str, ...]:
    if "tag" not in then:
        return ()
    value = then["tag"]
    values = value if isinstance(value, list) and value else [value]
    return tuple(dict.fromkeys(found for one in values if (found := reading.text(one, path)) is not None))
