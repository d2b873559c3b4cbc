"""Holding back: what the house would say of what may have been said before it was restored waits for a person's decision."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from inbox.domain.deliveries import Delivery, DeliveryState
from inbox.domain.ids import ConversationId
from inbox.domain.problems import Problem
from inbox.pipeline.outcome import settle, stored
from inbox.pipeline.playbook import Playbook
from inbox.store import deliveries, restored
from inbox.store.deliveries import Outcome
from inbox.store.restored import Mark
from inbox.store.unit import Unit

ROUNDS = 10
"""What is said because something was held back is held back too; rules that would never end it are not followed further."""


@contextmanager
def held_back(unit: Unit, playbook: Playbook, now: datetime, *, so: bool = True) -> Iterator[None]:
    """Whatever is queued within is parked at its end, with the reason, if it is `so`."""
    before = restored.last_delivery(unit) if so else None
    yield
    for _ in range(ROUNDS):
        queued = [] if before is None else restored.queued_after(unit, before)
        for id in queued:
            hold(unit, deliveries.one(unit, id), playbook, now)
        if not queued:
            return


def hold(unit: Unit, d: Delivery | None, playbook: Playbook, now: datetime) -> None:
    """One that would go by itself goes by a person's word only. A screen of a menu or a report, which no conversation shows, is
    let go: whoever wants it asks anew."""
    if d is None:
        return
    if d.state is DeliveryState.SENDING:
        settle(unit, d, Outcome(DeliveryState.UNKNOWN, _why()), playbook, now)
        d = deliveries.one(unit, d.id) or d
    state = DeliveryState.DROPPED if d.alone else DeliveryState.PARKED
    settle(unit, d, Outcome(state, _why()), playbook, now)


def doubtful(unit: Unit, mark: Mark | None, matter: ConversationId) -> bool:
    """Whether what the backup knows of a conversation may be out of date: nobody has said or done anything in it since."""
    return mark is not None and restored.untouched(unit, matter, mark.restored)


def _why() -> str:
    return stored(Problem("delivery.restored"))
