"""Acts that a caller may repeat without doing them twice: key and parameters, and the answer that was given."""

from datetime import datetime

import sqlalchemy as sa

from inbox.domain.problems import Problem
from inbox.store.tables import idempotency
from inbox.store.unit import Unit

_C = idempotency.c


def answered(unit: Unit, actor: str, route: str, key: str, parameters: str) -> str | None:
    """The answer given before under this key. Raises Problem where the parameters were others."""
    same = (_C.actor == actor, _C.route == route, _C.key == key)
    row = unit.execute(sa.select(_C.parameters, _C.answer).where(*same)).first()
    if row is None:
        return None
    if row[0] != parameters:
        raise Problem("action.key_reused", key=key)
    return str(row[1])


def known(unit: Unit, actor: str, route: str, key: str) -> bool:
    """Whether something was done under this key."""
    same = (_C.actor == actor, _C.route == route, _C.key == key)
    return unit.execute(sa.select(_C.route).where(*same)).first() is not None


def remember(unit: Unit, actor: str, route: str, key: str, parameters: str, answer: str, now: datetime) -> None:
    """Keep the answer; the unique key stops the second of two that come at once."""
    row = {"actor": actor, "route": route, "key": key, "parameters": parameters, "answer": answer, "at": now}
    unit.add(idempotency, row)
