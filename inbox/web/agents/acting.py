"""Acting: a form on a page becomes an action of the registry, and the answer is the page again with the sentence about it."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from inbox.actions.action import Doing, Done, Surface
from inbox.actions.registry import Misused, actions, perform
from inbox.actions.told import told as sentence
from inbox.domain.ids import AgentId, ConversationId
from inbox.domain.problems import Problem
from inbox.domain.scope import Scope
from inbox.pipeline.playbook import Playbook
from inbox.store import people
from inbox.store.shown import find
from inbox.store.unit import Unit
from inbox.text.references import normalise
from inbox.web.forms import Form, posted
from inbox.web.frame import Frame, House, frame

ARGUMENT = "arg."
"""May stand before the name of any argument: a field called `remove` hides from scripts how a form itself is removed."""
MOST = 30 * 1024 * 1024
"""Bytes of a form with its files; how large the files of one answer may be, the network says."""


class Acting:
    """The route of all actions. The owner of the site is no agent: nobody acts as nobody."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def act(self, request: Request) -> Response:
        """POST `/c/K7Q2/do/priority`: the fields of the form are the arguments. `once` makes a second press the same act; `back`
        is the page of ours to go to, by itself the conversation."""
        made = await frame(self._house, request)
        book = self._house.playbook() if self._house.playbook else None
        if made.visitor is None:
            return made.page("sign_in", 403)
        form = await posted(made, MOST)
        reference, name = normalise(request.path_params["reference"]), request.path_params["action"]
        action = actions().get(name)
        if book is None or reference is None or action is None:
            return made.missing()
        back = local(form.get("back")) or f"/c/{reference}"
        if made.visitor.agent is None:
            return made.back(back, made.say("web.owner_acts_not"), wrong=True)
        wanted = arguments(action.arguments, form)
        try:
            done = await self._house.store.write(
                acted, made.scope, reference, name, wanted, made.visitor.agent, book, form.get("once"), made.now
            )
        except Problem as problem:
            return made.back(back, refused(made, problem), wrong=True)
        return made.missing() if done is None else made.back(back, told(made, done))


def acted(
    unit: Unit,
    scope: Scope,
    reference: str,
    name: str,
    wanted: Mapping[str, object],
    agent: AgentId,
    book: Playbook,
    once: str,
    now: datetime,
) -> Done | None:
    """One act, whole; None where the conversation is not there for this agent."""
    matter = find(unit, scope, reference)
    return None if matter is None else perform(unit, name, wanted, doing(unit, agent, matter, book, now), once=once)


def doing(unit: Unit, agent: AgentId, matter: ConversationId, book: Playbook, now: datetime) -> Doing:
    """An agent at the web, as the roster knows them now."""
    who = people.roster(unit).agent_by_id(agent)
    if who is None:
        raise Problem("web.not_an_agent")
    return Doing(who, matter, Surface.WEB, book, now)


def arguments(model: type[BaseModel], form: Form) -> dict[str, object]:
    """The fields that an action takes, as they were filled in; an empty one was left alone. Where it takes several, all of them."""
    found: dict[str, object] = {}
    for name, field in model.model_fields.items():
        sent = (*form.values.get(name, ()), *form.values.get(f"{ARGUMENT}{name}", ()))
        given = tuple(value for value in sent if value)
        if given:
            several = str(field.annotation).startswith("tuple")
            found[name] = given if several else given[0]
    return found


async def enclosed(form: Form) -> tuple[dict[str, object], ...]:
    """The files of the field `files`, as actions take them."""
    found: list[dict[str, object]] = []
    for file in form.files.get("files", ()):
        kind = file.content_type or "application/octet-stream"
        found.append({"filename": file.filename or "file", "content_type": kind[:200], "content": await file.read()})
    return tuple(found)


def told(made: Frame, done: Done) -> str:
    """The sentence about what was done."""
    return sentence(done, made.house.wording, made.language, ZoneInfo(made.house.site.zone))


def refused(made: Frame, problem: Problem) -> str:
    """Why it was not done. What an action and its arguments are called, readers of the pages know by their labels."""
    if not isinstance(problem, Misused):
        return made.house.wording.problem(made.language, problem)
    labels = {"name": "act", "argument": "act.field"}
    named = {fact: label(made, under, str(problem.facts.get(fact, ""))) for fact, under in labels.items()}
    return made.house.wording.problem(made.language, Misused(problem.key, **{**problem.facts, **named}))


def label(made: Frame, under: str, name: str) -> str:
    """What the pages call it; what they have no word for, by its own name."""
    try:
        return made.say(f"{under}.{name}")
    except KeyError:
        return name


def local(path: str) -> str:
    """A path of this site as a form may name it; empty for anything that could lead elsewhere."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if plain and path.isprintable() and "\\" not in path else ""
