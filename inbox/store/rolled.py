"""Reading what is measured: sums of facts over days, by whatever a report asks; from the kept sums, or for a tag or an organization
from the facts of its conversations."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from inbox.domain.measures import Measure
from inbox.store.tables import measured, measured_fact, measured_tag, rolled
from inbox.store.types import fixed
from inbox.store.unit import Unit

By = Literal["measure", "step", "day", "channel", "team", "agent", "name", "value"]
_M, _T, _F, _R = measured.c, measured_tag.c, measured_fact.c, rolled.c


@dataclass(frozen=True, slots=True)
class Where:
    """Days (numbers) from `since` to before `until`, and in which conversations. `team` 0: those of no team; None, empty: all."""

    since: int
    until: int
    channel: str = ""
    team: int | None = None
    tag: str = ""
    organization: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """So many days are one row; the first of them is a multiple of it less `offset`."""

    days: int = 1
    offset: int = 0

    def of(self, day: int) -> int:
        """The first day of the row in which a day stands."""
        return (day + self.offset) // self.days * self.days - self.offset


def sums(
    unit: Unit, measures: Sequence[Measure], where: Where, by: Sequence[By], step: Step | None = None
) -> list[tuple[Any, ...]]:
    """For each combination of what is in `by` (in that order) how often the facts hold; `step`: its first day."""
    narrow = bool(where.tag) or where.organization is not None
    facts, heads = (_F, _M) if narrow else (_R, _R)
    steps = step or Step()
    columns: dict[By, Any] = {
        "measure": facts.measure,
        "step": _whole(steps.offset, facts.day, steps.days) if steps.days > 1 else facts.day,
        "day": facts.day,
        "channel": heads.channel,
        "team": heads.team_id,
        "agent": facts.agent_id,
        "name": facts.name,
        "value": facts.value,
    }
    chosen = [columns[name].label(f"by_{name}") for name in by]
    which = (
        (facts.measure == fixed(int(measures[0])))
        if len(measures) == 1
        else facts.measure.in_([int(m) for m in measures])
    )
    query = sa.select(*chosen, sa.func.sum(facts.n)).where(
        which, facts.day >= where.since, facts.day < where.until, *_conditions(where, heads)
    )
    if narrow:
        query = query.select_from(_narrowed(where))
    rows = unit.execute(query.group_by(*(sa.text(str(n)) for n in range(1, len(by) + 1)))).all()
    place = by.index("step") if "step" in by and steps.days > 1 else None
    return [_row(row, place, steps) for row in rows]


def _whole(offset: int, day: sa.Column[Any], days: int) -> sa.ColumnElement[int]:
    """Which row a day stands in: division of whole numbers on both databases, where a true one would be rounded on PostgreSQL."""
    written = (sa.literal_column(str(number), sa.Integer) for number in (offset, days))
    return (day + next(written)) // next(written)


def _row(row: Any, place: int | None, step: Step) -> tuple[Any, ...]:
    values = list(row)
    values[-1] = int(values[-1] or 0)
    if place is not None:
        values[place] = int(values[place]) * step.days - step.offset
    return tuple(values)


def _conditions(where: Where, heads: Any) -> list[sa.ColumnElement[bool]]:
    found = []
    if where.channel:
        found.append(heads.channel == where.channel)
    if where.team is not None:
        found.append(heads.team_id == where.team)
    if where.tag:
        found.append(_T.tag == where.tag)
    if where.organization is not None:
        found += [_M.organization_id == where.organization, _M.organization_id > fixed(0)]
    return found


def _narrowed(where: Where) -> sa.FromClause:
    """The conversations first, and of each its facts."""
    if not where.tag:
        return measured.join(measured_fact, _F.conversation_id == _M.conversation_id)
    tagged = measured_tag.join(measured, _M.conversation_id == _T.conversation_id)
    return tagged.join(measured_fact, _F.conversation_id == _T.conversation_id)
