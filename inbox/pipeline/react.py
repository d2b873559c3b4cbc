"""Reacting: the rules look once at what a turn told. What they do themselves is no event for them, so nothing goes round."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from inbox.domain import events as ev
from inbox.domain.clock_events import ClockBreached
from inbox.domain.conversations import Conversation
from inbox.domain.deliveries import DeliveryState
from inbox.domain.events import Event
from inbox.domain.promise_events import PromiseAtRisk, PromiseJudged
from inbox.domain.promises import PromiseState
from inbox.domain.rule_events import RulesHalted
from inbox.pipeline import changes
from inbox.pipeline.answer import answer
from inbox.pipeline.circumstances import of_turn
from inbox.pipeline.decide import apply, look
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.turn import Turn
from inbox.rulebook.rulebook import TIME, Rule
from inbox.store import alarms, decisions, deliveries, events, people
from inbox.store.alarms import Alarm

HOUR = timedelta(hours=1)
MOST = 60
"""Runs of the rules on one conversation in an hour, messages apart. More is an accident: people are told, and rules rest."""

TOUCHED: dict[str, str] = {
    "state_set": "state-changed",
    "priority_set": "field-changed",
    "assigned": "field-changed",
    "team_set": "field-changed",
    "policy_set": "field-changed",
    "tagged": "field-changed",
    "field_set": "field-changed",
    "chosen": "field-changed",
    "delivery_settled": "reply-sent",
    "promise_at_risk": "promise-at-risk",
    "promise_judged": "promise-late",
    "clock_breached": "clock-breached",
    "rated": "rating-given",
    "quota_used": "contract-quota",
    "handed_up": "escalated",
}
"""What an event of the log may be for the rules; whether it is, depends on what it changed."""


def react(turn: Turn, playbook: Playbook) -> None:
    """Run the rulebook on what was told here since it last ran, if it has rules for that, and do what it says; then the
    turn may be closed. Nothing is looked at twice, and of what rules did nothing at all."""
    if turn.conversation.merged_into is not None:
        return
    if playbook.rulebook.hears(("clock-breached",)):
        turn.breaches()
    told = [event for event in turn.told[turn.heard :] if event.actor.kind != "rule"]
    turn.heard = len(turn.told)
    found = tuple(dict.fromkeys(_happened(turn, told)))
    if not playbook.rulebook.hears(found) or halted(turn):
        return
    roster, timed = people.roster(turn.unit), _timed(playbook, found)
    spent = _spent(turn, timed)
    facts = replace(of_turn(turn, found, _actor(told), playbook, roster), spent=spent)
    decision = look(turn, facts, None, playbook, roster)
    apply(turn, decision, roster, playbook)
    answer(turn, decision, playbook)
    turn.heard = len(turn.told)
    for rule in timed:
        if rule.name in decision.matched:
            looked = Alarm(rule.name, _episode(turn.before), matched=True)
            alarms.put(turn.unit, turn.conversation.id, looked, turn.now)


def _timed(playbook: Playbook, found: Sequence[str]) -> list[Rule]:
    """The rules for what time brought about here: they act once in a waiting episode, or once in a conversation."""
    events = TIME.intersection(found)
    return [rule for rule in playbook.rulebook.rules if not rule.on.isdisjoint(events)] if events else []


def _spent(turn: Turn, timed: Sequence[Rule]) -> tuple[str, ...]:
    if not timed:
        return ()
    known = [alarm for alarm in alarms.of(turn.unit, turn.conversation.id) if alarm.matched]
    here = _episode(turn.before)
    acted = {"episode": {a.rule for a in known if a.episode == here}, "conversation": {a.rule for a in known}}
    return tuple(rule.name for rule in timed if rule.name in acted[rule.once])


def _episode(conversation: Conversation) -> datetime:
    """When the present waiting began: from the customer's message until somebody answers, and from the answer on."""
    begun = conversation.waiting_since or conversation.replied_at or conversation.opened_at
    assert begun is not None
    return begun


def _happened(turn: Turn, told: Sequence[Event]) -> Iterator[str]:
    for event in told:
        name = _named(event.payload)
        if name is not None and _so(turn, event.payload):
            yield name


def _named(payload: ev.Payload) -> str | None:
    return f"{payload.what}-expiring" if isinstance(payload, ev.Expiring) else TOUCHED.get(payload.kind)


def _so(turn: Turn, payload: ev.Payload) -> bool:
    """Whether it comes to what its kind may be: a state that is another one now, a reply of which all parts are sent."""
    match payload:
        case ev.DeliverySettled(state="sent", message=message, copy=False, passed_on=False):
            parts = [part for part in deliveries.of_messages(turn.unit, [message]) if not part.copy]
            return all(part.state is DeliveryState.SENT for part in parts)
        case ev.DeliverySettled():
            return False
        case PromiseJudged(outcome=outcome):
            return outcome == PromiseState.LATE.value
        case ClockBreached() | PromiseAtRisk() | ev.Rated() | ev.QuotaUsed() | ev.Expiring():
            return True
        case ev.StateSet():
            return turn.before.state is not turn.conversation.state
        case _:
            return _field_changed(turn)


def _field_changed(turn: Turn) -> bool:
    roster = people.roster(turn.unit)
    fields = {name for name, _ in changes.previous(turn.before, turn.conversation, roster)} - {"state"}
    return bool(fields) or turn.before.tags != turn.conversation.tags


def _actor(told: Sequence[Event]) -> str:
    """Who caused it: a person before the house, which only follows."""
    people_first = [event.actor.kind for event in told if event.actor.kind != "house"]
    return people_first[0] if people_first else "house"


def halted(turn: Turn) -> bool:
    """Whether rules have run here too often within the hour; told once an hour, where people see it."""
    since = turn.now - HOUR
    if decisions.reactions(turn.unit, turn.conversation.id, since) < MOST:
        return False
    log = [*events.of(turn.unit, turn.conversation.id), *turn.told]
    if not any(isinstance(event.payload, RulesHalted) and event.at > since for event in log):
        turn.tell(RulesHalted("rules_halted", MOST))
    return True
