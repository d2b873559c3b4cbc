"""The report on contracts: how much of what was agreed on was kept, under each of them."""

from collections import Counter

from inbox.domain.measures import Measure, number_of
from inbox.pipeline.reports_reading import Linked, Reading, share, table
from inbox.pipeline.reports_shape import Column, ReportTable
from inbox.store import contracted


def contracts(reading: Reading) -> list[ReportTable]:
    """Clocks that owed something and are decided, by the day on which they began to run, as in the report `sla`; those that somebody
    excused are neither met nor missed. A contract under which nothing was decided and nothing began has no row."""
    found: dict[int, Counter[str]] = {}
    names: dict[int, str] = {}
    for id, name, measure, value, n in contracted.sums(reading.unit, (Measure.SLA, Measure.OPENED), reading.where):
        names[id] = name
        what = "began" if measure == Measure.OPENED else "met" if value % 2 else "missed"
        found.setdefault(id, Counter())[what] += n
    tiers = contracted.tiers(reading.unit)
    for id, counts in found.items():
        counts["excused"] = _excused(reading, id)
        counts["missed"] -= counts["excused"]
    rows = [_row(reading, names[id], tiers.get(id, ""), found[id]) for id in sorted(found, key=names.__getitem__)]
    n = sum(one["met"] + one["missed"] for one in found.values())
    columns = (
        Column("contract", "text"),
        Column("tier", "text"),
        Column("began"),
        Column("met"),
        Column("missed"),
        Column("excused"),
        Column("n"),
        Column("rate", "share"),
    )
    return [table("contracts", columns, rows, n, "bars", ("rate",))]


def _row(reading: Reading, name: str, tier: str, counts: Counter[str]) -> list[Linked]:
    def behind(what: str) -> str:
        return reading.behind(what, contract=name)

    n = counts["met"] + counts["missed"]
    return [
        name,
        tier,
        (counts["began"], behind("opened")),
        (counts["met"], behind("sla-met")),
        (counts["missed"], behind("sla-missed")),
        (counts["excused"], behind("sla-missed") if counts["excused"] else ""),
        (n, behind("sla")),
        share(counts["met"], n),
    ]


def _excused(reading: Reading, id: int) -> int:
    """Missed clocks that began to run in the period, and that are excused."""
    count = 0
    for state, _ in contracted.excused(reading.unit, id, reading.where):
        day = number_of(state.started_at.astimezone(reading.zone).date())
        count += state.breached_at is not None and reading.where.since <= day < reading.where.until
    return count
