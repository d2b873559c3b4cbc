"""Reports on how much comes and when: backlog, what began and was done, busy hours, and over which channels."""

from collections import Counter
from dataclasses import replace

from inbox.domain.measures import AGES, Measure, day_of
from inbox.pipeline.reports_reading import Linked, Reading, share, table, tomorrow
from inbox.pipeline.reports_shape import Column, ReportTable

STATES = ("open", "waiting", "snoozed")
AGE_NAMES = tuple(f"from_{days}" for days in AGES)
_WEEK = 7
_THURSDAY = 3
"""What day of the week (0: Monday) the first of 1970 was."""
HOURS = tuple(f"h{hour:02}" for hour in range(24))


def backlog(reading: Reading) -> list[ReportTable]:
    """What was not done at the end of each day (of the last day of each row), by state and by age."""
    since, until = reading.where.since, min(reading.where.until, tomorrow(reading.now, reading.zone))
    moved: dict[int, Counter[tuple[str, int]]] = {}
    for day, state, age, n in reading.sums(
        Measure.BACKLOG, "day", "name", "value", where=replace(reading.where, since=_EVER, until=until)
    ):
        moved.setdefault(max(day, since), Counter())[state, age] += n
    standing: Counter[tuple[str, int]] = Counter()
    states, ages = list[list[Linked]](), list[list[Linked]]()
    for day in range(since, until):
        for key, n in moved.get(day, {}).items():
            standing[key] += n
        if (day + reading.step.offset) % reading.step.days == reading.step.days - 1 or day == until - 1:
            by_state = [sum(n for (state, _), n in standing.items() if state == one) for one in STATES]
            by_age = [sum(n for (_, age), n in standing.items() if age == one) for one in range(len(AGES))]
            states.append([day_of(day), *by_state, sum(by_state)])
            ages.append([day_of(day), *by_age, sum(by_age)])
    n = sum(standing.values())
    day, total = Column("day", "day"), Column("total")
    return [
        table("backlog_by_state", (day, *map(Column, STATES), total), states, n, "stacked", STATES),
        table("backlog_by_age", (day, *map(Column, AGE_NAMES), total), ages, n, "stacked", AGE_NAMES),
    ]


_EVER = -(10**6)


def flow(reading: Reading) -> list[ReportTable]:
    """Conversations that began, and that were last done and still are, each on its day."""
    came, done = reading.counts(Measure.OPENED, "step"), reading.counts(Measure.DONE, "step")
    rows: list[list[Linked]] = [
        [
            day_of(step),
            (came[step], reading.behind("opened", step=step)),
            (done[step], reading.behind("done", step=step)),
        ]
        for step in reading.steps
    ]
    total: list[Linked] = [(came.total(), reading.behind("opened")), (done.total(), reading.behind("done"))]
    columns = (Column("in"), Column("done"))
    return [
        table("flow", columns, [total], came.total()),
        table("flow_over_time", (Column("day", "day"), *columns), rows, came.total(), "paired", ("in", "done")),
    ]


def hours(reading: Reading) -> list[ReportTable]:
    """What customers wrote, by weekday and hour in our zone; the week begins as the reader's does."""
    found: Counter[tuple[int, int]] = Counter()
    for day, hour, n in reading.sums(Measure.RECEIVED, "day", "value"):
        found[(day + _THURSDAY) % _WEEK, hour] += n
    first = 5 if reading.asked.language == "fa" else 0
    rows: list[list[Linked]] = []
    for weekday in ((first + n) % _WEEK for n in range(_WEEK)):
        cells = [(found[weekday, hour], reading.behind("received", weekday, hour)) for hour in range(24)]
        rows.append([weekday, *cells, sum(n for n, _ in cells)])
    columns = (Column("weekday", "weekday"), *map(Column, HOURS), Column("total"))
    return [table("hours", columns, rows, found.total(), "heatmap", HOURS)]


def channels(reading: Reading) -> list[ReportTable]:
    """Over which channel conversations began, and in how many of them the customer wrote over another one as well."""
    found: dict[str, list[int]] = {}
    steps: dict[int, Counter[str]] = {}
    for step, channel, switched, n in reading.sums(Measure.OPENED, "step", "channel", "value"):
        found.setdefault(channel, [0, 0])[switched] += n
        steps.setdefault(step, Counter())[channel] += n
    names, n = sorted(found), sum(sum(counts) for counts in found.values())
    rows: list[list[Linked]] = [
        [
            name,
            (sum(found[name]), reading.behind("opened", channel=name)),
            share(sum(found[name]), n),
            (found[name][1], reading.behind("switched", channel=name)),
            share(found[name][1], sum(found[name])),
        ]
        for name in names
    ]
    over: list[list[Linked]] = [
        [day_of(step), name, (steps.get(step, Counter())[name], reading.behind("opened", step=step, channel=name))]
        for step in reading.steps
        for name in names
    ]
    channel, many = Column("channel", "text"), Column("n")
    columns = (channel, many, Column("share", "share"), Column("switched"), Column("switched_share", "share"))
    return [
        table("channels", columns, rows, n, "bars", ("n",)),
        table("channels_over_time", (Column("day", "day"), channel, many), over, n, "stacked", ("n",)),
    ]
