"""Blocking: what comes from an address is kept as it arrived and not taken up, until somebody says otherwise."""

from inbox.domain.events import Actor, Blocked
from inbox.domain.ids import AgentId
from inbox.domain.people import Identity
from inbox.pipeline.turn import Turn
from inbox.store import blocking


def block(turn: Turn, whose: Identity, actor: Actor) -> bool:
    """Told in this turn; False where it is blocked already."""
    by = AgentId(actor.id) if actor.kind == "agent" and actor.id is not None else None
    if not blocking.block(turn.unit, whose.id, by, turn.now):
        return False
    turn.tell(Blocked("blocked", whose.id, whose.address), actor)
    return True


def unblock(turn: Turn, whose: Identity, actor: Actor) -> bool:
    """Told in this turn; False where it was not blocked."""
    if not blocking.unblock(turn.unit, whose.id):
        return False
    turn.tell(Blocked("blocked", whose.id, whose.address, undone=True), actor)
    return True
