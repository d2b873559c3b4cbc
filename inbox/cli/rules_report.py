"""A backtest told: what would change, who would have how much, and which clocks would have been met."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from inbox.cli.context import Context
from inbox.pipeline.backtest import Tally
from inbox.pipeline.rehearse import Count, Rehearsal
from inbox.rulebook.rulebook import Rulebook
from inbox.rulebook.told import percent, told
from inbox.store.decisions import Window

FIELDS = 20
"""Kinds of changes that people are shown, the most frequent first."""
ASSUMPTIONS = ("facts", "customers", "handling", "one_by_one", "strategies", "replies")


def document(rulebook: Rulebook, window: Window, tally: Tally, rehearsal: Rehearsal | None) -> dict[str, object]:
    """All of it for programs."""
    return {
        "revision": rulebook.revision,
        "since": window.since,
        "until": window.until,
        "channel": window.channel or None,
        "decisions": tally.decisions,
        "conversations": tally.conversations,
        "changed": tally.changed,
        "share": round(tally.share, 6),
        "unread": tally.unread,
        "fields": [{**asdict(change), "conversations": count} for change, count in tally.fields.most_common()],
        "stands": {name: _pair(*sides) for name, sides in tally.stands.items()},
        "rules": _pair(*tally.hits),
        "examples": [asdict(one) for one in tally.examples],
        "clocks": None if rehearsal is None else _clocks(rehearsal),
    }


def _pair(before: dict[str, int], after: dict[str, int]) -> dict[str, dict[str, int]]:
    names = sorted({*before, *after})
    return {name: {"before": before.get(name, 0), "after": after.get(name, 0)} for name in names}


def _clocks(rehearsal: Rehearsal) -> dict[str, object]:
    sides = {"real": rehearsal.real, "before": rehearsal.before, "after": rehearsal.after}
    tables = {name: {metric.value: asdict(count) for metric, count in side.items()} for name, side in sides.items()}
    handled = {name: {"before": one, "after": other} for name, (one, other) in rehearsal.handled.items()}
    (better, worse), examples = rehearsal.turned, {"better": rehearsal.better, "worse": rehearsal.worse}
    return {**tables, "handled": handled, "better": better, "worse": worse, "examples": examples}


def report(context: Context, tally: Tally, rehearsal: Rehearsal | None, took: float) -> None:
    """All of it for people, the examples as far as they were kept."""
    for line in _lines(context, tally, rehearsal, took):
        context.printer.line(line)


def _lines(context: Context, tally: Tally, rehearsal: Rehearsal | None, took: float) -> Iterator[str]:
    say = context.say
    counts = {"conversations": tally.conversations, "decisions": tally.decisions, "seconds": round(took, 1)}
    yield say("cli.rules.backtest.head", **counts, changed=tally.changed, share=percent(tally.share))
    if tally.unread:
        yield say("cli.rules.backtest.unread", n=tally.unread)
    for change, count in tally.fields.most_common(FIELDS):
        yield f"  {count:>6}  {told(context.say, change)}"
    if len(tally.fields) > FIELDS:
        yield f"          {say('cli.rules.backtest.more', n=len(tally.fields) - FIELDS)}"
    for one in tally.examples:
        yield f"  #{one.reference}  {' · '.join(told(context.say, change) for change in one.changes)}"
    if tally.changed > len(tally.examples):
        yield f"  {say('cli.rules.backtest.hidden', n=tally.changed - len(tally.examples), all=tally.changed)}"
    yield from _stands(context, tally)
    if rehearsal is not None:
        yield from _rehearsed(context, rehearsal)


def _stands(context: Context, tally: Tally) -> Iterator[str]:
    """How many have which priority, team, agent, policy and state in the end; of what stays alike, nothing."""
    rows = []
    for name, (before, after) in tally.stands.items():
        for value in sorted({*before, *after}):
            one, other = before[value], after[value]
            if one != other:
                rows.append(
                    (f"{context.say(f'cli.rules.stands.{name}')} {value}", str(one), str(other), f"{other - one:+d}")
                )
    if rows:
        yield ""
        yield from _table(context, ("load", "before", "after", "difference"), rows)


def _rehearsed(context: Context, rehearsal: Rehearsal) -> Iterator[str]:
    say = context.say
    rows = []
    for metric, real in rehearsal.real.items():
        sides = (real, rehearsal.before[metric], rehearsal.after[metric])
        rows.append((say(f"clock.{metric.value}"), *(_met(context, one) for one in sides)))
    yield ""
    yield from _table(context, ("clock", "real", "rehearsed", "other"), rows)
    for key, count, examples in zip(
        ("better", "worse"), rehearsal.turned, (rehearsal.better, rehearsal.worse), strict=True
    ):
        if count:
            listed = " ".join(f"#{reference}" for reference in examples[:5])
            yield say(f"cli.rules.backtest.{key}", n=count, examples=listed)
    loads = [(name, str(one), str(other), f"{other - one:+d}") for name, (one, other) in rehearsal.handled.items()]
    if any(one != other for _, one, other, _ in loads):
        yield ""
        yield from _table(context, ("agent", "before", "after", "difference"), loads)
    yield ""
    yield say("cli.rules.backtest.assumed")
    for key in ASSUMPTIONS:
        yield f"  - {say(f'cli.rules.assume.{key}')}"


def _met(context: Context, count: Count) -> str:
    judged = count.met + count.missed
    return context.say("cli.rules.backtest.met", met=count.met, judged=judged, share=percent(count.share))


def _table(context: Context, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Columns as wide as what stands in them; marks that only turn a text around have no width."""
    said = tuple(context.say(f"cli.rules.column.{head}") for head in heads)
    widths = [max(_width(row[place]) for row in (said, *rows)) for place in range(len(heads))]
    for row in (said, *rows):
        first, *rest = (text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True))
        yield "  ".join(("  " + first, *rest)).rstrip()


def _width(text: str) -> int:
    return len("".join(letter for letter in text if letter.isprintable()))
