"""Looking a rulebook over for what is allowed but surely not meant: warnings, each with its file and line."""

from collections.abc import Iterable, Iterator

from inbox.domain.problems import Misconfigured
from inbox.rulebook.cycles import cycles
from inbox.rulebook.load import DEFAULT_EVENT
from inbox.rulebook.names import Names
from inbox.rulebook.rulebook import Rule, Rulebook
from inbox.rulebook.shadowed import shadowed
from inbox.rulebook.values import NONE


def check(rulebook: Rulebook, names: Names) -> tuple[Misconfigured, ...]:
    """The warnings about a rulebook that loaded: a rulebook with warnings works, as written.

    No rule that takes every new conversation; an acknowledgement or a reply whose template lacks a language that the site
    answers in; a rule that goes round for ever; one that is never reached, or never decides anything, since rules above it
    always come first.
    """
    return (*_no_catch_all(rulebook), *_unworded(rulebook.rules, names), *_shadowed(rulebook), *cycles(rulebook))


def _no_catch_all(rulebook: Rulebook) -> Iterator[Misconfigured]:
    if not any(not rule.when and DEFAULT_EVENT in rule.on for rule in rulebook.rules):
        where = rulebook.rules[-1].place if rulebook.rules else "rules/"
        yield Misconfigured("rules.no_catch_all", where=where)


def _unworded(rules: Iterable[Rule], names: Names) -> Iterator[Misconfigured]:
    for rule in rules:
        for effect in rule.effects:
            template = str(effect.value)
            if effect.name not in ("acknowledgement", "reply") or template == NONE:
                continue
            missing = [language for language in names.languages if language not in names.templates[template]]
            if missing:
                languages = ", ".join(missing)
                yield Misconfigured("rules.template_language", where=rule.place, name=template, languages=languages)


def _shadowed(rulebook: Rulebook) -> Iterator[Misconfigured]:
    for found in shadowed(rulebook):
        key = "rules.decides_nothing" if found.reached else "rules.unreachable"
        rule, above = found.rule, found.above
        yield Misconfigured(key, where=rule.place, name=rule.name, above=above.name, above_at=above.place)
