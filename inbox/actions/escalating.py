"""The action by which an agent turns to a lead with a conversation."""

from pydantic import Field

from inbox.actions.action import Action, Arguments, Doing, Done
from inbox.actions.matters import somebody
from inbox.actions.phrases import perhaps
from inbox.pipeline.hand_up import HandingUp, hand_up
from inbox.pipeline.react import react
from inbox.store.unit import Unit


class Escalate(Arguments):
    """`reason`: why. `keep`: it stays with whoever has it, and the lead follows it. `to`: the handle of a lead; empty: one of its team."""

    reason: str = Field(default="", max_length=1_000)
    keep: bool = False
    to: str = Field(default="", max_length=200)


def actions() -> tuple[Action, ...]:
    """The one there is."""
    return (Action("escalate", Escalate, _escalate, typed=perhaps("reason")),)


def _escalate(unit: Unit, doing: Doing, wanted: Escalate) -> Done:
    turn = doing.turn(unit)
    asked = HandingUp(wanted.reason.strip(), wanted.keep, somebody(unit, wanted.to))
    lead = hand_up(turn, doing.agent, asked, doing.playbook)
    react(turn, doing.playbook)
    turn.close()
    key = "done.escalate_kept" if wanted.keep else "done.escalate"
    return Done(key, {"reference": turn.conversation.reference, "agent": lead.called})
