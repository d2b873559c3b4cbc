"""Reports on durations: first and next replies, resolution, and who waited for whom."""

from collections import Counter

from inbox.domain.measures import Measure, day_of
from inbox.pipeline.reports_reading import Linked, Reading, share, split, spread, table
from inbox.pipeline.reports_shape import Column, ReportTable

CLASSES = (15, 60, 240, 480, 1440, 4320)
"""Minutes up to which the classes of a spread go; the seventh has no end."""
_SPREAD = (Column("n"), Column("p50", "seconds"), Column("p90", "seconds"))
_BY_HOURS = {
    Measure.FIRST: Measure.FIRST_WORKING,
    Measure.NEXT: Measure.NEXT_WORKING,
    Measure.RESOLUTION: Measure.RESOLUTION_WORKING,
    Measure.OURS: Measure.OURS_WORKING,
    Measure.THEIRS: Measure.THEIRS,
}


def first_reply(reading: Reading) -> list[ReportTable]:
    """From the customer's first message to the first answer of a person, by the day on which the conversation began."""
    return _durations(reading, Measure.FIRST, "first-reply")


def next_reply(reading: Reading) -> list[ReportTable]:
    """From the oldest message that nobody had answered to the answer, by the day on which that wait began."""
    return _durations(reading, Measure.NEXT, "next-reply")


def resolution(reading: Reading) -> list[ReportTable]:
    """From the first message until it was last done, by the day on which the conversation began."""
    return _durations(reading, Measure.RESOLUTION, "resolution")


def _durations(reading: Reading, measure: Measure, what: str) -> list[ReportTable]:
    which = _BY_HOURS[measure] if reading.working else measure
    what = f"{what}-working" if reading.working else what
    steps: dict[int, Counter[int]] = split(reading.counts(which, "step", "value"))
    whole: Counter[int] = sum(steps.values(), Counter())
    n, p50, p90 = spread(whole)
    return [
        table("whole", _SPREAD, [((n, reading.behind(what)), p50, p90)], n),
        _over_time(reading, what, steps, n),
        _classes(reading, what, whole),
    ]


def _over_time(reading: Reading, what: str, steps: dict[int, Counter[int]], n: int) -> ReportTable:
    rows: list[list[Linked]] = []
    for step in reading.steps:
        count, p50, p90 = spread(steps.get(step, Counter()))
        rows.append([day_of(step), (count, reading.behind(what, step=step)), p50, p90])
    return table("over_time", (Column("day", "day"), *_SPREAD), rows, n, "lines", ("p50", "p90"))


def _classes(reading: Reading, what: str, whole: Counter[int]) -> ReportTable:
    n, rows, over = sum(whole.values()), list[list[Linked]](), -1
    for upto in (*CLASSES, None):
        count = sum(k for value, k in whole.items() if value > over and (upto is None or value <= upto))
        bounds = f"{over + 1}-{'' if upto is None else upto}"
        rows.append([None if upto is None else upto * 60, (count, reading.behind(what, bounds)), share(count, n)])
        over = over if upto is None else upto
    return table(
        "classes", (Column("upto", "seconds"), Column("n"), Column("share", "share")), rows, n, "histogram", ("n",)
    )


def waiting(reading: Reading) -> list[ReportTable]:
    """How long, in what is done, the customer waited for us and we for the customer."""
    ours = _BY_HOURS[Measure.OURS] if reading.working else Measure.OURS
    sides = {"ours": ours, "theirs": Measure.THEIRS}
    found = {side: split(reading.counts(measure, "step", "value")) for side, measure in sides.items()}
    rows: list[list[Linked]] = []
    for side, steps in found.items():
        n, p50, p90 = spread(sum(steps.values(), Counter[int]()))
        what = "waited-working" if side == "ours" and reading.working else "waited"
        rows.append([side, (n, reading.behind(what)), p50, p90])
    n = sum(sum(counts.values()) for counts in found["theirs"].values())
    over: list[list[Linked]] = [
        [day_of(step), *(60 * sum(v * k for v, k in found[side].get(step, Counter()).items()) for side in sides)]
        for step in reading.steps
    ]
    who = Column("who", "text", "report.who")
    return [
        table("sides", (who, *_SPREAD), rows, n, "bars", ("p50", "p90")),
        table(
            "sides_over_time",
            (Column("day", "day"), Column("ours", "seconds"), Column("theirs", "seconds")),
            over,
            n,
            "stacked",
            ("ours", "theirs"),
        ),
    ]
