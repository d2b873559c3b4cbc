"""Rules that never do anything, since one above always comes first: found by what is written, and never a false alarm."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from inbox.rulebook.decision import Assign
from inbox.rulebook.effects import Effect
from inbox.rulebook.implied import implied
from inbox.rulebook.rulebook import Rule, Rulebook
from inbox.rulebook.written import Whole, written
from inbox.text.fold import fold

AT_ONCE = frozenset(
    {
        "conversation-opened",
        "message-received",
        "reply-sent",
        "state-changed",
        "field-changed",
        "rating-given",
        "contract-quota",
        "contract-expiring",
        "warranty-expiring",
        "service-expiring",
        "escalated",
    }
)
"""Events at which all rules run together; a time rule may come alone, when those above it had their turn long ago."""

HARMLESS = frozenset({"acknowledgement", "note", "notify", "page", "reply", "follow_up", "webhook"})
"""Effects after which every condition says what it said before."""

TOUCHES = {
    "priority": {"priority"},
    "raise_priority_to": {"priority"},
    "assign": {"assignee", "team"},
    "team": {"team"},
    "policy": {"policy"},
    "state": {"state"},
    "tag": {"tag"},
    "untag": {"tag"},
    "snooze": {"state"},
}


@dataclass(frozen=True, slots=True)
class Shadowed:
    """A rule without effect. `above` is what comes first; `reached`: it is looked at, but decides nothing."""

    rule: Rule
    above: Rule
    reached: bool


def shadowed(rulebook: Rulebook) -> Iterator[Shadowed]:
    """Every rule that cannot do anything, whatever comes in.

    It is never reached where a rule above that is final matches whenever it would. It decides nothing where each of its effects
    is one that rules above, which match whenever it does, have always had before: the same fields set, the same tags added.
    """
    conditions = {one.name: one.when for one in written(rulebook.files)}
    rules = rulebook.rules
    for place, rule in enumerate(rules):
        when = conditions.get(rule.name)
        if when is None or not rule.on <= AT_ONCE:
            continue
        before = list(_first(rules[:place], rule, when, conditions))
        stop = next((one for one in before if one.final), None)
        if stop is not None:
            yield Shadowed(rule, stop, reached=False)
        elif not rule.final and (last := _silencing(rule, before, rules[:place])) is not None:
            yield Shadowed(rule, last, reached=True)


def _first(above: tuple[Rule, ...], rule: Rule, when: Whole, conditions: dict[str, Whole | None]) -> Iterator[Rule]:
    """The rules above that match whenever `rule` does."""
    for place, one in enumerate(above):
        wanted = conditions.get(one.name)
        if wanted is not None and rule.on <= one.on <= AT_ONCE:
            touched = _touched(above[place + 1 :])
            if not wanted or (touched is not None and implied(when, wanted, touched)):
                yield one


def _touched(rules: tuple[Rule, ...]) -> Collection[str] | None:
    """The fields that these rules may change; None where one has an effect of which that is not known."""
    found: set[str] = set()
    for effect in (effect for rule in rules for effect in rule.effects):
        if effect.name.startswith("field."):
            found.add(effect.name)
        elif effect.name in TOUCHES:
            found |= TOUCHES[effect.name]
        elif effect.name not in HARMLESS:
            return None
    return found


def _silencing(rule: Rule, before: list[Rule], above: tuple[Rule, ...]) -> Rule | None:
    """The last of the rules that are needed to leave `rule` without any effect; None where it can still have one."""
    needed = []
    for effect in rule.effects:
        found = next((one for one in before if _takes(one, effect, rule, above)), None)
        if found is None:
            return None
        needed.append(found)
    return max(needed, key=above.index, default=None)


def _takes(one: Rule, effect: Effect, rule: Rule, above: tuple[Rule, ...]) -> bool:
    """Whether the effect can never be had, because `one` above matched."""
    if effect.name == "tag":
        return _adds(one, effect) and not any(other.name == "untag" for each in above for other in each.effects)
    return bool(effect.sets) and any(_blocks(mine, one, effect, rule) for mine in one.effects)


def _adds(one: Rule, effect: Effect) -> bool:
    mine = (str(other.value) for other in one.effects if other.name == "tag")
    return fold(str(effect.value)) in map(fold, mine)


def _blocks(mine: Effect, one: Rule, effect: Effect, rule: Rule) -> bool:
    """Whatever kept `mine` from happening keeps `effect` from it too: it sets all that `mine` does, and beats no more pins."""
    fields = set(mine.sets)
    if not fields or not fields <= set(effect.sets) or fields & rule.override - one.override:
        return False
    # A pinned team may not be in the way of an assignment within that very team.
    return "team" not in fields - one.override or _team(effect) in ("", _team(mine))


def _team(effect: Effect) -> str:
    return effect.value.team if isinstance(effect.value, Assign) else ""
