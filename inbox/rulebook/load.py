"""Rule files made into a rulebook, whole or not at all: everything that is wrong in them is told at once, with file and line."""

import hashlib
from collections.abc import Mapping, Sequence

from inbox.domain.problems import Misconfigured
from inbox.rulebook import values
from inbox.rulebook.conditions import conditions
from inbox.rulebook.effects import Then, then
from inbox.rulebook.names import Names
from inbox.rulebook.page import Page, opened
from inbox.rulebook.places import Path
from inbox.rulebook.question import Builder
from inbox.rulebook.questions import questions
from inbox.rulebook.rulebook import Rule, Rulebook
from inbox.rulebook.vocabulary import EVENTS, FILE_KEYS, RULE_KEYS
from inbox.rulebook.waits import idle, once, start_of, waiting

DEFAULT_EVENT = "conversation-opened"


class Refused(Misconfigured):
    """The files make no rulebook. `problems`: all that is wrong, in the order of files and lines."""

    def __init__(self, key: str, /, *, where: str, problems: tuple[Misconfigured, ...], **facts: object) -> None:
        super().__init__(key, where=where, problems=problems, **facts)
        self.problems = problems


def load(files: Mapping[str, str], names: Names) -> Rulebook:
    """The rulebook of rule files ({name: text}), taken in the order of their names; raises `Refused` for any problem at all.

    The names are used as they are in `where` ("rules/10-machines.toml:3"). No files make a rulebook without rules.
    """
    ask = questions()
    rules: list[tuple[Rule, bool]] = []
    problems: list[Misconfigured] = []
    for name in sorted(files):
        page, tables = opened(name, files[name], names, FILE_KEYS, "rule")
        rules += [_rule(page, ("rule", position), one, ask) for position, one in enumerate(tables)]
        problems += page.problems
    refuse(problems + _same_names(rules))
    return Rulebook(revision(files), tuple(rule for rule, enabled in rules if enabled), dict(files))


def refuse(problems: Sequence[Misconfigured]) -> None:
    """Raise `Refused` if there is any problem, with all of them in the order of files and lines."""
    if problems:
        found = tuple(sorted(problems, key=_place))
        raise Refused("rules.refused", where=str(found[0].facts["where"]), count=len(found), problems=found)


def _place(problem: Misconfigured) -> tuple[str, int]:
    file, _, line = str(problem.facts["where"]).rpartition(":")
    return file, int(line)


def revision(files: Mapping[str, str]) -> str:
    """A hash of names and contents: 16 hexadecimal digits, equal exactly when the files are."""
    whole = hashlib.sha256()
    for name in sorted(files):
        for part in (name, files[name]):
            held = part.encode()
            whole.update(len(held).to_bytes(8, "big") + held)
    return whole.hexdigest()[:16]


def _rule(page: Page, path: Path, table: dict[str, object], ask: Mapping[str, Builder]) -> tuple[Rule, bool]:
    """One rule with whether it is enabled."""
    kept = page.allowed(path, table, RULE_KEYS)
    none: dict[str, object] = {}
    when = page.read(path, kept, "when", values.table, none)
    on, name = _events(page, path, kept), page.read(path, kept, "name", values.text, "")
    ask = {**ask, "idle.for": idle(start_of(when))}
    effects = then(page, (*path, "then"), page.read(path, kept, "then", values.table, {}))
    rule = Rule(
        name=name,
        place=page.where(path),
        on=on,
        when=conditions(page, (*path, "when"), when, ask),
        effects=effects.effects,
        override=effects.override,
        final=page.read(path, kept, "final", values.truth, False),
        waiting=waiting(page, path, kept, on, name),
        once=page.read(path, kept, "once", once, "episode"),
    )
    _check_whole(page, path, kept, effects)
    return rule, page.read(path, kept, "enabled", values.truth, True)


def _check_whole(page: Page, path: Path, kept: Mapping[str, object], effects: Then) -> None:
    if "name" not in kept:
        page.wrong(path, "rules.no_name")
    if not kept.get("then") and kept.get("final", False) is False:
        page.wrong(path, "rules.nothing_to_do")
    idle = sorted(effects.override - {field for effect in effects.effects for field in effect.sets})
    for field in idle:
        page.wrong((*path, "then", "override"), "rules.idle_override", field=field)


def _events(page: Page, path: Path, kept: Mapping[str, object]) -> frozenset[str]:
    known = [event.name for event in EVENTS]

    def named(value: object) -> frozenset[str]:
        return frozenset(values.names(value, known, "rules.unknown_event"))

    found = page.read(path, kept, "on", named, frozenset({DEFAULT_EVENT}))
    for refused in (event.name for event in EVENTS if event.name in found and not event.accepted):
        page.not_built((*path, "on"), refused)
    return found


def _same_names(rules: list[tuple[Rule, bool]]) -> list[Misconfigured]:
    """Rules are told apart by their names, in decisions, tests and explanations."""
    first: dict[str, Rule] = {}
    found = []
    for rule, _ in rules:
        if rule.name and first.setdefault(rule.name, rule) is not rule:
            found.append(
                Misconfigured("rules.same_name", where=rule.place, name=rule.name, first=first[rule.name].place)
            )
    return found
