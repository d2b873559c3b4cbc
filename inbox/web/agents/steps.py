"""What an action takes, as the palette asks for it: the choices of its only argument, or a form with all of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from inbox.actions.action import Action
from inbox.domain.people import Roster
from inbox.text.fuzzy import closeness
from inbox.web.agents import commands
from inbox.web.frame import Frame

MOST = 60
"""Lines of one list."""
SNOOZES: Mapping[str, str] = {"hours": "3h", "tomorrow": "tomorrow 9:00", "days": "3d", "week": "1w"}
"""Until when one snoozes most often, by the end of the key that names it, as `parse_when` reads it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `href`: a page, in the dialog itself where `step`; else a form of the action with these values."""

    words: str
    hint: str = ""
    key: str = ""
    href: str = ""
    step: bool = False
    action: str = ""
    values: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A field of an action that takes several."""

    name: str
    label: str
    kind: Literal["text", "choice", "flag"]
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Near:
    """What the palette knows of where it was opened."""

    reference: str = ""
    subject: str = ""
    version: int = 0
    tags: tuple[str, ...] = ()
    roster: Roster = Roster()
    goal: tuple[str, str] | None = None
    """The conversation that was typed: its reference and its subject."""


def fields(made: Frame, action: Action) -> Iterator[Asked]:
    """Each of its fields, in words."""
    for name, one in commands.fields(action).items():
        yield Asked(name, called(made.say, f"act.field.{name}", name), *_kind(made, name, one))


def _kind(
    made: Frame, name: str, one: FieldInfo
) -> tuple[Literal["text", "choice", "flag"], bool, tuple[tuple[str, str], ...]]:
    if one.annotation is bool:
        return "flag", False, ()
    if get_origin(one.annotation) is Literal:
        values = [str(value) for value in get_args(one.annotation)]
        return "choice", one.is_required(), tuple((value, _named(made, name, value)) for value in values)
    return "text", one.is_required(), ()


def _named(made: Frame, name: str, value: str) -> str:
    return called(made.say, f"{name}.{value}", value or "-")


def choices(made: Frame, near: Near, action: Action, typed: str) -> list[Entry]:
    """What the only argument of an action may be; what was typed comes last, as it is."""
    if not single(action):
        return []
    first = next(fields(made, action))
    offered = list(_offered(made, near, action.name, first))
    ranked = sorted(((closeness(typed, (e.words, e.hint)), e) for e in offered), key=lambda one: -one[0])
    found = [entry for close, entry in ranked if close][:MOST]
    if typed and first.kind == "text" and action.name != "assign":
        found.append(Entry(made.say("palette.take", words=typed), action=action.name, values={first.name: typed}))
    return found


def single(action: Action) -> bool:
    """Whether it is chosen from a list, or typed; tags are added one by one, and each that is there can go."""
    asked = commands.fields(action)
    return action.name == "tag" or (len(asked) == 1 and all(one.annotation is not bool for one in asked.values()))


def _offered(made: Frame, near: Near, action: str, asked: Asked) -> Iterator[Entry]:
    if action == "assign":
        yield from _people(made, near.roster)
    elif action == "snooze":
        for name, until in SNOOZES.items():
            yield Entry(made.say(f"web.snooze.{name}"), until, action=action, values={asked.name: until})
    elif action == "tag":
        for tag in near.tags:
            yield Entry(made.say("palette.untag", tag=tag), action=action, values={"remove": tag})
    else:
        for value, words in asked.choices:
            yield Entry(words, action=action, values={asked.name: value})


def _people(made: Frame, roster: Roster) -> Iterator[Entry]:
    me = made.visitor.agent if made.visitor else None
    for one in sorted(roster.agents, key=lambda one: one.id != me):
        if not one.disabled:
            words = made.say("palette.me") if one.id == me else one.called
            yield Entry(words, f"@{one.handle}", action="assign", values={"to": one.handle})
    for team in roster.teams:
        name = team.called
        yield Entry(made.say("palette.team", name=name), action="assign", values={"to": f"team:{team.name}"})
    yield Entry(made.say("web.nobody"), action="assign", values={"to": "none"})


def called(say: Callable[..., str], key: str, name: str) -> str:
    """The words of the catalogue; an action that it does not know yet is called by its own name."""
    try:
        return say(key)
    except KeyError:
        return plain(name)


def plain(name: str) -> str:
    """A name of the registry as words."""
    return name.replace("_", " ")
