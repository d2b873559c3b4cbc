"""The page that a quarter leaves behind: docs/promises.md, figures only."""

import platform
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version

from bench.quarter.judge import ESTIMATED, Check, Seen, Told, claimed, grouped, percent, rate
from inbox.sla.calibration import wilson

HEAD = """\
# Are the promises kept: a simulated quarter

This page is written by `make quarter`, which plays a quarter through the whole house and stops with an error where one of the
checks below fails. Nothing is real but the house: {conversations} conversations in {days} days, mail and chat, Persian and English,
go through intake, rules, clocks, acknowledgement, agents' replies, sender and sweeper on a virtual clock and a SQLite file. Seven
agents in three teams work in shifts, with absences; how long a reply takes is log-normal; customers write again, before and after
an answer. There is a week of overload, a mailbox that cannot be relied on for two days, a holiday, and one whose date was an
estimate. Mail to `support` goes by the shipped policy; `chat`, `sales` and `partners` have none, so that past replies and
the queue decide; `partners` has no calendar either, and nobody there on most days.

What is judged comes from what customers received and when, and from a calendar written down a second time; of the house's own
ledger only the told instants are taken.

    make quarter ARGS="--seed {seed} --days {days} --write docs/promises.md"

Run with Python {python}, SQLite {sqlite} and inboxd {inboxd}; the same seed gives the same figures.
"""


def page(found: Seen, checks: Sequence[Check], seed: int, days: int) -> str:
    """All of it as Markdown."""
    return "\n".join(_lines(found, checks, seed, days)) + "\n"


def _lines(found: Seen, checks: Sequence[Check], seed: int, days: int) -> Iterator[str]:
    facts = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version, "inboxd": version("inboxd")}
    yield HEAD.format(conversations=len(found.asked), seed=seed, days=days, **facts)
    yield "## What must hold\n"
    yield from _table(("what", "found", "holds"), [(c.what, c.found, "yes" if c.holds else "**no**") for c in checks])
    first = found.first
    yield "\n## First times told at which an answer was promised\n"
    yield from _shares(first)
    yield "\n## What was claimed, and what came true\n"
    yield "Of those that rest on history or queue; the interval is Wilson's of 95 %.\n"
    yield from _calibration(first)
    yield "\n## How long customers were told, and how long it took\n"
    yield "Medians, from the question to the first time told and to the answer of a person, nights and Fridays included.\n"
    yield from _waits(first)
    yield "\n## Where no answer was promised\n"
    news = [t for t in found.told if t.first and t.kind != "answer"]
    rows = sorted({(t.question.channel, t.basis) for t in news})
    counts = [(c, b, str(sum(t.question.channel == c and t.basis == b for t in news))) for c, b in rows]
    yield from _table(("channel", "why", "questions"), counts)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"| {' | '.join('---' for _ in heads)} |"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _shares(first: Sequence[Told]) -> Iterator[str]:
    groups = {
        "all": lambda _: "",
        "basis": lambda t: t.basis,
        "channel": lambda t: t.question.channel,
        "language": lambda t: t.question.language,
        "urgent words": lambda t: "yes" if t.question.urgent else "no",
        "load when asked": lambda t: band(t.load),
    }
    rows = [
        (f"{name}: {key}" if key else name, str(n), percent(kept, n))
        for name, of in groups.items()
        for key, (kept, n) in grouped(first, of).items()
    ]
    yield from _table(("which", "judged", "kept"), rows)


def band(load: float) -> str:
    """The places up to a question for each agent on shift, in bands that double."""
    edge = next((edge for edge in (1, 2, 4, 8, 16) if load <= edge), None)
    return f"at most {edge:>2}" if edge else "more than 16"


def _calibration(first: Sequence[Told]) -> Iterator[str]:
    told = [t for t in first if t.basis in ESTIMATED]
    groups = grouped(told, lambda t: t.basis) | grouped(told, lambda t: f"{t.basis}, {t.question.channel}")
    rows = []
    for key, (kept, n) in {"all": rate(told), **groups}.items():
        low, high = wilson(kept, n)
        rows.append((key, f"{claimed(told):.0%}", percent(kept, n), f"{low:.1%} to {high:.1%}", str(n)))
    yield from _table(("rests on", "claimed", "came true", "interval", "judged"), rows)
    yield f"\n{_verdict(told)}"


def _verdict(told: Sequence[Told]) -> str:
    """In plain words."""
    low, high = wilson(*rate(told))
    if high < claimed(told):
        return "The house promises too much: fewer came true than were claimed."
    if low > claimed(told):
        return "The house promises less than it could: it is on the safe side of what it claims, and customers are answered sooner."
    return "The house promises what it keeps."


def _waits(first: Sequence[Told]) -> Iterator[str]:
    rows = []
    for channel in sorted({t.question.channel for t in first}):
        mine = [t for t in first if t.question.channel == channel and t.answered_at is not None]
        told = sorted((t.due_at - t.question.at).total_seconds() for t in mine)
        took = sorted((t.answered_at - t.question.at).total_seconds() for t in mine if t.answered_at is not None)
        middle = len(mine) // 2
        rows.append((channel, f"{told[middle] / 3600:.1f} h", f"{took[middle] / 3600:.1f} h", str(len(mine))))
    yield from _table(("channel", "told", "took", "questions"), rows)
