"""The registry: every action of the house, and the one function that performs them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace

from pydantic import ValidationError

from inbox.actions import (
    asking,
    assets,
    calling,
    contacts,
    conversation,
    declining,
    escalating,
    excusing,
    handing,
    macro,
    matters,
    paging,
    persons,
    phoning,
    sending,
    speaking,
    tasks,
    writing,
)
from inbox.actions.action import Action, Denied, Doing, Done, Permission
from inbox.actions.misread import misread
from inbox.actions.writing import NOWHERE
from inbox.domain.problems import Problem
from inbox.pipeline.reply import Refused
from inbox.store import idempotency, people
from inbox.store.scoped import sees
from inbox.store.unit import Unit


class Misused(Problem):
    """The action does not take these arguments."""


def actions() -> dict[str, Action]:
    """All actions by name, in the order in which people are shown them."""
    every = (
        *speaking.actions(),
        *macro.actions(_act),
        *conversation.actions(),
        *matters.actions(),
        *paging.actions(),
        *escalating.actions(),
        *tasks.actions(),
        *calling.actions(),
        *excusing.actions(),
        *contacts.actions(),
        *persons.actions(),
        *assets.actions(),
        *declining.actions(),
        *sending.actions(),
        *handing.actions(),
        *writing.actions(),
        *phoning.actions(),
        *asking.actions(),
    )
    return {action.name: action for action in every}


def perform(unit: Unit, name: str, arguments: Mapping[str, object], doing: Doing, *, once: str = "") -> Done:
    """Do it, or raise a Problem whose sentence says why not; every surface comes through here.

    `once`: the caller's own key for this act. A second call with the same key and arguments does nothing and gives the
    first one's answer; with other arguments it is refused. Without a key each hand-over is an act of its own, which the
    store may run twice and which is done once all the same.
    """
    once = once or f"unit {unit.entropy.token(name)}"
    action = _allowed(name, doing)
    doing = _within(unit, doing)
    checked = _checked(action, arguments)
    actor, digest = f"agent:{doing.agent.id}", _digest(doing, arguments)
    answer = idempotency.answered(unit, actor, name, once, digest)
    if answer is not None:
        return Done(**json.loads(answer))
    done = action.run(unit, doing, checked)
    told = json.dumps({"key": done.key, "facts": {k: str(v) for k, v in done.facts.items()}, "message": done.message})
    idempotency.remember(unit, actor, name, once, digest, told, doing.now)
    return done


def _within(unit: Unit, doing: Doing) -> Doing:
    """Whoever works for an outside company acts within what they see, whichever surface brings it. Raises Refused."""
    if not doing.agent.company:
        return doing
    if doing.scope.kind == "house":
        doing = replace(doing, scope=people.roster(unit).scope(doing.agent.id, doing.playbook.hides))
    if doing.conversation != NOWHERE and not sees(unit, doing.scope, doing.conversation):
        raise Refused("cli.no_such_conversation", reference=doing.reference(unit))
    return doing


def _act(unit: Unit, name: str, arguments: Mapping[str, object], doing: Doing) -> Done:
    """One thing of several that an act consists of: allowed or not like any other, remembered with the whole."""
    action = _allowed(name, doing)
    return action.run(unit, doing, _checked(action, arguments))


def _allowed(name: str, doing: Doing) -> Action:
    action = actions().get(name)
    if action is None:
        raise Misused("action.unknown", name=name)
    if doing.via in action.absent:
        raise Misused("action.not_here", name=name, surface=doing.via.value)
    if doing.agent.disabled:
        raise Denied("reply.agent_disabled", agent=doing.agent.handle)
    if action.permission is Permission.LEAD and not doing.agent.leads:
        raise Denied("action.for_leads", name=name)
    if action.permission is Permission.HOUSE and doing.agent.company:
        raise Denied("action.for_the_house", name=name)
    return action


def _checked(action: Action, arguments: Mapping[str, object]) -> object:
    try:
        return action.arguments.model_validate(dict(arguments))
    except ValidationError as error:
        key, facts = misread(action.name, error)
        raise Misused(key, **facts) from error


def _digest(doing: Doing, arguments: Mapping[str, object]) -> str:
    whole = json.dumps([doing.conversation, dict(arguments)], default=_told, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()


def _told(value: object) -> str:
    return hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else str(value)
