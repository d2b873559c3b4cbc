"""How often rules matched: read from an index by rule and instant, so that the cost is that of what is counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from inbox.store.prepared import Prepared
from inbox.store.tables import rule_hit
from inbox.store.unit import Unit

WEEK, MONTH = timedelta(days=7), timedelta(days=30)
MOST = 10_000
"""A rule that matched more often than this in a month has so many; counting ends there."""

_H = rule_hit.c
_MINE = _H.rule == sa.bindparam("rule")
_LAST = Prepared(sa.select(_H.at).where(_MINE).order_by(_H.at.desc()).limit(1))
_SINCE = sa.select(_H.at).where(_MINE, _H.at > sa.bindparam("since", type_=_H.at.type)).limit(MOST).subquery()
_COUNT = Prepared(sa.select(sa.func.count()).select_from(_SINCE))


@dataclass(frozen=True, slots=True)
class Hits:
    """How often a rule matched in the last 7 and 30 days (never more than MOST), and when last; None: it never did."""

    week: int = 0
    month: int = 0
    last: datetime | None = None


def of(unit: Unit, rules: Iterable[str], now: datetime) -> Mapping[str, Hits]:
    """The hits of rules, by name. One look into the index for each, and for those of the last month a count of their rows."""
    return {rule: _of(unit, rule, now) for rule in rules}


def _of(unit: Unit, rule: str, now: datetime) -> Hits:
    found = unit.run(_LAST, rule=rule)
    last: datetime | None = found[0][0] if found else None
    if last is None or last <= now - MONTH:
        return Hits(last=last)
    month = _counted(unit, rule, now - MONTH)
    return Hits(_counted(unit, rule, now - WEEK), month, last)


def _counted(unit: Unit, rule: str, since: datetime) -> int:
    return int(unit.run(_COUNT, rule=rule, since=since)[0][0])
