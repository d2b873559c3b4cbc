"""Rules that would call themselves for ever: what a rule puts aside wakes again, and may be the very event that it acts on.

Within one run nothing goes round, for what rules do is no event for them. Across time one effect leads to another event: a
snooze ends, and the state becomes `open` by the house.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from types import MappingProxyType

from inbox.domain.conversations import State
from inbox.domain.problems import Misconfigured
from inbox.rulebook.conditions import hold
from inbox.rulebook.facts import ConversationFacts, Facts, Moment
from inbox.rulebook.reading import Reading
from inbox.rulebook.rulebook import Rule, Rulebook

_ASLEEP = frozenset({"snooze"})
_KNOWN = frozenset({"actor", "state", "changed.state.from", "changed.state.to"})
"""Conditions whose answer is known of the moment of waking; any other may hold or not."""
_WAKING = Facts(
    events=("state-changed",),
    at=datetime(2026, 1, 6, tzinfo=UTC),
    moment=Moment(date(2026, 1, 6), time(0)),
    actor="house",
    conversation=ConversationFacts(state=State.OPEN),
    previous=(("state", State.SNOOZED.value),),
    idle=MappingProxyType({}),
)


def cycles(rulebook: Rulebook) -> Iterator[Misconfigured]:
    """A warning for each rule that puts a conversation to sleep because it woke."""
    for rule in rulebook.rules:
        if "state-changed" in rule.on and _sleeps(rule) and _may_act_at_waking(rule):
            yield Misconfigured("rules.cycle", where=rule.place, name=rule.name)


def _sleeps(rule: Rule) -> bool:
    return any(effect.name in _ASLEEP for effect in rule.effects)


def _may_act_at_waking(rule: Rule) -> bool:
    known = [condition for condition in rule.when if condition.no.key in _KNOWN]
    return hold(known, Reading(_WAKING))[0]
