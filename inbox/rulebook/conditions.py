"""The `when` of a rule: its conditions, which must all hold, and the groups any, all and not within them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from inbox.rulebook import values
from inbox.rulebook.decision import Checked
from inbox.rulebook.keys import Entry, entries
from inbox.rulebook.needs import Needs, best, either, needs
from inbox.rulebook.page import Page
from inbox.rulebook.places import Path
from inbox.rulebook.question import Builder, Question
from inbox.rulebook.reading import Reading
from inbox.rulebook.vocabulary import CONDITIONS

DEEPEST = 5
"""How many levels of any, all and not may stand within one another."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of a rule's `when`; `check` asks it of a reading. `no`: the plain result that it gives most of the time.
    `needs`: what facts must show for it to hold, as far as that can be said."""

    no: Checked
    check: Callable[[Reading], Checked]
    needs: Needs = None


def conditions(
    page: Page, path: Path, table: Mapping[str, object], questions: Mapping[str, Builder], depth: int = 0
) -> tuple[Condition, ...]:
    """The conditions of one `when` table, all of which must hold; what is wrong is noted on the page and left out.

    `questions`: how each accepted key is asked, as `inbox.rulebook.questions` lists them.
    """
    made = _Making(page, questions)
    return made.table(path, table, depth)


def hold(
    wanted: Sequence[Condition], reading: Reading, first: Checked | None = None
) -> tuple[bool, tuple[Checked, ...]]:
    """Whether all hold, with the results up to the first that does not; `first`: what the first one said, if it was asked."""
    if first is not None and not first.held:
        return False, (first,)
    results = [] if first is None else [first]
    for condition in wanted[len(results) :]:
        result = condition.check(reading)
        results.append(result)
        if not result.held:
            return False, tuple(results)
    return True, tuple(results)


@dataclass(frozen=True, slots=True)
class _Making:
    page: Page
    questions: Mapping[str, Builder]

    def table(self, path: Path, table: Mapping[str, object], depth: int) -> tuple[Condition, ...]:
        found = (self.one(entry, depth) for entry in entries(self.page, path, table, CONDITIONS))
        return tuple(condition for condition in found if condition is not None)

    def one(self, entry: Entry, depth: int) -> Condition | None:
        try:
            if entry.written in ("any", "all", "not"):
                return self.group(entry, depth)
            build = self.questions[entry.key.name]
            made = _single(entry, build(entry.name, entry.value, self.page.names))
            return replace(made, needs=needs(entry.key.name, entry.name, entry.value))
        except values.Unfit as unfit:
            self.page.unfit(entry.path, entry.written, unfit)
            return None

    def group(self, entry: Entry, depth: int) -> Condition | None:
        if depth >= DEEPEST:
            self.page.wrong(entry.path, "rules.too_deep", key=entry.written, deepest=str(DEEPEST))
            return None
        if entry.written == "not":
            inner = self.table(entry.path, _filled(entry.value), depth + 1)
            return Condition(Checked("not", "", held=False), lambda reading: _not(inner, reading))
        choices = [
            self.table((*entry.path, position), _filled(one), depth + 1)
            for position, one in enumerate(values.tables(entry.value))
        ]
        key, until = entry.written, entry.written == "any"
        no = Checked(key, "", False, "", tuple(one[0].no for one in choices if one))
        each = [best(one.needs for one in choice) for choice in choices]
        need = either(each) if until else best(each)
        return Condition(no, lambda reading: _several(no, choices, reading, until=until), need)


def _single(entry: Entry, ask: Question) -> Condition:
    key, wanted = entry.written, _wanted(entry.value)
    plain_no = Checked(key, wanted, held=False)

    def check(reading: Reading) -> Checked:
        held, seen = ask(reading)
        return Checked(key, wanted, held, seen) if held or seen else plain_no

    return Condition(plain_no, check)


def _wanted(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_wanted(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_wanted(one)}" for name, one in value.items())
    return str(value).lower() if isinstance(value, bool) else str(value)


def _filled(value: object) -> dict[str, object]:
    table = values.table(value)
    if not table:
        raise values.wrong_type("table", value)
    return table


def _not(inner: tuple[Condition, ...], reading: Reading) -> Checked:
    held, parts = hold(inner, reading)
    return Checked("not", "", not held, "", parts)


def _several(no: Checked, choices: list[tuple[Condition, ...]], reading: Reading, *, until: bool) -> Checked:
    """`any` looks until one choice holds, `all` until one does not."""
    parts: tuple[Checked, ...] = ()
    for choice in choices:
        held, results = hold(choice, reading)
        parts = (*parts, results[0] if len(choice) == 1 else Checked("all", "", held, "", results))
        if held is until:
            return Checked(no.key, "", until, "", parts)
    return no if until and parts == no.parts else Checked(no.key, "", not until, "", parts)
