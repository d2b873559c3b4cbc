"""Verifying: what is kept for speed is computed again from the events, and every difference is told."""

from dataclasses import dataclass, fields
from datetime import datetime

from inbox.domain.conversations import Conversation
from inbox.domain.events import AssetNamed
from inbox.domain.ids import ConversationId
from inbox.sla.board import Terms, replay
from inbox.sla.clocks import ClockState
from inbox.sla.facts import facts_of
from inbox.store import assets_named, clocks, conversations, events
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
    return [*found, *_about(unit, id, row)]


def _about(unit: Unit, id: ConversationId, row: Conversation) -> list[Difference]:
    """Of which assets it is; one that went into another conversation holds none any more."""
    if row.merged_into is not None:
        return []
    told = [one.payload for one in events.of(unit, id) if isinstance(one.payload, AssetNamed)]
    stored, computed = assets_named.known(unit, id), {one.asset: not one.undone for one in told}
    return [
        Difference(row.reference, f"asset {asset}", str(stored.get(asset)), str(computed.get(asset)))
        for asset in sorted({*stored, *computed})
        if stored.get(asset) != computed.get(asset)
    ]


def _shape(state: ClockState | None) -> object:
    if state is None:
        return None
    ignored = IGNORED if state.open else IGNORED | OF_ITS_TIME
    return [getattr(state, f.name) for f in fields(state) if f.name not in ignored]
