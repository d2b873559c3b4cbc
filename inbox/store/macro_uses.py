"""How often macros were used, and by whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from inbox.domain.ids import AgentId, ConversationId
from inbox.store.tables import macro_use
from inbox.store.unit import Unit

MONTH = timedelta(days=30)

_C = macro_use.c


@dataclass(frozen=True, slots=True)
class Uses:
    """How often in the last 30 days and in all, and when last; None: never."""

    month: int = 0
    total: int = 0
    last: datetime | None = None

    def __add__(self, other: "Uses") -> "Uses":
        last = max((at for at in (self.last, other.last) if at is not None), default=None)
        return Uses(self.month + other.month, self.total + other.total, last)


def add(unit: Unit, macro: str, agent: AgentId, conversation: ConversationId, now: datetime) -> None:
    """It was used once more."""
    unit.insert(macro_use, macro=macro, agent_id=agent, conversation_id=conversation, at=now)


def counted(unit: Unit, now: datetime) -> Mapping[str, Mapping[AgentId, Uses]]:
    """The uses of every macro, by agent; read from the index alone, of every use that there ever was."""
    since = sa.literal(now - MONTH, _C.at.type)
    recent = sa.func.sum(sa.case((_C.at > since, 1), else_=0))
    query = sa.select(_C.macro, _C.agent_id, recent, sa.func.count(), sa.func.max(_C.at)).group_by(
        _C.macro, _C.agent_id
    )
    found: dict[str, dict[AgentId, Uses]] = {}
    for macro, agent, month, total, last in unit.execute(query):
        found.setdefault(macro, {})[AgentId(agent)] = Uses(int(month), int(total), last)
    return found
