"""Rule files made into a rulebook, whole or not at all: everything that is wrong in them is told at once, with file and line."""

import hashlib
import re
import tomllib
from collections.abc import Mapping

from inbox.domain.problems import Misconfigured
from inbox.rulebook import values
from inbox.rulebook.conditions import conditions
from inbox.rulebook.effects import Then, then
from inbox.rulebook.names import Names
from inbox.rulebook.page import Page
from inbox.rulebook.places import Path, places
from inbox.rulebook.question import Builder
from inbox.rulebook.questions import questions
from inbox.rulebook.rulebook import Rule, Rulebook
from inbox.rulebook.vocabulary import EVENTS, FILE_KEYS, FORMAT, RULE_KEYS

DEFAULT_EVENT = "conversation-opened"
_SYNTAX_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


class Refused(Misconfigured):
    """The files make no rulebook. `problems`: all that is wrong, in the order of the files, each with its own `where`."""

    def __init__(self, key: str, /, *, where: str, problems: tuple[Misconfigured, ...], **facts: object) -> None:
        super().__init__(key, where=where, problems=problems, **facts)
        self.problems = problems


def load(files: Mapping[str, str], names: Names) -> Rulebook:
    """The rulebook of rule files ({name: text}), taken in the order of their names; raises `Refused` for any problem at all.

    The names are used as they are in `where` ("rules/10-machines.toml:3"). No files make a rulebook without rules.
    """
    pages = [_page(name, files[name], names) for name in sorted(files)]
    ask = questions()
    rules = [rule for page, table in pages for rule in _rules(page, table, ask)]
    problems = [problem for page, _ in pages for problem in page.problems] + _same_names(rules)
    if problems:
        raise Refused(
            "rules.refused", where=str(problems[0].facts["where"]), count=len(problems), problems=tuple(problems)
        )
    return Rulebook(revision(files), tuple(rule for rule, enabled in rules if enabled))


def revision(files: Mapping[str, str]) -> str:
    """A hash of names and contents: 16 hexadecimal digits, equal exactly when the files are."""
    whole = hashlib.sha256()
    for name in sorted(files):
        for part in (name, files[name]):
            held = part.encode()
            whole.update(len(held).to_bytes(8, "big") + held)
    return whole.hexdigest()[:16]


def _page(name: str, text: str, names: Names) -> tuple[Page, dict[str, object]]:
    """The file parsed; an empty table where it is no TOML."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        page = Page(name, {}, names)
        page.problems.append(_syntax(name, text, str(error)))
        return page, {}
    return Page(name, places(text), names), table


def _syntax(name: str, text: str, told: str) -> Misconfigured:
    found = _SYNTAX_PLACE.search(told)
    line = found[1] if found and found[1] else str(text.count("\n") + 1)
    return Misconfigured("rules.syntax", where=f"{name}:{line}", detail=_SYNTAX_PLACE.sub("", told))


def _rules(page: Page, table: dict[str, object], ask: Mapping[str, Builder]) -> list[tuple[Rule, bool]]:
    """The rules of one file with whether each is enabled."""
    kept = page.allowed((), table, FILE_KEYS)
    if kept.get("format", FORMAT) != FORMAT:
        page.wrong(("format",), "rules.format", found=values.shown(kept["format"]), known=str(FORMAT))
        return []
    try:
        found = values.tables(kept["rule"]) if "rule" in kept else []
    except values.Unfit as unfit:
        page.unfit(("rule",), "rule", unfit)
        return []
    return [_rule(page, ("rule", position), one, ask) for position, one in enumerate(found)]


def _rule(page: Page, path: Path, table: dict[str, object], ask: Mapping[str, Builder]) -> tuple[Rule, bool]:
    kept = page.allowed(path, table, RULE_KEYS)
    read = _Reader(page, path, kept)
    effects = then(page, (*path, "then"), read.table("then"))
    rule = Rule(
        name=read.text("name"),
        place=page.where(path),
        on=read.events(),
        when=conditions(page, (*path, "when"), read.table("when"), ask),
        effects=effects.effects,
        override=effects.override,
        final=read.truth("final", default=False),
    )
    _check_whole(page, path, kept, effects)
    return rule, read.truth("enabled", default=True)


def _check_whole(page: Page, path: Path, kept: Mapping[str, object], effects: Then) -> None:
    if "name" not in kept:
        page.wrong(path, "rules.no_name")
    if not kept.get("then") and kept.get("final") is not True:
        page.wrong(path, "rules.nothing_to_do")
    idle = sorted(effects.override - {field for effect in effects.effects for field in effect.sets})
    for field in idle:
        page.wrong((*path, "then", "override"), "rules.idle_override", field=field)


class _Reader:
    """The flat keys of one rule, each read with a fall-back, so that one bad value does not hide the next."""

    def __init__(self, page: Page, path: Path, table: Mapping[str, object]) -> None:
        self.page, self.path, self.given = page, path, table

    def text(self, key: str) -> str:
        try:
            return values.text(self.given[key]) if key in self.given else ""
        except values.Unfit as unfit:
            self.page.unfit((*self.path, key), key, unfit)
            return ""

    def truth(self, key: str, *, default: bool) -> bool:
        try:
            return values.truth(self.given[key]) if key in self.given else default
        except values.Unfit as unfit:
            self.page.unfit((*self.path, key), key, unfit)
            return default

    def table(self, key: str) -> dict[str, object]:
        try:
            return values.table(self.given[key]) if key in self.given else {}
        except values.Unfit as unfit:
            self.page.unfit((*self.path, key), key, unfit)
            return {}

    def events(self) -> frozenset[str]:
        if "on" not in self.given:
            return frozenset({DEFAULT_EVENT})
        here = (*self.path, "on")
        try:
            found = values.names(self.given["on"], [event.name for event in EVENTS], "rules.unknown_event")
        except values.Unfit as unfit:
            self.page.unfit(here, "on", unfit)
            return frozenset()
        for refused in (event.name for event in EVENTS if event.name in found and not event.accepted):
            self.page.not_built(here, refused)
        return frozenset(found)


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
