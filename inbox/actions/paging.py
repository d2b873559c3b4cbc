"""The action by which an agent says that they have what rules call for; nobody is called any more, and who was is told."""

from inbox.actions.action import Action, Doing, Done, Nothing
from inbox.actions.phrases import NOTHING
from inbox.pipeline.stand_down import acknowledge
from inbox.pipeline.turn import Turn
from inbox.store import conversations
from inbox.store.unit import Unit


def actions() -> tuple[Action, ...]:
    """The one there is."""
    return (Action("acknowledge", Nothing, _acknowledge, typed=NOTHING),)


def _acknowledge(unit: Unit, doing: Doing, _: Nothing) -> Done:
    """Where nobody is called there is nothing to say; that is no mistake, somebody was quicker."""
    turn = Turn.of(unit, conversations.present(unit, doing.conversation).id, doing.via, doing.playbook.terms, doing.now)
    who = doing.actor
    for payload, actor in acknowledge(unit, turn.conversation, who, doing.now):
        turn.tell(payload, actor)
    found = bool(turn.told)
    turn.close()
    return Done("done.acknowledge" if found else "done.acknowledge_nothing", {"reference": turn.conversation.reference})
