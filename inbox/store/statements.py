"""Statements: what happened under a contract as they count it, those that were issued, and when the next one is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from pydantic import TypeAdapter

from inbox.domain.contracts import Contract
from inbox.domain.conversations import Priority, State
from inbox.domain.ids import ContractId, ConversationId
from inbox.sla.statement import Began, Clocked, Record, Statement
from inbox.store import contracts, excuses
from inbox.store.clocks import FIELDS, state_of
from inbox.store.tables import clock, contract, conversation, statement
from inbox.store.unit import Unit

_C, _K, _M, _S = contract.c, clock.c, conversation.c, statement.c
_BODY = TypeAdapter(Statement)


@dataclass(frozen=True, slots=True)
class Issued:
    """A statement as it was issued; `conversation`: where it was sent or told of."""

    statement: Statement
    at: datetime
    conversation: ConversationId | None = None


def record(unit: Unit, id: ContractId, since: datetime, until: datetime) -> Record:
    """The clocks that were due, and the conversations that began, from one instant until before another."""
    excused = excuses.of_contract(unit, id)
    query = (
        sa.select(_M.id, _M.reference, _M.priority, *FIELDS)
        .join_from(conversation, clock, _K.conversation_id == _M.id)
        .where(_M.contract_id == id, _M.opened_at < until, _K.due_at >= since, _K.due_at < until)
    )
    found = []
    for matter, reference, priority, *fields in unit.execute(query):
        state, reasons = state_of(fields), excused.get(matter, {})
        why = reasons.get((state.metric.value, state.cycle)) or reasons.get(excuses.ALL, "")
        found.append(Clocked(reference, Priority(priority), state, why))
    return Record(found, _began(unit, id, since, until, excused))


def _began(
    unit: Unit, id: ContractId, since: datetime, until: datetime, excused: Mapping[int, excuses.Excuses]
) -> list[Began]:
    """Spam and what went into others apart, as `contracts.used` counts."""
    query = sa.select(_M.id, _M.opened_at, _M.tags, _M.priority, _M.request).where(
        _M.contract_id == id,
        _M.opened_at >= since,
        _M.opened_at < until,
        _M.state != State.SPAM.value,
        _M.merged_into_id.is_(None),
    )
    return [
        Began(at, tuple(tags), Priority(priority), request, excused=excuses.ALL in excused.get(matter, {}))
        for matter, at, tags, priority, request in unit.execute(query)
    ]


def issue(unit: Unit, id: ContractId, made: Statement, now: datetime) -> bool:
    """It stands from now on as it is; False where one of that period does already."""
    return unit.insert_new(
        statement,
        contract_id=id,
        since=made.period.since.isoformat(),
        until=made.period.until.isoformat(),
        body=_BODY.dump_python(made, mode="json"),
        issued_at=now,
    )


def told_in(unit: Unit, id: ContractId, since: date, matter: ConversationId) -> None:
    """That conversation is where it was sent or told of."""
    mine = (_S.contract_id == id, _S.since == since.isoformat())
    unit.execute(sa.update(statement).where(*mine).values(conversation_id=matter))


def issued(unit: Unit, id: ContractId) -> list[Issued]:
    """Those of a contract, the oldest first."""
    query = sa.select(_S.body, _S.issued_at, _S.conversation_id).where(_S.contract_id == id).order_by(_S.since)
    return [
        Issued(_BODY.validate_python(body), at, None if matter is None else ConversationId(matter))
        for body, at, matter in unit.execute(query)
    ]


def due(unit: Unit, now: datetime, most: int = 5) -> list[Contract]:
    """Contracts of which a statement is to be issued by now, the longest due first."""
    rows = unit.execute(sa.select(_C.id).where(_C.state_at <= now).order_by(_C.state_at, _C.id).limit(most))
    return [contracts.one(unit, ContractId(row[0])) for row in rows]


def next_at(unit: Unit, id: ContractId, at: datetime | None) -> None:
    """Its next one is issued then, or none any more."""
    unit.execute(sa.update(contract).where(_C.id == id).values(state_at=at))


def next_due(unit: Unit) -> datetime | None:
    """When the next statement of any contract is issued."""
    found: datetime | None = unit.execute(sa.select(sa.func.min(_C.state_at))).scalar_one()
    return found
