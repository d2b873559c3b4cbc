"""Acting by the API: every action of the registry that it offers is an operation, with the action's own arguments as the body."""

import binascii
from base64 import b64decode
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json
from starlette.responses import Response

from inbox.actions import phoning, writing
from inbox.actions.action import Action, Doing, Done, Surface
from inbox.actions.registry import actions, perform
from inbox.actions.told import told
from inbox.actions.writing import NOWHERE
from inbox.domain.access import Caller, Reach
from inbox.domain.ids import ConversationId
from inbox.domain.people import Agent
from inbox.domain.problems import Problem
from inbox.pipeline.playbook import Playbook
from inbox.store import access, conversations, idempotency, people
from inbox.store.shown import find
from inbox.store.unit import Unit
from inbox.text.wording import Wording
from inbox.web.api import models
from inbox.web.api.operation import Call, Operation
from inbox.web.api.paging import answered
from inbox.web.api.problems import Answered, wrong
from inbox.web.api.reading import missing, reference

M = TypeVar("M", bound=BaseModel)
LONGEST_KEY = 200
"""Characters of a key against doing something twice."""


def operations(wording: Wording) -> tuple[Operation, ...]:
    """One for each action, in the order in which people are shown them."""
    alone = {action.name for action in writing.actions()} | {phoning.ANYWHERE}
    return tuple(
        _operation(action, wording, within=action.name not in alone)
        for action in actions().values()
        if Surface.API in action.surfaces
    )


def _operation(action: Action, wording: Wording, *, within: bool) -> Operation:
    path = f"/conversations/{{reference}}/actions/{action.name}" if within else f"/actions/{action.name}"

    async def run(call: Call) -> Response:
        return await _act(call, action, within=within)

    return Operation(
        "POST",
        path,
        f"act_{action.name}",
        _summary(action, wording),
        run,
        reach=Reach.WRITE,
        description=" ".join((action.arguments.__doc__ or "").split()),
        body=action.arguments,
        answer=models.Done,
        acts=True,
    )


def _summary(action: Action, wording: Wording) -> str:
    """As the palette names it; what pages do not offer has its own name."""
    try:
        return wording.say("en", f"act.{action.name}")
    except KeyError:
        return action.name


async def _act(call: Call, action: Action, *, within: bool) -> Response:
    book = call.house.playbook() if call.house.playbook else None
    if book is None or call.caller.agent is None:
        raise Answered(403, Problem("api.beyond", reach=Reach.WRITE.value))
    name = reference(call) if within else ""
    given = arguments(action.arguments, call.body)
    key, wanted = _key(call), call.request.headers.get("if-match", "").strip()
    done = await call.house.store.write(_acted, call.caller, name, action.name, given, book, key, wanted, call.now)
    if done is None:
        raise missing(name)
    sentence = told(done, call.house.wording, call.language, ZoneInfo(call.house.site.zone))
    facts = {fact: str(value) for fact, value in done.facts.items()}
    return answered(call, models.Done(key=done.key, sentence=sentence, facts=facts, message=done.message))


def _acted(
    unit: Unit,
    caller: Caller,
    name: str,
    action: str,
    given: Mapping[str, object],
    book: Playbook,
    key: str,
    wanted: str,
    now: datetime,
) -> Done | None:
    """One act, whole; None where the conversation is not there for this caller. The token is looked at once more: it may have been
    revoked since it was shown."""
    standing = access.one(unit, caller.access.id)
    agent = people.roster(unit).agent_by_id(caller.agent.id) if caller.agent else None
    if standing is None or not standing.stands(now) or agent is None:
        raise Answered(401, Problem("api.no_token"), headers={"www-authenticate": 'Bearer realm="inbox"'})
    matter = find(unit, caller.scope, name) if name else NOWHERE
    if matter is None:
        return None
    if wanted and name and not _done_before(unit, agent, action, key):
        _unchanged(unit, matter, wanted)
    doing = Doing(agent, matter, Surface.API, book, now, caller.scope)
    return perform(unit, action, given, doing, once=key)


def _done_before(unit: Unit, agent: Agent, action: str, key: str) -> bool:
    return bool(key) and idempotency.known(unit, f"agent:{agent.id}", action, key)


def _unchanged(unit: Unit, matter: ConversationId, wanted: str) -> None:
    version = conversations.peek(unit, matter).version
    if wanted != "*" and f'"{version}"' not in [one.strip() for one in wanted.split(",")]:
        raise Answered(412, Problem("api.changed", version=str(version)), headers={"etag": f'"{version}"'})


def _key(call: Call) -> str:
    """The caller's own key; among those of the pages it is another one."""
    given = call.request.headers.get("idempotency-key", "").strip()
    if len(given) > LONGEST_KEY or not given.isprintable():
        raise Answered(422, Problem("api.bad_key", most=LONGEST_KEY))
    return f"api {given}" if given else ""


def arguments(model: type[BaseModel], body: bytes) -> dict[str, Any]:
    """What an action takes, as it was sent. Raises Answered: no JSON, no object, or not what the action takes."""
    given = parsed(body)
    try:
        decoded = _decoded(given)
        model.model_validate(decoded, strict=True)
    except ValidationError as error:
        raise _refused(error) from error
    return decoded


def filled(model: type[M], body: bytes) -> M:
    """A body as its model. Raises Answered: no JSON, no object, or not what the operation takes."""
    parsed(body)
    try:
        return model.model_validate_json(body or b"{}", strict=True)
    except ValidationError as error:
        raise _refused(error) from error


def _refused(error: ValidationError) -> Answered:
    found = wrong(error)
    return Answered(422, Problem("api.bad_body", pointer=found[0].pointer or "/", reason=found[0].reason), found)


def parsed(body: bytes) -> dict[str, Any]:
    """The object that a body is; an empty one is none. Raises Answered."""
    try:
        given = from_json(body or b"{}", allow_inf_nan=False)
    except ValueError as error:
        raise Answered(400, Problem("api.no_json", reason=str(error)[:200])) from error
    if not isinstance(given, dict):
        raise Answered(422, Problem("api.bad_body", pointer="/", reason="Input should be an object"))
    return given


def _decoded(given: dict[str, Any]) -> dict[str, Any]:
    """The contents of files come in base64 (RFC 4648)."""
    files = given.get("files")
    if not isinstance(files, list):
        return given
    return {**given, "files": [_file(one, at) for at, one in enumerate(files)]}


def _file(one: object, at: int) -> object:
    if not isinstance(one, dict) or not isinstance(one.get("content"), str):
        return one
    try:
        return {**one, "content": b64decode(one["content"], validate=True)}
    except (binascii.Error, ValueError) as error:
        place = models.Wrong(pointer=f"/files/{at}/content", reason="Input should be base64")
        problem = Problem("api.bad_body", pointer=place.pointer, reason=place.reason)
        raise Answered(422, problem, (place,)) from error
