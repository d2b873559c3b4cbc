"""A statement as a table for programs, and as a sheet for people: its lines, its counts, its quota, and what it comes to."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from inbox.domain.contracts import Contract
from inbox.pipeline.terms_told import Telling
from inbox.sheets.sheet import Kind, Sheet, SheetTable
from inbox.sla.lateness import Verdict
from inbox.sla.statement import Line, Statement
from inbox.text.dates import day_of
from inbox.text.money import number
from inbox.text.tables import Cell, Table

COLUMNS = (
    "kind",
    "reference",
    "metric",
    "cycle",
    "priority",
    "started_at",
    "due_at",
    "stopped_at",
    "late_seconds",
    "verdict",
    "reason",
    "takes",
)
_SHOWN = ("reference", "metric", "priority", "due_at", "stopped_at", "late_seconds", "verdict", "reason", "takes")
_KINDS = (
    Kind.TEXT,
    Kind.TEXT,
    Kind.TEXT,
    Kind.INSTANT,
    Kind.INSTANT,
    Kind.SECONDS,
    Kind.TEXT,
    Kind.TEXT,
    Kind.TEXT,
)


def table(told: Statement) -> Table:
    """All that costs and all that does not: a row for each clock and each count, then what more than `most` is left (`limit`, below
    nothing) and what is taken in the end (`total`)."""
    rows = [_row(line) for line in told.lines]
    for one in told.counts:
        reason = f"{one.count} in {one.window.since.isoformat()}/{one.window.last.isoformat()}"
        rows.append(_plain("count", reason, str(one.takes)))
    if told.cost != told.sum:
        rows.append(_plain("limit", "", str(told.cost - told.sum)))
    return Table(COLUMNS, (*rows, _plain("total", told.currency, str(told.cost))))


def _row(line: Line) -> tuple[Cell, ...]:
    return (
        "clock",
        line.reference,
        line.metric,
        line.cycle,
        line.priority.value,
        line.started,
        line.due,
        line.stopped,
        round(line.late.total_seconds()),
        line.verdict.value,
        line.reason,
        str(line.takes),
    )


def _plain(kind: str, reason: str, takes: str) -> tuple[Cell, ...]:
    return (kind, *(None for _ in range(len(COLUMNS) - 3)), reason, takes)


def document(told: Statement, issued_at: datetime | None = None) -> dict[str, object]:
    """All of it for programs: amounts and days as text, instants in ISO 8601."""
    rows = table(told).documents
    return {
        "contract": told.contract,
        "number": told.number,
        "since": told.period.since.isoformat(),
        "last": told.period.last.isoformat(),
        "judged_at": told.judged.isoformat(timespec="seconds"),
        "issued_at": issued_at.isoformat(timespec="seconds") if issued_at else None,
        "currency": told.currency,
        "payment": str(told.payment),
        "sum": str(told.sum),
        "most": str(told.most),
        "cost": str(told.cost),
        "off": {"since": told.off.since.isoformat(), "last": told.off.last.isoformat()} if told.off else None,
        "base": str(told.base),
        "verdicts": {one.value: told.of(one) for one in Verdict},
        "quota": [
            {
                "since": one.span.since.isoformat(),
                "last": one.span.last.isoformat(),
                **{name: getattr(one, name) for name in ("agreed", "used", "here", "over")},
            }
            for one in told.quota
        ],
        "lines": [{name: row[name] for name in COLUMNS if name != "kind"} for row in rows if row["kind"] == "clock"],
        "counts": [
            {
                "step": one.step,
                "since": one.window.since.isoformat(),
                "last": one.window.last.isoformat(),
                "count": one.count,
                "takes": str(one.takes),
            }
            for one in told.counts
        ],
    }


def summary(told: Statement, contract: Contract, telling: Telling) -> list[str]:
    """What stands above the lines: the period, how the clocks came out, the quota, and what is taken off which payment."""
    say, language = telling.say, telling.language
    days = {"since": day_of(told.period.since, language), "last": day_of(told.period.last, language)}
    counts = {one.value: number(told.of(one), language) for one in Verdict}
    found = [say("contracts.statement.period", number=number(told.number, language), **days)]
    found.append(say("contracts.statement.counts", n=number(len(told.lines), language), **counts))
    for one in told.quota:
        used = {name: number(getattr(one, name), language) for name in ("agreed", "used", "here", "over")}
        spans = {"since": day_of(one.span.since, language), "last": day_of(one.span.last, language)}
        found.append(
            say("contracts.statement.quota_over" if one.over else "contracts.statement.quota", **used, **spans)
        )
    found += [f"{telling.taken(contract, one)}: {telling.money(one.takes, told.currency)}" for one in told.counts]
    return found + list(_costs(told, telling))


def _costs(told: Statement, telling: Telling) -> Iterator[str]:
    say, language, currency = telling.say, telling.language, told.currency
    if told.payment:
        yield say("contracts.statement.payment", amount=telling.money(told.payment, currency))
    if told.cost != told.sum:
        yield say(
            "contracts.statement.limited",
            sum=telling.money(told.sum, currency),
            most=telling.money(told.most, currency),
        )
    amount = telling.money(told.cost, currency)
    if not told.cost:
        yield say("contracts.statement.nothing")
    elif told.off is None:
        yield say("contracts.statement.back", amount=amount)
    else:
        days = {"since": day_of(told.off.since, language), "last": day_of(told.off.last, language)}
        yield say("contracts.statement.off", amount=amount, base=telling.money(told.base, currency), **days)


def sheet(
    told: Statement, contract: Contract, telling: Telling, zone: ZoneInfo, link: str = "", most: int | None = None
) -> Sheet:
    """For paper. `link`: where our pages are found; the lines then open theirs. `most`: so many lines at the most, what was missed
    before what was not; a sentence says so then."""
    say = telling.say
    shown = told.lines if most is None or len(told.lines) <= most else _first(told.lines, most)
    rows = tuple(_told(line, told, telling) for line in shown)
    links = tuple(f"{link}/c/{line.reference}/clocks" if link else None for line in shown)
    lines = SheetTable(
        say("contracts.statement.lines"), tuple(say(f"contracts.column.{one}") for one in _SHOWN), rows, _KINDS, links
    )
    terms = SheetTable(
        say("contracts.statement.terms"),
        (say("contracts.column.term"),),
        tuple((one,) for one in telling.terms(contract)),
        (Kind.TEXT,),
    )
    title = say("contracts.statement.title", name=told.contract)
    above = summary(told, contract, telling)
    if len(shown) < len(told.lines):
        above.append(say("contracts.statement.short", n=number(len(shown), telling.language)))
    return Sheet(title, tuple(above), (lines, terms), telling.language, zone)


def _first(lines: Sequence[Line], most: int) -> list[Line]:
    """So many of them, in their order."""
    ranked = sorted(lines, key=lambda line: line.verdict not in (Verdict.MISSED, Verdict.EXCUSED))[:most]
    return sorted(ranked, key=lambda line: (line.due, line.reference))


def _told(line: Line, told: Statement, telling: Telling) -> tuple[Cell, ...]:
    say = telling.say
    missed = line.verdict in (Verdict.MISSED, Verdict.EXCUSED)
    return (
        line.reference,
        say(f"clock.{line.metric}"),
        say(f"priority.{line.priority}"),
        line.due,
        line.stopped,
        round(line.late.total_seconds()) if missed else None,
        say(f"contracts.verdict.{line.verdict}"),
        line.reason or None,
        telling.money(line.takes, told.currency) if line.takes else None,
    )
