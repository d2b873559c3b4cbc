"""Rules that would call themselves for ever: what a rule puts aside wakes again, and may be the very event that it acts on.

Within one run nothing goes round, for what rules do is no event for them. Across time one effect leads to another event: a
snooze ends or a task is due, and the state becomes `open` by the house.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from types import MappingProxyType

from inbox.domain.conversations import State
from inbox.domain.problems import Misconfigured
from inbox.rulebook.conditions import hold
from inbox.rulebook.facts import ConversationFacts, Facts, Moment
from inbox.rulebook.reading import Reading
from inbox.rulebook.rulebook import Rule, Rulebook

_WAKES = {"snooze": (State.SNOOZED,), "follow_up": (State.SNOOZED, State.WAITING, State.DONE)}
"""Effects that open a conversation later, and the states out of which they do."""
_KNOWN = frozenset({"actor", "state", "changed.state.from", "changed.state.to"})
"""Conditions whose answer is known of the moment of waking; any other may hold or not."""
_WAKING = Facts(
    events=("state-changed",),
    at=datetime(2026, 1, 6, tzinfo=UTC),
    moment=Moment(date(2026, 1, 6), time(0)),
    actor="house",
    conversation=ConversationFacts(state=State.OPEN),
    idle=MappingProxyType({}),
)


def cycles(rulebook: Rulebook) -> Iterator[Misconfigured]:
    """A warning for each rule that has a conversation opened later because it was opened."""
    for rule in rulebook.rules:
        asleep = [state for effect in rule.effects for state in _WAKES.get(effect.name, ())]
        if "state-changed" in rule.on and any(_may_act_at_waking(rule, state) for state in asleep):
            yield Misconfigured("rules.cycle", where=rule.place, name=rule.name)


def _may_act_at_waking(rule: Rule, asleep: State) -> bool:
    known = [condition for condition in rule.when if condition.no.key in _KNOWN]
    return hold(known, Reading(replace(_WAKING, previous=(("state", asleep.value),))))[0]
