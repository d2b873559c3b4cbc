"""A turn: the events told about one conversation in one unit, and the projection and clocks that they lead to."""

from collections.abc import Callable, Sequence
from datetime import datetime

from inbox.domain.clock_events import ClockBreached
from inbox.domain.conversations import Conversation, apply
from inbox.domain.events import HOUSE, Actor, Event, Payload
from inbox.domain.ids import ConversationId
from inbox.pipeline import clocks
from inbox.pipeline.heed import heed
from inbox.pipeline.stand_down import stood_down
from inbox.sla.board import Board, Terms
from inbox.sla.clocks import ClockState
from inbox.sla.escalation import Step
from inbox.sla.idle import next_alarm
from inbox.sla.policy import Metric
from inbox.sla.reaching import coming
from inbox.store import alarms, conversations, events
from inbox.store import clocks as stored_clocks
from inbox.store.unit import Unit


class Turn:
    """Opened with a conversation whose row is locked; `tell` as often as needed; `close` writes everything once."""

    def __init__(self, unit: Unit, conversation: Conversation, via: str, terms: Terms, now: datetime) -> None:
        self.unit = unit
        self.conversation = conversation
        self.before = conversation
        """How it was when the turn began."""
        self.via = via
        self.terms = terms
        self.now = now
        self.heard = 0
        """How many of the things told here rules have looked at, or brought about: they are not looked at again."""
        self._told: list[Event] = []
        self._before: tuple[ClockState, ...] | None = () if conversation.version == 0 else None
        self._board: Board | None = Board() if conversation.version == 0 else None
        self._counted = 0
        self._steps: set[str] | None = None

    @classmethod
    def of(cls, unit: Unit, id: ConversationId, via: str, terms: Terms, now: datetime) -> "Turn":
        """A turn in a stored conversation, which stays locked until the unit ends."""
        return cls(unit, conversations.load(unit, id), via, terms, now)

    def tell(self, payload: Payload, actor: Actor = HOUSE) -> None:
        """One more fact; the projection moves on at once."""
        event = Event(self.conversation.id, self.conversation.version + 1, self.now, actor, self.via, payload)
        self.conversation = apply(self.conversation, event)
        self._told.append(event)

    @property
    def told(self) -> Sequence[Event]:
        """What was told in this turn so far."""
        return tuple(self._told)

    @property
    def board(self) -> Board:
        """The clocks after everything told so far."""
        if self._board is None:
            self._before = stored_clocks.of(self.unit, self.conversation.id)
            self._board = clocks.board(self.before, self._before, self.terms)
        if self._counted < len(self._told):
            self._board = clocks.moved(self._board, self._told[self._counted :], self._log, self.terms, self.now)
            self._counted = len(self._told)
        return self._board

    def _log(self) -> list[Event]:
        return [*events.of(self.unit, self.conversation.id), *self._told]

    def close(self) -> None:
        """Write events, clocks and projection, and tell the one who has it. Nothing told: nothing written."""
        if not self._told:
            return
        for payload, who in stood_down(self.unit, self.conversation, self._told):
            self.tell(payload, who)
        states = self.breaches()
        events.append(self.unit, self._told)
        stored_clocks.put(self.unit, self.conversation.id, self._before or (), states, self._worked())
        alarm = next_alarm(self.conversation, self.terms.watches, self.terms.calendar(self.conversation.channel))
        step = self.next_step()
        conversations.save(self.unit, self.conversation, next_due(states), earlier(alarm, step[0] if step else None))
        heed(self.unit, self.conversation, self._told)

    def next_step(self) -> tuple[datetime, ClockState, Step] | None:
        """The step of its policy's escalation to which a clock comes first, and when; done ones apart. It may have passed."""
        policy = self.board.policy
        if policy is None or not policy.steps:
            return None
        if self._steps is None:
            known = alarms.of(self.unit, self.conversation.id) if self.before.version else ()
            self._steps = {one.rule for one in known}
        found = coming(self.board.states, policy.steps, self.conversation.priority, self.terms.calendars)
        return next((one for one in found if _named(one[1], one[2]) not in self._steps), None)

    def step_done(self, state: ClockState, step: Step) -> alarms.Alarm:
        """A clock has come to this step in this turn: it is not next any more. What is kept of that."""
        assert self._steps is not None
        assert self.conversation.opened_at is not None
        self._steps.add(_named(state, step))
        return alarms.Alarm(_named(state, step), self.conversation.opened_at, matched=True)

    def breaches(self) -> tuple[ClockState, ...]:
        """The clocks as they are now. Of those that ran out before what was told in this turn, the breach is told, once,
        whoever sees it first."""
        states = self.board.states
        known = {(s.metric, s.cycle) for s in self._before or () if s.breached_at is not None}
        told = [e.payload for e in self._told if isinstance(e.payload, ClockBreached)]
        known |= {(Metric(p.metric), p.cycle) for p in told}
        for s in states:
            if s.breached_at is not None and (s.metric, s.cycle) not in known:
                self.tell(ClockBreached("clock_breached", s.metric.value, s.cycle, s.breached_at))
        return states

    def _worked(self) -> Callable[[ClockState], float | None]:
        return lambda state: clocks.worked(state, self.terms)


def _named(state: ClockState, step: Step) -> str:
    return f"escalation {state.metric.value} {state.cycle} {step.name}"


def earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    """The earlier of two instants that there may be."""
    return min((at for at in (one, other) if at is not None), default=None)


def next_due(states: Sequence[ClockState]) -> datetime | None:
    """When we owe something next: the earliest due instant of a running clock."""
    return min((s.due_at for s in states if s.open and not s.paused and s.due_at), default=None)
