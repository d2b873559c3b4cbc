"""Actions on what is on its way: an answer taken back, a delivery tried once more or given up."""

from pydantic import Field

from inbox.actions.action import Action, Arguments, Doing, Done, Surface
from inbox.actions.limits import LAST
from inbox.actions.phrases import NOTHING
from inbox.domain.deliveries import DeliveryState
from inbox.domain.ids import DeliveryId, MessageId
from inbox.pipeline.stuck import decide
from inbox.pipeline.take_back import take_back
from inbox.pipeline.undo import spoke_last, undo
from inbox.store import drafts
from inbox.store.unit import Unit

NUMBERED = "deliveries are named by their numbers, which only pages and commands show"


class Undo(Arguments):
    """`message`: which of the agent's answers; nothing: what they did last in the conversation, an answer or another act."""

    message: int | None = Field(default=None, ge=1, le=LAST)


class Delivery(Arguments):
    """`delivery`: its number, as `inbox outbox` lists it."""

    delivery: int = Field(ge=1, le=LAST)


def actions() -> tuple[Action, ...]:
    """What is done about what goes out."""
    unnamed = {Surface.MAIL: NUMBERED, Surface.BOT: NUMBERED}
    return (
        Action("undo", Undo, _undo, typed=NOTHING),
        Action("retry", Delivery, _retry, absent=unnamed),
        Action("drop", Delivery, _drop, absent=unnamed),
    )


def _undo(unit: Unit, doing: Doing, wanted: Undo) -> Done:
    """An answer that has not left, else an act on the ticket."""
    if wanted.message is not None or spoke_last(unit, doing.conversation, doing.agent):
        return _take_back(unit, doing, wanted)
    turn = doing.turn(unit)
    undo(turn, doing.agent)
    return Done("done.undone", {"reference": turn.conversation.reference, "state": turn.conversation.state.value})


def _take_back(unit: Unit, doing: Doing, wanted: Undo) -> Done:
    """The words are a draft again, below what was begun meanwhile."""
    message = None if wanted.message is None else MessageId(wanted.message)
    taken = take_back(unit, doing.conversation, doing.agent, message, doing.via, doing.playbook, doing.now)
    said = taken.said
    begun = drafts.of(unit, doing.agent.id, doing.conversation) or drafts.Draft()
    text = "\n\n".join(part for part in (begun.text.rstrip(), said.reply_text or said.text) if part)
    again = drafts.Draft(text, cc=tuple(one.address for one in said.cc))
    drafts.put(unit, doing.agent.id, doing.conversation, again, doing.now)
    key = "done.undo_files" if taken.files else "done.undo"
    return Done(key, {"reference": doing.reference(unit)}, said.id)


def _retry(unit: Unit, doing: Doing, wanted: Delivery) -> Done:
    return _decide(unit, doing, wanted, DeliveryState.QUEUED, "done.retry")


def _drop(unit: Unit, doing: Doing, wanted: Delivery) -> Done:
    return _decide(unit, doing, wanted, DeliveryState.DROPPED, "done.drop")


def _decide(unit: Unit, doing: Doing, wanted: Delivery, to: DeliveryState, key: str) -> Done:
    id = DeliveryId(wanted.delivery)
    decide(unit, id, to, doing.playbook, doing.now, within=doing.conversation)
    return Done(key, {"reference": doing.reference(unit)})
