"""Statements of contracts: made of what happened until now, issued once when a period is over, and compared with what is known since."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from inbox.domain.contracts import Contract
from inbox.pipeline.contract_terms import instants
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.statement_told import tell
from inbox.sla.lateness import Verdict
from inbox.sla.penalties import Earlier
from inbox.sla.periods import Period, periods
from inbox.sla.statement import Line, Statement, following, made, windows
from inbox.store import contracts, statements
from inbox.store.statements import Issued
from inbox.store.unit import Unit


def statement(unit: Unit, contract: Contract, period: Period, playbook: Playbook, now: datetime) -> Statement:
    """That of a period as things stand; judged at the instant at which it is issued, or now where that is earlier."""
    wide = windows(contract, period)
    record = statements.record(unit, contract.id, *instants(wide, playbook.zone))
    at = min(now, issues_at(period, playbook))
    before = _before(statements.issued(unit, contract.id), contract, period)
    return made(contract, period, record, playbook.calendars, ZoneInfo(playbook.zone), at, before)


def _before(issued: Sequence[Issued], contract: Contract, period: Period) -> Earlier:
    known = [one.statement for one in issued if one.statement.period.since < period.since]
    taken = {(one.step, one.window.since) for each in known for one in each.counts}
    told = {
        (line.reference, line.metric, line.cycle)
        for each in known
        for line in each.lines
        if line.verdict is not Verdict.OPEN
    }
    return Earlier(known[-1].period.until if known else contract.first, taken, told)


def issues_at(period: Period, playbook: Playbook) -> datetime:
    """When the statement of a period is issued."""
    return instants(period, playbook.zone)[1] + playbook.contracts.statement_after


def next_statement(unit: Unit, contract: Contract, playbook: Playbook) -> datetime | None:
    """When its next one is issued; None: there is none to come."""
    after = _coming(unit, contract, playbook)
    return None if after is None else issues_at(after, playbook)


def _coming(unit: Unit, contract: Contract, playbook: Playbook) -> Period | None:
    """The period whose statement is issued next. Of those that were over before the contract was made there is none: nothing that
    happened then came under it."""
    issued = statements.issued(unit, contract.id)
    if issued:
        return following(contract, issued[-1].statement.period)
    made_on = playbook.day(contracts.made_at(unit, contract.id))
    if contract.until is not None and contract.until < made_on:
        return None
    return list(periods(contract, max(made_on, contract.first)))[-1]


def issue_due(unit: Unit, playbook: Playbook, now: datetime) -> int:
    """Issue what is due by now, the oldest first, and send or tell it; how many. Run again at once, it finds nothing."""
    count = 0
    for contract in statements.due(unit, now):
        while (period := _coming(unit, contract, playbook)) is not None and issues_at(period, playbook) <= now:
            count += _issue(unit, contract, period, playbook, now)
        statements.next_at(unit, contract.id, next_statement(unit, contract, playbook))
    return count


def _issue(unit: Unit, contract: Contract, period: Period, playbook: Playbook, now: datetime) -> int:
    found = statement(unit, contract, period, playbook, now)
    statements.issue(unit, contract.id, found, now)
    matter = tell(unit, contract, found, playbook, now)
    if matter is not None:
        statements.told_in(unit, contract.id, period.since, matter)
    return 1


def issued_of(unit: Unit, contract: Contract, period: Period) -> Issued | None:
    """The statement of a period as it was issued, if it was."""
    return next(
        (one for one in statements.issued(unit, contract.id) if one.statement.period.since == period.since), None
    )


def changed(was: Statement, now_is: Statement) -> tuple[Line, ...]:
    """The lines that would be other ones, or new, were it issued now; those that would be gone as they were."""
    before, after = ({(one.reference, one.metric, one.cycle): one for one in each.lines} for each in (was, now_is))
    gone = (line for key, line in before.items() if key not in after)
    return (*(line for key, line in after.items() if before.get(key) != line), *gone)


def period_on(contract: Contract, day: date) -> Period | None:
    """The period in which a day lies, or would; None where the contract holds on no such day."""
    if not contract.in_force(day):
        return None
    return list(periods(contract, day))[-1]


def period_numbered(contract: Contract, number: int, today: date) -> Period | None:
    """The n-th of those that began by today, from 1; counted from the last one backwards where it is negative."""
    began = list(periods(contract, today))
    at = number - 1 if number > 0 else len(began) + number
    return began[at] if 0 <= at < len(began) else None


def every(unit: Unit, contract: Contract, playbook: Playbook, now: datetime) -> list[tuple[Statement, Issued | None]]:
    """The statements of all periods that began by now, the latest first: as issued, else as things stand."""
    issued = {one.statement.period.since: one for one in statements.issued(unit, contract.id)}
    found = []
    for period in reversed(list(periods(contract, playbook.day(now)))[-MOST:]):
        kept = issued.get(period.since)
        found.append((kept.statement if kept else statement(unit, contract, period, playbook, now), kept))
    return found


MOST = 24
"""So many periods are looked at together."""


def lost(contract: Contract, playbook: Playbook) -> list[tuple[str, str]]:
    """What it names that is gone: which kind of thing, and the name."""
    agreed = contract.agreed
    found = [] if agreed.policy in playbook.policies else [("policy", agreed.policy)]
    found += [("hours", agreed.hours)] if agreed.hours and agreed.hours not in playbook.calendars else []
    return found + [("channel", str(one)) for one in agreed.channels if one not in playbook.channels]


def all_lost(unit: Unit, playbook: Playbook, now: datetime) -> list[tuple[Contract, str, str]]:
    """The same of all contracts that hold today or later."""
    today = playbook.day(now)
    held = [one for one in contracts.listing(unit) if one.until is None or one.until >= today]
    return [(one, kind, name) for one in held for kind, name in lost(one, playbook)]
