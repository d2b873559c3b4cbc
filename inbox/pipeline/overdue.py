"""What time itself brings about: clocks that run out, promises that are missed, sends whose outcome stayed unknown."""

from datetime import datetime, timedelta

from inbox.domain.events import ClockBreached
from inbox.pipeline.outcome import sort_out_unknown
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.promising import late
from inbox.pipeline.react import react
from inbox.pipeline.turn import Turn
from inbox.store import clocks, deliveries, promises
from inbox.store.unit import Unit


def sweep(unit: Unit, playbook: Playbook, unknown_wait: timedelta, now: datetime) -> int:
    """Tell of everything that fell due before `now`; how many things that were. Run again at once, it finds nothing."""
    ran_out = clocks.overdue(unit, now)
    for clock in ran_out:
        turn = Turn.of(unit, clock.conversation, "time", playbook.terms, now)
        turn.tell(ClockBreached("clock_breached", clock.metric, clock.cycle, clock.due_at))
        react(turn, playbook)
        turn.close()
        clocks.mark_breached(unit, clock)
    missed = promises.overdue(unit, now)
    for promise in missed:
        turn = Turn.of(unit, promise.conversation, "time", playbook.terms, now)
        late(turn, promise)
        react(turn, playbook)
        turn.close()
    unknown = deliveries.unknown_since(unit, now - unknown_wait)
    for delivery in unknown:
        sort_out_unknown(unit, delivery, playbook, now)
    return len(ran_out) + len(missed) + len(unknown)


def next_instant(unit: Unit) -> datetime | None:
    """When the next clock or promise falls due."""
    found = [at for at in (clocks.next_due(unit), promises.next_due(unit)) if at is not None]
    return min(found, default=None)
