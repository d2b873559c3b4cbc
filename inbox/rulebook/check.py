"""Looking a rulebook over for what is allowed but surely not meant: warnings, each with its file and line."""

from collections.abc import Iterable, Iterator

from inbox.domain.problems import Misconfigured
from inbox.rulebook.cycles import cycles
from inbox.rulebook.load import DEFAULT_EVENT
from inbox.rulebook.names import Names
from inbox.rulebook.rulebook import Rule, Rulebook
from inbox.rulebook.values import NONE


def check(rulebook: Rulebook, names: Names) -> tuple[Misconfigured, ...]:
    """The warnings about a rulebook that loaded: a rulebook with warnings works, as written.

    No rule that takes every new conversation; an acknowledgement without a template in a language that the site answers in;
    a rule that goes round for ever; a rule that is never reached, or whose fields are all set before it, since a rule without conditions stands above it.
    """
    return (
        *_no_catch_all(rulebook),
        *_unworded(rulebook.rules, names),
        *_shadowed(rulebook.rules),
        *cycles(rulebook),
    )


def _no_catch_all(rulebook: Rulebook) -> Iterator[Misconfigured]:
    if not any(not rule.when and DEFAULT_EVENT in rule.on for rule in rulebook.rules):
        where = rulebook.rules[-1].place if rulebook.rules else "rules/"
        yield Misconfigured("rules.no_catch_all", where=where)


def _unworded(rules: Iterable[Rule], names: Names) -> Iterator[Misconfigured]:
    for rule in rules:
        for effect in rule.effects:
            template = str(effect.value)
            if effect.name != "acknowledgement" or template == NONE:
                continue
            missing = [language for language in names.languages if language not in names.templates[template]]
            if missing:
                languages = ", ".join(missing)
                yield Misconfigured("rules.template_language", where=rule.place, name=template, languages=languages)


def _shadowed(rules: tuple[Rule, ...]) -> Iterator[Misconfigured]:
    for place, rule in enumerate(rules):
        above = [one for one in rules[:place] if not one.when and rule.on <= one.on]
        stop = next((one for one in above if one.final), None)
        if stop is not None:
            yield Misconfigured(
                "rules.unreachable", where=rule.place, name=rule.name, above=stop.name, above_at=stop.place
            )
        elif (first := _silenced(rule, above)) is not None:
            yield Misconfigured(
                "rules.decides_nothing", where=rule.place, name=rule.name, above=first.name, above_at=first.place
            )


def _silenced(rule: Rule, above: list[Rule]) -> Rule | None:
    """The last of the rules above that together set everything this one wants to set; None when it can still do something."""
    taken = {field: one for one in reversed(above) for effect in one.effects for field in effect.sets}
    adds_up = any(not effect.sets for effect in rule.effects)
    if rule.final or adds_up or not all(any(field in taken for field in effect.sets) for effect in rule.effects):
        return None
    return next(taken[field] for effect in rule.effects for field in effect.sets if field in taken)
