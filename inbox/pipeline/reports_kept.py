"""Reports on what was owed: promised times, and the targets of policies."""

from collections import Counter
from typing import Any

from inbox.domain.conversations import Priority
from inbox.domain.measures import Measure, Outcome, day_of
from inbox.pipeline.reports_reading import Linked, Reading, local_minute, share, table
from inbox.pipeline.reports_shape import Column, ReportTable
from inbox.sla.calibration import wilson
from inbox.sla.metrics import Metric

AIM = 0.95
"""The share of promises that a lead should see kept."""
MOST_LATE = 20
_OUTCOMES = ("kept", "late", "withdrawn", "not_due")


def promises(reading: Reading) -> list[ReportTable]:
    """The first time that was announced for each question, by the day on which it was due."""
    whole: Counter[str] = Counter()
    steps: dict[int, Counter[str]] = {}
    channels: dict[str, Counter[str]] = {}
    for day, channel, value, n in reading.sums(Measure.PROMISE, "day", "channel", "value"):
        outcome = _outcome(reading, day, value)
        for counts in (whole, _of(steps, reading.step.of(day)), _of(channels, channel)):
            counts[outcome] += n
    n = whole["kept"] + whole["late"]
    columns = (*(Column(one) for one in _OUTCOMES), Column("n"), Column("rate", "share"))
    over = [
        [day_of(s), *_counted(reading, steps.get(s, Counter()), s), _rate(steps.get(s, Counter()))]
        for s in reading.steps
    ]
    by = [[name, *_counted(reading, one, None, channel=name), _rate(one)] for name, one in sorted(channels.items())]
    low, high = wilson(whole["kept"], n)
    interval = (round(low, 4), round(high, 4)) if n else (None, None)
    return [
        table(
            "kept",
            (*columns, Column("low", "share"), Column("high", "share")),
            [[*_counted(reading, whole, None), _rate(whole), *interval]],
            n,
            "bullet",
            ("rate",),
            AIM,
        ),
        table("kept_over_time", (Column("day", "day"), *columns), over, n, "lines", ("rate",)),
        table("kept_by_channel", (Column("channel", "text"), *columns), by, n, "bars", ("rate",)),
    ]


def _outcome(reading: Reading, day: int, value: int) -> str:
    if value < Outcome.OPEN:
        return _OUTCOMES[value]
    return "late" if (day, value - Outcome.OPEN) < local_minute(reading.now, reading.zone) else "not_due"


def _of(found: dict[Any, Counter[str]], key: Any) -> Counter[str]:
    return found.setdefault(key, Counter())


def _counted(reading: Reading, counts: Counter[str], step: int | None, **more: str) -> list[Linked]:
    told = [(counts[one], reading.behind(f"promise-{one}", step=step, **more)) for one in _OUTCOMES]
    judged = counts["kept"] + counts["late"]
    return [*told, (judged, reading.behind("promise-judged", step=step, **more))]


def _rate(counts: Counter[str]) -> float | None:
    return share(counts["kept"], counts["kept"] + counts["late"])


def sla(reading: Reading) -> list[ReportTable]:
    """Clocks that owed something and are decided, by the day on which they began to run."""
    found: dict[tuple[str, int], list[int]] = {}
    steps: dict[int, list[int]] = {}
    for step, metric, value, n in reading.sums(Measure.SLA, "step", "name", "value"):
        for counts in (found.setdefault((metric, value // 2), [0, 0]), steps.setdefault(step, [0, 0])):
            counts[value % 2] += n
    columns = (Column("met"), Column("missed"), Column("n"), Column("rate", "share"))
    rows = [
        [metric.value, priority.value, *_attained(reading, one, metric.value, priority.value)]
        for metric in Metric
        for priority in reversed(Priority)
        if (one := found.get((metric.value, priority.weight)))
    ]
    totals = [[m.value, *_attained(reading, _total(found, m), m.value)] for m in Metric if any(_total(found, m))]
    over = [[day_of(s), *_attained(reading, steps.get(s, [0, 0]), step=s)] for s in reading.steps]
    which, urgent = Column("metric", "text", "clock"), Column("priority", "text", "priority")
    n = sum(sum(counts) for counts in found.values())
    return [
        table("targets", (which, *columns), totals, n, "bars", ("rate",)),
        table("targets_by_priority", (which, urgent, *columns), rows, n, "bars", ("rate",)),
        table("targets_over_time", (Column("day", "day"), *columns), over, n, "lines", ("rate",)),
    ]


def _total(found: dict[tuple[str, int], list[int]], metric: Metric) -> list[int]:
    mine = [counts for (name, _), counts in found.items() if name == metric.value]
    return [sum(counts[0] for counts in mine), sum(counts[1] for counts in mine)]


def _attained(reading: Reading, counts: list[int], *parts: str, step: int | None = None) -> list[Linked]:
    missed, met = counts
    return [
        (met, reading.behind("sla-met", *parts, step=step)),
        (missed, reading.behind("sla-missed", *parts, step=step)),
        (met + missed, reading.behind("sla", *parts, step=step)),
        share(met, met + missed),
    ]
