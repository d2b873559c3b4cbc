"""Telephone calls: what is kept of one beside its message."""

from collections.abc import Sequence

import sqlalchemy as sa

from inbox.domain.ids import AgentId, MessageId
from inbox.domain.phone_calls import CallOutcome, PhoneCall
from inbox.store.prepared import PreparedAmong
from inbox.store.tables import phone_call
from inbox.store.unit import Unit

_C = phone_call.c
_OF = PreparedAmong(
    lambda ids: sa.select(_C.message_id, _C.way, _C.outcome, _C.number, _C.started_at, _C.seconds).where(
        _C.message_id.in_(ids)
    )
)


def add(unit: Unit, message: MessageId, call: PhoneCall, agent: AgentId | None) -> None:
    """This message is a call."""
    unit.add(
        phone_call,
        {
            "message_id": message,
            "agent_id": agent,
            "way": call.way,
            "outcome": call.outcome.value,
            "number": call.number,
            "started_at": call.started_at,
            "seconds": call.seconds,
        },
    )


def of_messages(unit: Unit, ids: Sequence[MessageId]) -> dict[MessageId, PhoneCall]:
    """Those of these messages that are calls."""
    if not ids:
        return {}
    statement, among = _OF.of(ids)
    return {
        MessageId(row[0]): PhoneCall(row[1], CallOutcome(row[2]), row[3], "", row[4], row[5])
        for row in unit.run(statement, **among)
    }
