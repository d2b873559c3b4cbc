"""What a backtest came to, as its page tells it: in the words of `inbox rules backtest`, each change a way to its conversations."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from inbox.domain.scope import Scope
from inbox.pipeline.backtest import Changed
from inbox.pipeline.backtested import Figures, Pair
from inbox.pipeline.rehearse import Count, Rehearsal
from inbox.rulebook.told import percent, told
from inbox.store.scoped import subjects
from inbox.store.store import Store
from inbox.web.ops.backtests import Run

PAGE = 25
"""Changed conversations on one page."""
FIELDS = 20
"""Kinds of changes that are shown at once; the others are folded."""
ASSUMED = ("facts", "customers", "handling", "one_by_one", "strategies", "replies")

Say = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table of numbers: what, how many before and after."""

    what: str
    before: int
    after: int

    @property
    def difference(self) -> str:
        """With its sign; empty where there is none."""
        found = self.after - self.before
        return "" if not found else f"+{found}" if found > 0 else f"−{-found}"


@dataclass(frozen=True, slots=True)
class Line:
    """A conversation that would come out otherwise. `subject` None: the reader may not see it."""

    reference: str
    subject: str | None
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the changed conversations. `chosen`: the one change that is asked about; `hidden`: how many of these the
    reader may not see; `before` and `next`: the pages around, if any."""

    lines: tuple[Line, ...]
    hidden: int
    total: int
    chosen: int | None
    first: int
    before: int | None
    next: int | None


async def part(store: Store, scope: Scope, run: Run, say: Say, change: str, page: str) -> Part:
    """The page that was asked for, by the numbers of a change and of a page as they stand in the address."""
    assert run.figures is not None
    chosen, fields = _number(change), run.figures.fields
    if chosen is not None and chosen >= len(fields):
        chosen = None
    found: Sequence[Changed] = run.changed
    if chosen is not None:
        found = [one for one in run.changed if fields[chosen][0] in one.changes]
    number = max(1, _number(page) or 1)
    first = (number - 1) * PAGE
    shown = found[first : first + PAGE]
    seen = await store.read(subjects, scope, [one.reference for one in shown])
    lines = tuple(Line(one.reference, seen[one.reference], _told(say, one)) for one in shown if one.reference in seen)
    more = number + 1 if len(found) > first + PAGE else None
    return Part(lines, len(shown) - len(lines), len(found), chosen, first + 1, number - 1 or None, more)


def _told(say: Say, one: Changed) -> tuple[str, ...]:
    return tuple(told(say, change) for change in one.changes)


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else None


def changes(figures: Figures, say: Say) -> list[tuple[str, int]]:
    """Each change in words, with the number of conversations."""
    return [(told(say, change), count) for change, count in figures.fields]


def stands(figures: Figures, say: Say) -> list[tuple[str, list[Row]]]:
    """How many have which value in the end, by field."""
    return [(say(f"cli.rules.stands.{name}"), rows(pairs)) for name, pairs in figures.stands.items()]


def rows(pairs: Mapping[str, Pair]) -> list[Row]:
    """A table of numbers."""
    return [Row(what, before, after) for what, (before, after) in pairs.items()]


@dataclass(frozen=True, slots=True)
class Clocks:
    """The rehearsal in words. `met`: as it was, as decided and with these rules, how many clocks of each metric were met;
    `turned`: what would be met or missed instead, conversations that the reader may see, and whether there are more."""

    metrics: list[str]
    met: list[tuple[str, list[str]]]
    turned: list[tuple[str, list[str], bool]]
    handled: list[Row]


async def clocks(store: Store, scope: Scope, rehearsal: Rehearsal, say: Say) -> Clocks:
    """Conversations are named to those who may read them."""
    seen = await store.read(subjects, scope, [*rehearsal.better, *rehearsal.worse])
    turned = []
    for key, count, first in zip(
        ("better", "worse"), rehearsal.turned, (rehearsal.better, rehearsal.worse), strict=True
    ):
        if count:
            words = say(f"cli.rules.backtest.{key}", n=count, examples="").strip()
            turned.append((words, [one for one in first if one in seen], count > len(first)))
    sides = {"real": rehearsal.real, "rehearsed": rehearsal.before, "other": rehearsal.after}
    met = [(say(f"cli.rules.column.{name}"), [_met(say, one) for one in side.values()]) for name, side in sides.items()]
    metrics = [say(f"clock.{metric.value}") for metric in rehearsal.real]
    return Clocks(metrics, met, turned, rows(rehearsal.handled))


def _met(say: Say, count: Count) -> str:
    return say("cli.rules.backtest.met", met=count.met, judged=count.met + count.missed, share=percent(count.share))


def sentence(figures: Figures, say: Say) -> str:
    """What came of it, in one sentence."""
    if not figures.conversations:
        return say("web.backtest.nothing")
    facts = {"changed": figures.changed, "conversations": figures.conversations, "share": percent(figures.share)}
    return say("web.backtest.head" if figures.changed else "web.backtest.same", **facts)
