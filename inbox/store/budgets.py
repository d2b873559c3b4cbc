"""What the house has said by itself lately, counted for the budgets."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from inbox.domain.ids import ChannelName, ConversationId
from inbox.domain.outgoing import Purpose
from inbox.store.prepared import Prepared
from inbox.store.tables import delivery
from inbox.store.types import fixed
from inbox.store.unit import Unit

_C = delivery.c


@dataclass(frozen=True, slots=True)
class Automatic:
    """What automatic mail has been sent lately, for the budgets."""

    to_lane: int
    in_conversation: int
    overall: int


_TO_OTHERS = (_C.rank > fixed(0), _C.rank < fixed(Purpose.AMONG_US.rank))
"""Automatic, and not to one of us: no machine of ours answers by itself, and what agents are told takes nothing from customers."""
_BY_ITSELF = (*_TO_OTHERS, _C.purpose != fixed(Purpose.SCREEN.value))
"""And nothing that somebody asked for by a press, which has a budget of its own: whoever looks around is acknowledged all the same."""
AHEAD = timedelta(days=1)
"""Nothing automatic is put off for so long: what bears a later instant was written by a clock that was wrong, and would count
against the budgets until the year to which that was set."""
_BY_THEN, _DUE_BY_THEN = _C.created_at <= sa.bindparam("ahead"), _C.not_before <= sa.bindparam("ahead")
_BUDGET = Prepared(
    sa.select(
        sa.select(sa.func.count())
        .where(_C.lane == sa.bindparam("to"), _C.created_at > sa.bindparam("day"), _BY_THEN, *_BY_ITSELF)
        .scalar_subquery(),
        sa.select(sa.func.count())
        .where(
            _C.conversation_id == sa.bindparam("matter"), _C.created_at > sa.bindparam("hour"), _BY_THEN, *_BY_ITSELF
        )
        .scalar_subquery(),
        sa.select(sa.func.count())
        .select_from(
            sa.select(_C.id)
            .where(_C.not_before > sa.bindparam("minute"), _DUE_BY_THEN, *_BY_ITSELF)
            .limit(sa.bindparam("most"))
            .subquery()
        )
        .scalar_subquery(),
    )
)


def automatic(unit: Unit, lane: str, conversation: ConversationId, now: datetime, most: int) -> Automatic:
    """Automatic deliveries to the lane in 24 hours, in the conversation in an hour, overall those that are due from a
    minute ago on (up to `most`): what waits for a later minute counts as well."""
    times = {"day": now - timedelta(days=1), "hour": now - timedelta(hours=1), "minute": now - timedelta(minutes=1)}
    times["ahead"] = now + AHEAD
    row = unit.run(_BUDGET, to=lane, matter=conversation, most=most, **times)[0]
    return Automatic(row[0], row[1], row[2])


_ON_CHANNEL = Prepared(
    sa.select(sa.func.count()).select_from(
        sa.select(_C.id)
        .where(_C.not_before > sa.bindparam("hour"), _DUE_BY_THEN, *_TO_OTHERS, _C.channel == sa.bindparam("name"))
        .limit(sa.bindparam("most"))
        .subquery()
    )
)


def automatic_on(unit: Unit, channel: ChannelName, now: datetime, most: int) -> int:
    """Automatic deliveries of a channel that are due from an hour ago on, counted up to `most`."""
    times = {"hour": now - timedelta(hours=1), "ahead": now + AHEAD}
    return int(unit.run(_ON_CHANNEL, **times, name=channel, most=most)[0][0])
