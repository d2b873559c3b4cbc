"""The palette: a list of everything that can be done here, found by a few letters; and the sheet of keys. Both are plain pages too."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.actions.action import Action
from inbox.actions.registry import actions
from inbox.domain.conversations import Conversation
from inbox.domain.people import Roster
from inbox.domain.scope import Scope
from inbox.store import conversations, people
from inbox.store.shown import find
from inbox.store.unit import Unit
from inbox.text.fuzzy import closeness
from inbox.text.references import normalise
from inbox.web import session
from inbox.web.agents import commands
from inbox.web.agents.commands import Command
from inbox.web.frame import Frame, House, frame

MOST = 60
"""Lines of one list."""
LONGEST = 200
"""Characters of what is looked for."""
PRESETS = ("3h", "tomorrow 9:00", "3d", "1w")
"""Until when one snoozes most often, as `parse_when` reads it."""


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


def routes(house: House) -> list[Route]:
    """The palette and the sheet."""
    palette = Palette(house)
    return [Route("/palette", palette.show), Route("/keys", palette.sheet)]


class Palette:
    """The routes. The owner of the site is no agent: to them it offers pages only."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def show(self, request: Request) -> Response:
        """GET `/palette?q=&ref=&do=`: what can be done with the conversation `ref`; with `do`, what that action takes."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        typed = request.query_params.get("q", "")[:LONGEST].strip()
        near = await self._house.store.read(_near, made.scope, request.query_params.get("ref", ""), typed)
        action = actions().get(request.query_params.get("do", "")) if near.reference else None
        if made.visitor.agent is None:
            action = None
        asked = () if action is None else tuple(_fields(made, action))
        facts: dict[str, Any] = {
            "entries": _entries(made, near, typed) if action is None else _choices(made, near, action, typed),
            "near": near,
            "typed": typed,
            "action": action.name if action else "",
            "title": called(made.say, f"act.{action.name}", action.name) if action else made.say("palette.title"),
            "asked": () if action is None or _single(action) else asked,
            "once": session.fresh(),
        }
        return made.page("palette", **facts)

    async def sheet(self, request: Request) -> Response:
        """GET `/keys`: every key."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        every = [one for one in commands.every(made.visitor.agent is not None) if one.key]
        groups = [(group, [one for one in every if one.group == group]) for group in commands.GROUPS]
        return made.page("keys", groups=groups)


def _near(unit: Unit, scope: Scope, typed: str, sought: str) -> Near:
    """The conversation that the palette is opened at, and the one that was typed, where there are such."""
    here, goal = _matter(unit, scope, typed), _matter(unit, scope, sought)
    near = Near(roster=people.roster(unit), goal=(goal.reference, goal.subject) if goal else None)
    if here is None:
        return near
    return replace(near, reference=here.reference, subject=here.subject, version=here.version, tags=here.tags)


def _matter(unit: Unit, scope: Scope, typed: str) -> Conversation | None:
    reference = normalise(typed) if typed else None
    found = find(unit, scope, reference) if reference else None
    return None if found is None else conversations.peek(unit, found)


# -- the list of commands ----------------------------------------------------------------------------------------------
def _entries(made: Frame, near: Near, typed: str) -> list[Entry]:
    agent = made.visitor is not None and made.visitor.agent is not None
    offered = [
        *(commands.of_actions() if agent and near.reference else ()),
        *commands.going(agent),
    ]
    found = [(closeness(typed, _names(made, one)), one) for one in offered]
    ranked = sorted((one for one in found if one[0]), key=lambda one: -one[0])
    return [*_goal(made, near), *(_entry(made, near, one) for _, one in ranked[:MOST]), *_search(made, typed)]


def _names(made: Frame, one: Command) -> list[str]:
    """What it is called in every language of the house, and in the words of the registry."""
    wording = made.house.wording
    say = [partial(wording.say, language) for language in wording.languages]
    return [_plain(one.name), *(called(each, one.label, one.name) for each in say)]


def _entry(made: Frame, near: Near, one: Command) -> Entry:
    words = called(made.say, one.label, one.name)
    match one.way:
        case "go":
            return Entry(words, made.say("palette.page"), one.key, one.to)
        case "at":
            return Entry(words, "", one.key, f"/c/{near.reference}{one.to}")
        case "step":
            return Entry(f"{words} …", "", one.key, f"/palette?ref={near.reference}&do={one.name}", step=True)
        case _:
            return Entry(words, "", one.key, action=one.name)


def _goal(made: Frame, near: Near) -> Iterator[Entry]:
    if near.goal is not None:
        reference, subject = near.goal
        yield Entry(made.say("palette.open", reference=reference), subject, href=f"/c/{reference}")


def _search(made: Frame, typed: str) -> Iterator[Entry]:
    if typed:
        url = made.request.url.replace(path="/", query="").include_query_params(q=typed)
        yield Entry(made.say("palette.search", words=typed), href=f"{url.path}?{url.query}")


# -- what an action takes ----------------------------------------------------------------------------------------------
def _fields(made: Frame, action: Action) -> Iterator[Asked]:
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


def _choices(made: Frame, near: Near, action: Action, typed: str) -> list[Entry]:
    """What the only argument of an action may be; what was typed comes last, as it is."""
    if not _single(action):
        return []
    first = next(_fields(made, action))
    offered = list(_offered(made, near, action.name, first))
    ranked = sorted(((closeness(typed, (e.words, e.hint)), e) for e in offered), key=lambda one: -one[0])
    found = [entry for close, entry in ranked if close][:MOST]
    if typed and first.kind == "text" and action.name != "assign":
        found.append(Entry(made.say("palette.take", words=typed), action=action.name, values={first.name: typed}))
    return found


def _single(action: Action) -> bool:
    """Whether it is chosen from a list, or typed; tags are added one by one, and each that is there can go."""
    asked = commands.fields(action)
    return action.name == "tag" or (len(asked) == 1 and all(one.annotation is not bool for one in asked.values()))


def _offered(made: Frame, near: Near, action: str, asked: Asked) -> Iterator[Entry]:
    if action == "assign":
        yield from _people(made, near.roster)
    elif action == "snooze":
        for number, until in enumerate(PRESETS, 1):
            yield Entry(made.say(f"palette.snooze.{number}"), until, action=action, values={asked.name: until})
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
            words = made.say("palette.me") if one.id == me else one.name or one.handle
            yield Entry(words, f"@{one.handle}", action="assign", values={"to": one.handle})
    for team in roster.teams:
        name = team.title or team.name
        yield Entry(made.say("palette.team", name=name), action="assign", values={"to": f"team:{team.name}"})
    yield Entry(made.say("web.nobody"), action="assign", values={"to": "none"})


def called(say: Callable[..., str], key: str, name: str) -> str:
    """The words of the catalogue; an action that it does not know yet is called by its own name."""
    try:
        return say(key)
    except KeyError:
        return _plain(name)


def _plain(name: str) -> str:
    return name.replace("_", " ")
