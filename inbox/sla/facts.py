"""From the event log to the facts that clocks are computed from."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from inbox.domain import events as ev
from inbox.domain.clock_events import ClocksRecounted
from inbox.domain.conversations import Priority, State
from inbox.domain.ids import DeliveryId, MessageId
from inbox.sla.board import ClockFact, Kind

_FAILED = ("failed", "cancelled", "dropped")


def facts_of(events: Iterable[ev.Event]) -> Iterator[ClockFact]:
    """The facts of one conversation's events, in their order; without what was undone, or split off."""
    state, wrote = State.OPEN, None
    failing: dict[MessageId, set[DeliveryId]] = {}
    for event in standing(events):
        match event.payload:
            case ev.StateSet(state=to):
                # A customer's message ends a wait when it reached us, not when we got round to looking at it.
                yield from _moved(state, State(to), event.at, resumed=min(event.at, wrote or event.at))
                state, wrote = State(to), None
            case ev.TakenOver(state=to, priority=priority):
                yield from _moved(state, State(to), event.at, resumed=event.at)
                yield ClockFact(event.at, Kind.PRIORITY_CHANGED, priority=Priority(priority))
                state, wrote = State(to), None
            case ev.DeliverySettled(copy=False, passed_on=False) as settled:
                yield from _settled(settled, event.at, failing.setdefault(settled.message, set()))
            case (
                ev.Received(automatic=None, history=False, outside=False, received_at=datetime() as since)
                | ev.Merged(into=None, waiting_since=datetime() as since)
            ):
                wrote = wrote or since
                yield ClockFact(since, Kind.CUSTOMER_WROTE)
            case _:
                yield from _plain(event)


def standing(events: Iterable[ev.Event]) -> list[ev.Event]:
    """The events that count: what was undone, and what was said in messages that are another matter now, never was."""
    told = list(events)
    acts = {version for e in told if isinstance(e.payload, ev.Undone) for version in e.payload.acts}
    splits = [e.payload for e in told if isinstance(e.payload, ev.SplitOff)]
    if not acts and not splits:
        return told
    return [e for e in told if e.version not in acts and not any(_gone(e.payload, split) for split in splits)]


def _gone(payload: ev.Payload, split: ev.SplitOff) -> bool:
    match payload:
        case ev.Received(message=id) | ev.Noted(message=id):
            return id in split.messages
        case ev.Merged(other=other, into=None):
            return other in split.merged
        case _:
            return False


def _plain(event: ev.Event) -> Iterator[ClockFact]:
    match event.payload:
        case ev.Replied(message=message, history=False, spoken=spoken):
            yield ClockFact(event.at, Kind.AGENT_REPLIED, reply=str(message))
            if spoken:
                yield ClockFact(event.at, Kind.REPLY_SENT, reply=str(message))
        case ev.Acknowledged():
            yield ClockFact(event.at, Kind.ACKNOWLEDGED)
        case ev.Noted():
            yield ClockFact(event.at, Kind.NOTED)
        case ev.PrioritySet(priority=priority):
            yield ClockFact(event.at, Kind.PRIORITY_CHANGED, priority=Priority(priority))
        case ev.PolicySet(policy=policy):
            yield ClockFact(event.at, Kind.POLICY_CHANGED, policy=policy)
        case ClocksRecounted():
            yield ClockFact(event.at, Kind.RECOUNTED)
        case ev.Merged(into=into) if into is not None:
            yield ClockFact(event.at, Kind.MERGED)
        case _:
            return


def _moved(old: State, new: State, at: datetime, resumed: datetime) -> Iterator[ClockFact]:
    """A snooze is an agent's affair and moves no clock; only waiting for the customer does."""
    over = (State.DONE, State.SPAM)
    if old is State.WAITING and new is not State.WAITING:
        yield ClockFact(resumed, Kind.WAITING_ENDED)
    if old in over and new not in over:
        yield ClockFact(resumed, Kind.REOPENED)
    if new in over and new is not old:
        yield ClockFact(at, Kind.DONE if new is State.DONE else Kind.SPAM)
    if new is State.WAITING and old is not State.WAITING:
        yield ClockFact(at, Kind.WAITING_STARTED)


def _settled(settled: ev.DeliverySettled, at: datetime, failing: set[DeliveryId]) -> Iterator[ClockFact]:
    """A reply has failed as long as any of its deliveries has, and is sent when the last of these went out after all."""
    whole = not failing
    if settled.state in _FAILED:
        failing.add(settled.delivery)
        if whole:
            yield ClockFact(at, Kind.REPLY_FAILED, reply=str(settled.message))
    elif settled.state == "sent":
        failing.discard(settled.delivery)
        if not failing:
            yield ClockFact(at, Kind.REPLY_SENT, reply=str(settled.message))
