"""What an agent has begun to write in a conversation and not sent: one text for each of both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from inbox.domain.ids import AgentId, ConversationId
from inbox.store.prepared import Prepared
from inbox.store.tables import draft
from inbox.store.unit import Unit

How = Literal["reply", "note"]

_C = draft.c


@dataclass(frozen=True, slots=True)
class Draft:
    """The words, whom they are for, and what was chosen with them. `over`: the route, as `Route.name` has it; `then`: the state
    that the conversation is left in. `at` None: it is stored nowhere yet."""

    text: str = ""
    how: How = "reply"
    over: str = ""
    cc: tuple[str, ...] | None = None
    then: str = "waiting"
    at: datetime | None = None


_BEGUN = Prepared(
    sa.select(_C.text, _C.how, _C.way, _C.cc, _C.next, _C.at).where(
        _C.agent_id == sa.bindparam("agent"), _C.conversation_id == sa.bindparam("matter")
    )
)


def of(unit: Unit, agent: AgentId, conversation: ConversationId) -> Draft | None:
    """What the agent has begun there."""
    found = unit.run(_BEGUN, agent=agent, matter=conversation)
    if not found:
        return None
    row = found[0]
    return Draft(row[0], "note" if row[1] == "note" else "reply", row[2], _several(row[3]), row[4], row[5])


def begun(unit: Unit, agent: AgentId | None, among: Sequence[ConversationId]) -> frozenset[ConversationId]:
    """In which of these conversations the agent has begun something; none for those who are no agent."""
    if agent is None or not among:
        return frozenset()
    found = sa.select(_C.conversation_id).where(_C.agent_id == agent, _C.conversation_id.in_(among))
    return frozenset(ConversationId(id) for id in unit.execute(found).scalars())


def put(unit: Unit, agent: AgentId, conversation: ConversationId, written: Draft, now: datetime) -> None:
    """This stands in place of what there was; an empty text is no draft."""
    clear(unit, agent, conversation)
    if written.text.strip():
        kept = {"text": written.text, "how": written.how, "way": written.over, "next": written.then, "at": now}
        cc = None if written.cc is None else list(written.cc)
        unit.add(draft, {"agent_id": agent, "conversation_id": conversation, "cc": [cc], **kept})


def clear(unit: Unit, agent: AgentId, conversation: ConversationId) -> None:
    """It is said, or given up."""
    unit.execute(sa.delete(draft).where(*_of(agent, conversation)))


def _of(agent: AgentId, conversation: ConversationId) -> tuple[sa.ColumnElement[bool], ...]:
    return _C.agent_id == agent, _C.conversation_id == conversation


def _several(kept: list[list[str] | None]) -> tuple[str, ...] | None:
    """None: nobody chose who gets a copy."""
    return None if kept[0] is None else tuple(kept[0])
