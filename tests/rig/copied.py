"""Conversations laid down again and again: what was played once stands there as often as a test wants, each time some days earlier."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from inbox.store import tables as t
from inbox.store.types import Instant
from inbox.store.unit import Unit

APART, CLOSE = 1_000_000, 1_000
"""Between the numbers of one laying and the next; those of conversations stand as close together as they do in a store."""
TABLES = (t.conversation, t.message, t.event, t.clock, t.promise, t.survey)
MINE = frozenset({"id", "message_id", "answered_by_id", "replaces_id", "judged_by"})
"""Columns that name something that is laid down with the conversation."""
MATTERS = frozenset({"conversation_id", "merged_into_id", "follows_id"})
"""Columns that name a conversation."""
IN_PAYLOADS = frozenset({"message", "promise", "delivery", "decision", "replaces"})
MATTERS_IN_PAYLOADS = frozenset({"other", "into", "follows", "related"})


def lay(unit: Unit, times: int, apart: timedelta) -> None:
    """All conversations so many times more, each time `apart` earlier than the time before."""
    rows = {table: unit.execute(sa.select(table)).mappings().all() for table in TABLES}
    for number in range(1, times + 1):
        for table in TABLES:
            made = [_copy(table, row, number, number * apart) for row in rows[table]]
            if made:
                unit.execute(sa.insert(table), made)


def _copy(table: sa.Table, row: Any, number: int, earlier: timedelta) -> dict[str, Any]:
    made = dict(_column(table.c[name], value, number, earlier) for name, value in row.items())
    if table is t.conversation:
        made["reference"] = f"{row['reference']}{number}"
    if table is t.message:
        made |= {"arrival_id": None, "thread_id": None}
        made["fingerprint"] = None if row["fingerprint"] is None else f"{row['fingerprint']} {number}"
    if table is t.clock:
        made["reply"] = str(int(row["reply"]) + number * APART) if row["reply"] else ""
        microseconds = earlier // timedelta(microseconds=1)
        made["pauses"] = [[None if at is None else at - microseconds for at in pause] for pause in row["pauses"]]
    if table is t.event:
        made["payload"] = dict(_told(row["payload"], number, earlier))
    return made


def _column(column: sa.Column[Any], value: Any, number: int, earlier: timedelta) -> tuple[str, Any]:
    if value is None:
        return column.name, None
    if isinstance(column.type, Instant):
        return column.name, value - earlier
    if column.name in MATTERS or column is t.conversation.c.id:
        return column.name, value + number * CLOSE
    return column.name, value + number * APART if column.name in MINE else value


def _told(payload: Mapping[str, Any], number: int, earlier: timedelta) -> Iterator[tuple[str, Any]]:
    for name, value in json.loads(json.dumps(payload)).items():
        if name in IN_PAYLOADS and isinstance(value, int):
            yield name, value + number * APART
        elif name in MATTERS_IN_PAYLOADS and isinstance(value, int):
            yield name, value + number * CLOSE
        elif name.endswith("_at") and isinstance(value, str):
            yield name, (datetime.fromisoformat(value) - earlier).isoformat()
        else:
            yield name, value
