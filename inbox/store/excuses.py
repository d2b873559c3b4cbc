"""What is excused in conversations, as their events have it: a clock, or all of a conversation, with the reason that somebody gave."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from inbox.domain.ids import ContractId, ConversationId
from inbox.store.tables import conversation, event
from inbox.store.unit import Unit

ALL = ("", 0)
Excuses = Mapping[tuple[str, int], str]
"""Reasons by metric and cycle; under ALL that for everything in a conversation."""

_E = event.c
_ROWS = sa.select(_E.conversation_id, _E.payload).where(sa.text("event.kind = 'excused'"))  # as the index has it
_IN_ORDER = (_E.conversation_id, _E.version)


def of(unit: Unit, matter: ConversationId) -> Excuses:
    """Those of one conversation."""
    rows = unit.execute(_ROWS.where(_E.conversation_id == matter).order_by(*_IN_ORDER))
    return _standing(rows).get(matter, {})


def of_contract(unit: Unit, id: ContractId) -> Mapping[int, Excuses]:
    """Those of all conversations under a contract, by their numbers."""
    query = _ROWS.join(conversation, conversation.c.id == _E.conversation_id).where(conversation.c.contract_id == id)
    return _standing(unit.execute(query.order_by(*_IN_ORDER)))


def _standing(rows: Iterable[Any]) -> dict[int, dict[tuple[str, int], str]]:
    found: dict[int, dict[tuple[str, int], str]] = defaultdict(dict)
    for matter, payload in rows:
        key = (payload.get("metric", ""), payload.get("cycle", 0))
        if payload.get("undone"):
            found[matter].pop(key, None)
        else:
            found[matter][key] = payload["reason"]
    return found
