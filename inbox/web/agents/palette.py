"""The palette: a list of everything that can be done here, found by a few letters; and the sheet of keys. Both are plain pages too."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.actions.registry import actions
from inbox.domain.conversations import Conversation
from inbox.domain.scope import Scope
from inbox.store import conversations, people
from inbox.store.scoped import whole
from inbox.store.shown import find
from inbox.store.unit import Unit
from inbox.text.fuzzy import closeness
from inbox.text.references import normalise
from inbox.web import session
from inbox.web.agents import commands
from inbox.web.agents.commands import Command
from inbox.web.agents.steps import MOST, Entry, Near, called, choices, fields, plain, single
from inbox.web.frame import Frame, House, frame

LONGEST = 200
"""Characters of what is looked for."""


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
        asked = () if action is None else tuple(fields(made, action))
        facts: dict[str, Any] = {
            "entries": _entries(made, near, typed) if action is None else choices(made, near, action, typed),
            "near": near,
            "typed": typed,
            "action": action.name if action else "",
            "title": called(made.say, f"act.{action.name}", action.name) if action else made.say("palette.title"),
            "asked": () if action is None or single(action) else asked,
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


def _entries(made: Frame, near: Near, typed: str) -> list[Entry]:
    found = [*_commands(made, near, typed), *_kept(made, typed)]
    ranked = sorted((one for one in found if one[0]), key=lambda one: -one[0])
    return [*_goal(made, near), *(entry for _, entry in ranked[:MOST]), *_search(made, typed)]


def _commands(made: Frame, near: Near, typed: str) -> Iterator[tuple[int, Entry]]:
    """What there is to do and where to go, each with how well it answers to what was typed."""
    visitor = made.visitor
    agent = visitor is not None and visitor.agent is not None
    acts = commands.of_actions(leads=visitor is not None and visitor.ops) if agent and near.reference else ()
    offered = [*acts, *commands.going(agent)]
    if visitor is not None:
        sees_all = whole(made.scope)
        offered += commands.places(agent=agent, sees_all=sees_all, ops=visitor.ops, administers=visitor.administers)
    for one in offered:
        yield closeness(typed, _names(made, one)), _entry(made, near, one)


def _kept(made: Frame, typed: str) -> Iterator[tuple[int, Entry]]:
    """The views that stand beside the lists."""
    for one in made.saved:
        yield closeness(typed, (one.name,)), Entry(one.name, made.say("palette.view"), href=f"/?saved={one.id}")


def _names(made: Frame, one: Command) -> list[str]:
    """What it is called in every language of the house, and in the words of the registry."""
    wording = made.house.wording
    say = [partial(wording.say, language) for language in wording.languages]
    return [plain(one.name), *(called(each, one.label, one.name) for each in say)]


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
