"""Actions on calls that a customer wishes for: that they do, and what came of calling them."""

from typing import Literal

from pydantic import Field

from inbox.actions.action import Action, Arguments, Doing, Done, Surface
from inbox.actions.limits import LAST
from inbox.actions.phrases import Typed, pair
from inbox.actions.tasks import NUMBERED, whose
from inbox.domain.ids import TaskId
from inbox.pipeline.callback import Wish, called, wish
from inbox.store.unit import Unit


class Callback(Arguments):
    """`number`: as the customer gave it. `hours`: when they want to be called ("tomorrow 10-12", a time, a day); empty: as soon as we
    are there. `agent`: who calls, a handle or `me`; empty: whoever has the conversation."""

    number: str = Field(min_length=1, max_length=60)
    hours: str = Field(default="", max_length=100)
    agent: str = Field(default="", max_length=200)


class Tried(Arguments):
    """The number of the task, and whether somebody answered."""

    task: int = Field(ge=1, le=LAST)
    outcome: Literal["reached", "not_reached"]


def actions() -> tuple[Action, ...]:
    """What is done about calls."""
    return (
        Action("callback", Callback, _wish, typed=Typed(pair("number", "hours"), needed=True)),
        Action("called", Tried, _called, absent={Surface.MAIL: NUMBERED, Surface.BOT: NUMBERED}),
    )


def _wish(unit: Unit, doing: Doing, wanted: Callback) -> Done:
    agent = whose(unit, doing, wanted.agent)
    turn = doing.turn(unit)
    task = wish(turn, Wish(wanted.number, wanted.hours, agent), doing.actor, doing.playbook)
    turn.close()
    facts = {"reference": turn.conversation.reference, "number": task.phone, "by": task.due_at.isoformat()}
    return Done("done.callback", facts)


def _called(unit: Unit, doing: Doing, wanted: Tried) -> Done:
    turn = doing.turn(unit)
    told = called(turn, TaskId(wanted.task), wanted.outcome, doing.actor, doing.playbook)
    turn.close()
    facts = {"reference": turn.conversation.reference, "number": told.phone, "tried": told.tried}
    if told.again_at is not None:
        return Done("done.called_again", {**facts, "by": told.again_at.isoformat()})
    return Done(f"done.called_{told.outcome}", facts)
