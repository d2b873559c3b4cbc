"""What templates may use, for people who write them: the facts of each, from the dataclasses themselves, and the filters, each
with what it makes of an example. Nothing here is written twice, so nothing can go stale."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from inbox.domain.facts import Facts, facts_of
from inbox.render import filters, running
from inbox.render.examples import examples
from inbox.render.sandbox import Sandbox
from inbox.text import dates
from inbox.text.wording import Wording


@dataclass(frozen=True, slots=True)
class Fact:
    """One name that a template is given. `kind`: `text`, `number`, `amount`, `yes_no`, `instant`, `zone`, `choice`, `list` or `facts`;
    `of`: the values of a choice; `or_none`: whether there may be none; `meaning`: keys of the catalogue, the first that there is.

    A fact of each item of a list is named `lines[].at`, one of a thing that has several `asset.product`.
    """

    name: str
    kind: str
    of: tuple[str, ...]
    or_none: bool
    meaning: tuple[str, ...]
    example: object


@dataclass(frozen=True, slots=True)
class Made:
    """What a filter makes: as it is written in a template, and what is then said."""

    name: str
    written: str
    said: str


_KINDS: dict[Any, str] = {str: "text", int: "number", bool: "yes_no", datetime: "instant", ZoneInfo: "zone"}

_SAMPLES = {
    "moment": "due_at|moment",
    "day": "due_at|day(year=false)",
    "time": "due_at|time",
    "other_calendar": "due_at|other_calendar",
    "both_calendars": "due_at|both_calendars",
    "same_day": '{% if due_at|same_day(opens_at) %}{{ "…" }}{% endif %}',
    "duration": "4800|duration",
    "spoken": "zone|spoken",
    "digits": "48213|digits",
    "number": "1250000|number",
    "money": '1250000|money("IRR", toman=true)',
    "titled": "contact_name|titled(contact_title)",
    "default": 'ask|default("…")',
    "length": "subject|length",
    "re": "subject|re",
    "direction": "subject|direction",
    "bdi": "reference|bdi",
    "quoted": "subject|quoted",
    "paragraphs": "subject|paragraphs",
}


def facts(template: str, language: str) -> tuple[Fact, ...]:
    """The facts of a template, in the order in which they are declared; those of a list's items after it."""
    return tuple(_facts(facts_of(template), examples(template, language), ""))


def made(language: str) -> tuple[Made, ...]:
    """Each filter of message templates with what it makes of the example facts of an acknowledgement."""
    told = next(one for one in examples("acknowledgement", language) if getattr(one, "opens_at", None) is not None)
    values = {field.name: getattr(told, field.name) for field in fields(told)}
    return tuple(_made(name, sample, values) for name, sample in _SAMPLES.items())


def names() -> frozenset[str]:
    """The filters that there are."""
    return frozenset({**filters.TEXT, **filters.HTML})


def kind(wording: Wording, language: str, fact: Fact) -> str:
    """A type in plain words: "text", "one of: answer, update, none", "an instant, or none"."""
    of = ", ".join(one or wording.say(language, "facts.type.nothing") for one in fact.of)
    word = wording.say(language, f"facts.type.{fact.kind}", of=of)
    return wording.say(language, "facts.type.or_none", what=word) if fact.or_none else word


def meaning(wording: Wording, language: str, fact: Fact) -> str:
    """What a fact tells; empty where the catalogue has no word for it."""
    for key in fact.meaning:
        try:
            return wording.say(language, key)
        except KeyError:
            continue
    return ""


def value(facts: Facts, fact: Fact) -> object:
    """What the fact is among these; None for one of an item of a list, and where there is nothing that has it."""
    found: object = facts
    for name in () if "[" in fact.name else fact.name.split("."):
        found = getattr(found, name, None)
    return None if found is facts else found


def shown(value: object, wording: Wording, language: str, zone: ZoneInfo) -> str:
    """A fact's value as people read it: an instant as a moment, a list by its length; what is empty is empty."""
    if isinstance(value, bool):
        return wording.say(language, "cli.yes" if value else "cli.no")
    if isinstance(value, datetime):
        return dates.moment(value, language, zone)
    if isinstance(value, tuple):
        return f"({len(value)})" if value and is_dataclass(value[0]) else ", ".join(map(str, value))
    return "" if value is None or is_dataclass(value) else str(value)


def _facts(kind: Any, cases: Sequence[object], within: str) -> Iterator[Fact]:
    """`example` is the first of the cases' values that is not empty, where there is one."""
    hints = get_type_hints(kind)
    for field in fields(kind):
        values = [getattr(case, field.name) for case in cases]
        value = next((one for one in values if one not in ("", (), None)), values[0] if values else None)
        inner, or_none = _optional(hints[field.name])
        word, of, item = _kind(inner)
        meaning = (f"facts.{kind.__name__}.{field.name}", f"facts.{field.name}")
        yield Fact(f"{within}{field.name}", word, of, or_none, meaning, value)
        if item is not None:
            items = value if isinstance(value, tuple) else tuple(one for one in values if one is not None)
            yield from _facts(item, items, f"{within}{field.name}{'.' if word == 'facts' else '[].'}")


def _optional(hint: Any) -> tuple[Any, bool]:
    if isinstance(hint, UnionType) and NoneType in get_args(hint):
        return next(one for one in get_args(hint) if one is not NoneType), True
    return hint, False


def _kind(hint: Any) -> tuple[str, tuple[str, ...], Any]:
    """The word for a type, the values of a choice, and the dataclass of a list's items, or of the one thing that it is."""
    if is_dataclass(hint):
        return "facts", (), hint
    if get_origin(hint) is Literal:
        return "choice", tuple(map(str, get_args(hint))), None
    if get_origin(hint) is tuple:
        item = get_args(hint)[0]
        return "list", (), item if is_dataclass(item) else None
    return _KINDS.get(hint, "amount"), (), None


def _made(name: str, sample: str, values: dict[str, object]) -> Made:
    html = name not in filters.TEXT
    sandbox = Sandbox(filters.HTML if html else filters.TEXT, autoescape=html)
    written = sample if sample.startswith("{%") else f"{{{{ {sample} }}}}"
    direction = "rtl" if values["language"] == "fa" else "ltr"
    given = {**values, "direction": direction, running.TURNS: [running.LOOP_CAP], running.PARTS: {}}
    return Made(name, written, running.run(sandbox.from_string(written), given))
