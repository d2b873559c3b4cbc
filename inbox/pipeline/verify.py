"""Verifying: what is kept for speed is computed again from the events, and every difference is told."""

from dataclasses import dataclass, fields
from datetime import datetime

from inbox.domain.ids import ConversationId
from inbox.sla.board import Terms, replay
from inbox.sla.clocks import ClockState
from inbox.sla.facts import facts_of
from inbox.store import clocks, conversations, events
from inbox.store.unit import Unit

IGNORED = {"breached_at"}
"""A breach is on record from the moment at which somebody looked; replaying at another instant may see it earlier."""
OF_ITS_TIME = {"target", "due_at"}
"""Of a clock that has stopped: by hours and policies as they were then, and nobody counts it anew when they change."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a row says, and what the events say."""

    reference: str
    what: str
    stored: str
    computed: str


def differences(unit: Unit, id: ConversationId, terms: Terms, now: datetime) -> list[Difference]:
    """Everything in which the conversation's row and clocks differ from its events."""
    row, told = conversations.peek(unit, id), events.projected(unit, id)
    found = [
        Difference(row.reference, field.name, str(getattr(row, field.name)), str(getattr(told, field.name)))
        for field in fields(row)
        if getattr(row, field.name) != getattr(told, field.name)
    ]
    board = replay(list(facts_of(events.of(unit, id))), terms, now)
    stored = {(s.metric, s.cycle): s for s in clocks.of(unit, id)}
    computed = {(s.metric, s.cycle): s for s in board.states}
    for key in sorted({*stored, *computed}, key=str):
        one, other = stored.get(key), computed.get(key)
        if _shape(one) != _shape(other):
            found.append(Difference(row.reference, f"clock {key[0].value} {key[1]}", str(one), str(other)))
    return found


def _shape(state: ClockState | None) -> object:
    if state is None:
        return None
    ignored = IGNORED if state.open else IGNORED | OF_ITS_TIME
    return [getattr(state, f.name) for f in fields(state) if f.name not in ignored]
