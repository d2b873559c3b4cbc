"""Actions on a hand-over by its number: it is held back, or said again to a corrected address."""

from pydantic import Field

from inbox.actions.action import Action, Arguments, Doing, Done, Surface
from inbox.actions.limits import LAST
from inbox.actions.sending import NUMBERED, Delivery
from inbox.domain.deliveries import DeliveryState
from inbox.domain.ids import DeliveryId
from inbox.pipeline import resend as verbs
from inbox.pipeline.stuck import decide
from inbox.store import conversations
from inbox.store.unit import Unit


class Resend(Arguments):
    """The number of a delivery that failed, and the corrected address."""

    delivery: int = Field(ge=1, le=LAST)
    to: str = Field(min_length=1, max_length=400)


def actions() -> tuple[Action, ...]:
    """What is decided about a delivery."""
    unnamed = {Surface.MAIL: NUMBERED, Surface.BOT: NUMBERED}
    return (
        Action("cancel", Delivery, _cancel, absent=unnamed),
        Action("resend", Resend, _resend, absent=unnamed),
    )


def _cancel(unit: Unit, doing: Doing, wanted: Delivery) -> Done:
    matter, id = conversations.present(unit, doing.conversation), DeliveryId(wanted.delivery)
    found = verbs.of(unit, matter.id, id)
    decide(unit, id, DeliveryState.CANCELLED, doing.playbook, doing.now, within=matter.id)
    return Done("done.cancel", {"reference": matter.reference, "address": found.part.lane}, found.message)


def _resend(unit: Unit, doing: Doing, wanted: Resend) -> Done:
    matter, id = conversations.present(unit, doing.conversation), DeliveryId(wanted.delivery)
    message, address = verbs.resend(unit, matter.id, id, wanted.to, doing.agent, doing.via, doing.playbook, doing.now)
    return Done("done.resend", {"reference": matter.reference, "address": address}, message)
