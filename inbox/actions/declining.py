"""Actions on whether a contact wants to be told what they did not ask about."""

from inbox.actions.action import Action, Doing, Done, Nothing
from inbox.actions.phrases import NOTHING
from inbox.pipeline import decline as verbs
from inbox.pipeline.reply import Refused
from inbox.store import people
from inbox.store.unit import Unit


def actions() -> tuple[Action, ...]:
    """They do not; they do again."""
    return (
        Action("decline", Nothing, _decline, typed=NOTHING),
        Action("undecline", Nothing, _undecline, typed=NOTHING),
    )


def _decline(unit: Unit, doing: Doing, _: Nothing) -> Done:
    turn = doing.turn(unit)
    fresh = verbs.decline(turn, turn.conversation.contact, "agent", doing.actor)
    turn.close()
    who = people.contact(unit, turn.conversation.contact)
    facts = {"reference": turn.conversation.reference, "name": who.name or f"#{who.id}"}
    return Done("done.declined" if fresh else "done.declined_already", facts)


def _undecline(unit: Unit, doing: Doing, _: Nothing) -> Done:
    turn = doing.turn(unit)
    who = people.contact(unit, turn.conversation.contact)
    facts = {"reference": turn.conversation.reference, "name": who.name or f"#{who.id}"}
    if not verbs.accept(turn, who.id, doing.actor):
        raise Refused("decline.not_declined", **facts)
    turn.close()
    return Done("done.undeclined", facts)
