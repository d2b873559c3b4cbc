"""What was measured under contracts: the facts of the conversations under each, and which of their missed clocks are excused."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from inbox.domain.conversations import State
from inbox.domain.ids import ContractId
from inbox.domain.measures import Measure
from inbox.store import contracts, excuses
from inbox.store.clocks import FIELDS, state_of
from inbox.store.rolled import Where
from inbox.store.tables import clock, contract, conversation, measured, measured_fact, measured_tag
from inbox.store.types import fixed
from inbox.store.unit import Unit

_C, _M, _F, _H, _K = contract.c, conversation.c, measured_fact.c, measured.c, clock.c

_COUNTED = (sa.not_(_M.history), _M.merged_into_id.is_(None), _M.state != fixed(State.SPAM.value))
"""Which conversations have facts at all."""


def sums(unit: Unit, measures: Sequence[Measure], where: Where) -> list[tuple[int, str, int, int, int]]:
    """Contract, its name, measure, value and how often that holds in the period."""
    within = (_F.measure.in_([int(one) for one in measures]), _F.day >= where.since, _F.day < where.until)
    query = (
        sa.select(_C.id, _C.name, _F.measure, _F.value, sa.func.sum(_F.n))
        .select_from(_headed(contract.join(conversation, _M.contract_id == _C.id), where))
        .join(measured_fact, _F.conversation_id == _M.id)
        .where(*within, *_conditions(where))
        .group_by(_C.id, _C.name, _F.measure, _F.value)
    )
    return [(int(a), b, int(c), int(d), int(n or 0)) for a, b, c, d, n in unit.execute(query)]


def excused(unit: Unit, id: int, where: Where) -> list[tuple[Any, str]]:
    """The clocks with a target under a contract that somebody excused, as states; by the conversation that they are of."""
    named = excuses.of_contract(unit, ContractId(id))
    if not named:
        return []
    query = (
        sa.select(_M.id, _M.reference, *FIELDS)
        .select_from(_headed(conversation.join(clock, _K.conversation_id == _M.id), where))
        .where(_M.id.in_(list(named)), _K.due_at.is_not(None), *_COUNTED, *_conditions(where))
    )
    found = []
    for matter, reference, *fields in unit.execute(query):
        state, reasons = state_of(fields), named[matter]
        if reasons.get((state.metric.value, state.cycle)) or reasons.get(excuses.ALL):
            found.append((state, reference))
    return found


def tiers(unit: Unit) -> dict[int, str]:
    """The tier of each contract."""
    return {int(one.id): one.tier for one in contracts.listing(unit)}


def _headed(rows: sa.FromClause, where: Where) -> sa.FromClause:
    """With what conversations are narrowed by, where they are."""
    return rows.join(measured, _H.conversation_id == _M.id) if _conditions(where) else rows


def _conditions(where: Where) -> list[sa.ColumnElement[bool]]:
    tagged = sa.exists().where(measured_tag.c.conversation_id == _M.id, measured_tag.c.tag == where.tag)
    wanted = (
        (bool(where.channel), _H.channel == where.channel),
        (where.team is not None, _H.team_id == where.team),
        (bool(where.tag), tagged),
        (
            where.organization is not None,
            sa.and_(_H.organization_id == where.organization, _H.organization_id > fixed(0)),
        ),
    )
    return [condition for asked, condition in wanted if asked]
