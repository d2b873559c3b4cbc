"""Counting anew: the running clocks of conversations by the hours and policies that are in force now.

A clock that has stopped is left as it was judged, and so is what was told to a customer: a promise keeps its instant. Where
nobody works any more before that instant, the promise is at risk from now on: people and rules hear of it, and the customer
is told a new time.
"""

import json
from datetime import datetime, timedelta

from inbox.domain.clock_events import ClocksRecounted, Recount
from inbox.domain.ids import ConversationId
from inbox.domain.promises import Promise
from inbox.pipeline import clocks
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.promising import at_risk
from inbox.pipeline.react import react
from inbox.pipeline.renew import renew
from inbox.pipeline.turn import Turn
from inbox.sla.board import Board, ClockFact, Kind, Terms, advance
from inbox.sla.clocks import Calendars
from inbox.store import clocks as stored
from inbox.store import conversations, promises
from inbox.store.clocks import Counted
from inbox.store.unit import Unit

AT_ONCE = 25
"""Conversations in one unit: people's work waits no longer than they take, some milliseconds."""


def recount_some(unit: Unit, playbook: Playbook, now: datetime) -> bool:
    """Count the next few conversations anew, where hours or policies have changed since all were counted; whether some are
    left. How far it has come is stored with them: whoever is killed goes on there."""
    version, found = playbook.terms.version, stored.counted(unit)
    if found.terms != version:
        found = Counted(version)
    elif found.done:
        return False
    places = stored.running(unit, found.place, AT_ONCE)
    for place in places:
        recount(unit, place.conversation, playbook, now)
    done = len(places) < AT_ONCE
    stored.set_counted(unit, Counted(version, done, places[-1] if places and not done else None))
    return not done


def recount(unit: Unit, id: ConversationId, playbook: Playbook, now: datetime) -> tuple[Recount, ...]:
    """Count one conversation anew; what differs from before. Nothing is told where nothing does."""
    turn = Turn.of(unit, id, "time", playbook.terms, now)
    changed = _changed(turn.board, turn.terms, now)
    lost = [one for one in promises.open_ones(unit, id) if _lost(one, turn.terms.calendars, now)]
    if changed:
        turn.tell(ClocksRecounted("clocks_recounted", changed))
    for promise in lost:
        at_risk(turn, promise, "closed")
    if changed or lost:
        react(turn, playbook)
        for promise in lost:
            renew(turn, promise, playbook)
        turn.close()
    return changed


def differing(unit: Unit, id: ConversationId, terms: Terms, now: datetime) -> tuple[Recount, ...]:
    """What `recount` would change; nothing is stored."""
    board = clocks.board(conversations.peek(unit, id), stored.of(unit, id), terms)
    return _changed(board, terms, now)


def _changed(board: Board, terms: Terms, now: datetime) -> tuple[Recount, ...]:
    anew = advance(board, ClockFact(now, Kind.RECOUNTED), terms)
    return tuple(
        Recount(old.metric.value, old.cycle, old.due_at, new.due_at)
        for old, new in zip(board.states, anew.states, strict=True)
        if (old.due_at, old.target) != (new.due_at, new.target)
    )


def _lost(promise: Promise, calendars: Calendars, now: datetime) -> bool:
    """Nobody works any more between now and its instant, and nobody was warned yet."""
    calendar = calendars.get(str(json.loads(promise.inputs).get("hours") or ""))
    if calendar is None or promise.risk_at is None or promise.due_at <= now:
        return False
    return calendar.working_between(now, promise.due_at) == timedelta(0)
